#include "app/back_records.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/table.h"
#include "link/backlog.h"

#include <string.h>

#define KEPT_MAX       ((size_t)1 << 24)
#define DAYS_A_YEAR    365.25
#define PAIR_BY_ITSELF (UINT64_C(1) << 63) /* in no series: numbered by its events */

struct kept {
    struct alert alert;
    uint32_t pair[2]; /* the members of a pair by itself */
};

struct back_records {
    struct backlog *queue;
    struct table *place; /* id -> index of what was kept + 1 */
    struct kept *kept;
    size_t count, room;
    int64_t last_ms; /* the newest alert kept: age is counted from it */
};

struct back_records *back_records_new(size_t a_day)
{
    struct back_records *b = alloc_zero(1, sizeof *b);
    b->queue = backlog_new(a_day);
    b->place = table_new(KEPT_MAX);
    return b;
}

void back_records_free(struct back_records *b)
{
    if (b == NULL) return;
    backlog_free(b->queue);
    table_free(b->place);
    alloc_free(b->kept);
    alloc_free(b);
}

static uint64_t id_of(const struct alert *al)
{
    if (al->series != 0) return al->series;
    return PAIR_BY_ITSELF | (uint64_t)al->member[0] << 32 | al->member[1];
}

void back_records_keep(struct back_records *b, const struct alert *al, int64_t now_ms)
{
    bool fresh;
    uint64_t id = id_of(al), *at = table_at_number(b->place, id, &fresh);
    if (fresh) {
        b->kept = alloc_room(b->kept, &b->room, b->count, sizeof *b->kept);
        *at = ++b->count;
    }
    struct kept *k = &b->kept[*at - 1];
    *k = (struct kept){.alert = *al};
    k->alert.member = NULL;
    if (al->series == 0) memcpy(k->pair, al->member, sizeof k->pair);
    /* Lines come in the order of time, so the years since count the same for all that wait: by the date
     * itself. */
    double years = -(double)now_ms / (double)MS_PER_DAY / DAYS_A_YEAR;
    (void)backlog_put(b->queue,
                      (struct waiting_alert){.id = id,
                                             .value = backlog_value(al->score_db, al->member_count, years),
                                             .since_ms = now_ms,
                                             .event = (uint32_t)(*at - 1)});
}

void back_records_told(struct back_records *b, const struct alert *al)
{
    (void)backlog_drop(b->queue, id_of(al));
}

bool back_records_take(struct back_records *b, const struct alarm *alarm, int64_t day, struct arena *a,
                       struct alert *out)
{
    struct waiting_alert w;
    const uint32_t *member;
    do {
        if (!backlog_take(b->queue, day, &w)) return false;
        struct kept *k = &b->kept[w.event];
        *out = k->alert;
        member = k->pair;
        if (out->series != 0) out->member_count = series_members(alarm_book(alarm), out->series, &member);
    } while (out->member_count < 2); /* its members went into another series, which has its own alert */
    uint32_t *copy = NEW_ARRAY(a, uint32_t, out->member_count);
    memcpy(copy, member, out->member_count * sizeof *copy);
    out->member = copy;
    return true;
}

size_t back_records_waiting(const struct back_records *b)
{
    return backlog_waiting(b->queue);
}
