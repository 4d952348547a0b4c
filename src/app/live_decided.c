/* What people have decided of links, told to the alarm: what they found to be so is not counted in its price.
 */
#include "app/live_private.h"

#define CASES_BYTES_MAX ((size_t)256 << 20)

static bool is_linked(const struct teller *t, size_t at, int64_t now_ms, struct arena *a)
{
    struct link_case c;
    struct link_work work;
    link_book_case(t->book, at, a, &c);
    if (c.answers == 0) return false;
    link_work_judge(t->work, &c, now_ms, a, &work);
    return work.stage == STAGE_LINKED || work.stage == STAGE_ACCEPTED;
}

static void decided(struct side *s, const struct link_note *n, struct arena *a)
{
    uint32_t *member = NEW_ARRAY(a, uint32_t, n->events + 1);
    size_t count = 0;
    for (size_t i = 0; i < n->events; i++) {
        int64_t event = world_find(s->open, &n->event[i]); /* what is restricted is in no price */
        if (event >= 0) member[count++] = (uint32_t)event;
    }
    alarm_decided(s->alarm, member, count);
}

size_t tell_decided(struct teller *t, struct side *s, int64_t now_ms)
{
    struct arena *a CLEANUP_ARENA = arena_new("what was decided", CASES_BYTES_MAX);
    size_t linked = 0;
    pthread_mutex_lock(t->book_lock);
    pthread_mutex_lock(t->world_lock);
    alarm_undecide(s->alarm);
    for (size_t i = 0; i < link_book_count(t->book); i++) {
        const struct link_note *n = link_book_at(t->book, i);
        arena_reset(a);
        if (n == NULL || n->merged || !is_linked(t, i, now_ms, a)) continue;
        decided(s, n, a);
        linked++;
    }
    pthread_mutex_unlock(t->world_lock);
    pthread_mutex_unlock(t->book_lock);
    return linked;
}
