#include "app/stage.h"

#include "app/feed_lines.h"
#include "base/alloc.h"
#include "base/caldate.h"

#include <pthread.h>

#define FEEDS_BYTES_MAX ((size_t)8 << 30)
#define BLOCK_LINES     2000

struct stage {
    struct arena *arena;
    struct feed_lines lines;
    size_t next; /* the first line that has not come in */
    struct clock real;
    int64_t shown_ms, since_ms; /* the clock showed this at that real moment */
    pthread_mutex_t mutex, moving;
};

static int64_t stage_now(void *state)
{
    struct stage *s = state;
    pthread_mutex_lock(&s->mutex);
    int64_t ms = s->shown_ms + clock_now_ms(&s->real) - s->since_ms;
    pthread_mutex_unlock(&s->mutex);
    return ms;
}

struct clock stage_clock(struct stage *s)
{
    return (struct clock){stage_now, s};
}

enum status stage_new(const struct policy *policy, const char *const *feed, size_t count, int64_t begin_ms,
                      struct stage **out, struct err *e)
{
    struct stage *s = alloc_zero(1, sizeof *s);
    s->arena = arena_new("the feeds of a demonstration", FEEDS_BYTES_MAX);
    s->real = clock_system();
    s->shown_ms = begin_ms;
    s->since_ms = clock_now_ms(&s->real);
    pthread_mutex_init(&s->mutex, NULL);
    pthread_mutex_init(&s->moving, NULL);
    enum status status = feed_lines_read(s->arena, policy, feed, count, &s->lines, e);
    if (status == OK && s->lines.refused > 0)
        status = ERR(e, E_INVALID, "", "%.*s", STR_ARG(s->lines.complaint));
    if (status != OK) {
        stage_free(s);
        return status;
    }
    *out = s;
    return OK;
}

void stage_free(struct stage *s)
{
    if (s == NULL) return;
    arena_free(s->arena);
    pthread_mutex_destroy(&s->mutex);
    pthread_mutex_destroy(&s->moving);
    alloc_free(s);
}

static void clock_set(struct stage *s, int64_t to_ms)
{
    pthread_mutex_lock(&s->mutex);
    s->shown_ms = to_ms;
    s->since_ms = clock_now_ms(&s->real);
    pthread_mutex_unlock(&s->mutex);
}

static enum status lines_append(struct stage *s, struct store *store, const struct actor *actor,
                                int64_t to_ms, size_t *lines, struct err *e)
{
    struct receipt receipt;
    while (s->next < s->lines.count && s->lines.line[s->next].known_at_ms <= to_ms) {
        size_t n = 0;
        while (n < BLOCK_LINES && s->next + n < s->lines.count &&
               s->lines.line[s->next + n].known_at_ms <= to_ms)
            n++;
        TRY(store_append(store, actor, 0, s->lines.line + s->next, n, NULL, NULL, &receipt, e));
        s->next += n;
        *lines += n;
    }
    return OK;
}

enum status stage_move(struct stage *s, struct store *store, const struct actor *actor, int64_t to_ms,
                       size_t *lines, struct err *e)
{
    char now[48];
    *lines = 0;
    pthread_mutex_lock(&s->moving);
    int64_t now_ms = stage_now(s);
    enum status status = OK;
    if (to_ms < now_ms) {
        caldate_words(now_ms, now);
        status = ERR(e, E_INVALID, "to",
                     "the clock of the demonstration only moves forward; it stands at %s.", now);
    } else {
        clock_set(s, to_ms);
        status = lines_append(s, store, actor, to_ms, lines, e);
    }
    pthread_mutex_unlock(&s->moving);
    return status;
}
