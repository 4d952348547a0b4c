#include "base/clock.h"

#include "base/err.h"

#include <time.h>

static int64_t system_now_ms(void *state)
{
    (void)state;
    struct timespec now;
    MUST(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct clock clock_system(void)
{
    return (struct clock){system_now_ms, NULL};
}

static int64_t manual_now_ms(void *state)
{
    return *(const int64_t *)state;
}

struct clock clock_manual(int64_t *ms)
{
    return (struct clock){manual_now_ms, ms};
}

void clock_pause_ms(int ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&pause, NULL);
}

int64_t clock_ticks_us(void)
{
    struct timespec now;
    MUST(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct timespec clock_ticks_after(int ms)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}
