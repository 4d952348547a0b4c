/* What people have decided of links, told to the alarm: what they found to be so is not counted in its price.
 */
#include "app/live_private.h"

#define CASES_BYTES_MAX ((size_t)256 << 20)
#define DECIDED_MOST    24 /* events of a link whose pairs are taken out */

static bool is_linked(const struct teller *t, size_t at, int64_t now_ms, struct arena *a)
{
    struct link_case c;
    struct link_work work;
    link_book_case(t->book, at, a, &c);
    if (c.answers == 0) return false;
    link_work_judge(t->work, &c, now_ms, a, &work);
    return work.stage == STAGE_LINKED || work.stage == STAGE_ACCEPTED;
}

/* The events of a link, the first ones of very many. */
struct decided_link {
    struct record_id *event;
    size_t count;
};

static void keep_ids(struct decided_link *d, const struct link_note *n, struct arena *a)
{
    d->count = n->events < DECIDED_MOST ? n->events : DECIDED_MOST;
    d->event = NEW_ARRAY(a, struct record_id, d->count);
    for (size_t i = 0; i < d->count; i++)
        d->event[i] =
            (struct record_id){str_copy(a, n->event[i].ns), n->event[i].kind, str_copy(a, n->event[i].id)};
}

/* Of a group nobody says that each two belong together: its members leave no price of pairs. */
static size_t decided_links(struct teller *t, int64_t now_ms, struct arena *a, struct decided_link **out)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a case", CASES_BYTES_MAX);
    size_t count = 0;
    *out = NEW_ARRAY(a, struct decided_link, link_book_count(t->book) + 1);
    for (size_t i = 0; i < link_book_count(t->book); i++) {
        const struct link_note *n = link_book_at(t->book, i);
        arena_reset(scratch);
        if (n == NULL || n->merged || link_note_is_group(n) || !is_linked(t, i, now_ms, scratch)) continue;
        keep_ids(&(*out)[count++], n, a);
    }
    return count;
}

static void decided(struct side *s, const struct decided_link *d)
{
    uint32_t member[DECIDED_MOST];
    size_t count = 0;
    for (size_t i = 0; i < d->count; i++) {
        int64_t event = world_find(s->open, &d->event[i]); /* what is restricted is in no price */
        if (event >= 0) member[count++] = (uint32_t)event;
    }
    alarm_decided(s->alarm, member, count);
}

size_t tell_decided(struct teller *t, struct side *s, int64_t now_ms)
{
    struct arena *a CLEANUP_ARENA = arena_new("what was decided", CASES_BYTES_MAX);
    struct decided_link *link;
    pthread_mutex_lock(t->book_lock);
    size_t count = decided_links(t, now_ms, a, &link);
    pthread_mutex_unlock(t->book_lock);
    pthread_mutex_lock(t->world_lock);
    alarm_undecide(s->alarm);
    for (size_t i = 0; i < count; i++)
        decided(s, &link[i]);
    pthread_mutex_unlock(t->world_lock);
    return count;
}
