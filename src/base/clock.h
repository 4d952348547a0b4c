/* What time it is: a seam, so that replay and tests bring their own.
 * All times are milliseconds UTC since 1970, int64. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

struct clock {
    int64_t (*now_ms)(void *state);
    void *state;
};

struct clock clock_system(void);
/* A clock that stands at *ms until the owner moves it. */
struct clock clock_manual(int64_t *ms);
static inline int64_t clock_now_ms(const struct clock *c)
{
    return c->now_ms(c->state);
}
/* Monotone, for durations only; the origin means nothing. */
int64_t clock_ticks_us(void);
/* Lets others go on for so long. */
void clock_pause_ms(int ms);
/* A moment from now on the same clock (CLOCK_MONOTONIC): until when to wait. */
struct timespec clock_ticks_after(int ms);

#endif
