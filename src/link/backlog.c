#include "link/backlog.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct backlog {
    struct waiting_alert *waiting;
    size_t count, room, a_day, out_today;
    int64_t today;
};

struct backlog *backlog_new(size_t a_day)
{
    struct backlog *b = alloc_zero(1, sizeof *b);
    b->a_day = a_day;
    b->today = INT64_MIN;
    return b;
}

void backlog_free(struct backlog *b)
{
    if (b == NULL) return;
    alloc_free(b->waiting);
    alloc_free(b);
}

void backlog_cleanup(struct backlog **b)
{
    backlog_free(*b);
}

/* Does x come out before y? */
static int compare_waiting(const void *x, const void *y)
{
    const struct waiting_alert *p = x, *q = y;
    if (p->value != q->value) return p->value > q->value ? -1 : 1;
    if (p->since_ms != q->since_ms) return p->since_ms > q->since_ms ? -1 : 1;
    return p->id < q->id ? -1 : p->id > q->id;
}

bool backlog_put(struct backlog *b, struct waiting_alert w)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->waiting[i].id != w.id) continue;
        if (w.value < b->waiting[i].value) w.value = b->waiting[i].value;
        b->waiting[i] = w;
        return false;
    }
    b->waiting = alloc_room(b->waiting, &b->room, b->count, sizeof *b->waiting);
    b->waiting[b->count++] = w;
    return true;
}

size_t backlog_waiting(const struct backlog *b)
{
    return b->count;
}

bool backlog_take(struct backlog *b, int64_t day, struct waiting_alert *out)
{
    if (day != b->today) {
        b->today = day;
        b->out_today = 0;
    }
    if (b->count == 0 || b->out_today >= b->a_day) return false;
    size_t best = 0;
    for (size_t i = 1; i < b->count; i++)
        if (compare_waiting(&b->waiting[i], &b->waiting[best]) < 0) best = i;
    *out = b->waiting[best];
    b->waiting[best] = b->waiting[--b->count];
    b->out_today++;
    return true;
}

bool backlog_drop(struct backlog *b, uint64_t id)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->waiting[i].id != id) continue;
        b->waiting[i] = b->waiting[--b->count];
        return true;
    }
    return false;
}

size_t backlog_list(const struct backlog *b, struct arena *a, struct waiting_alert **out)
{
    *out = NEW_ARRAY(a, struct waiting_alert, b->count + 1);
    if (b->count > 0) memcpy(*out, b->waiting, b->count * sizeof **out);
    qsort(*out, b->count, sizeof **out, compare_waiting);
    return b->count;
}

double backlog_value(int score_db, size_t members, double years_since)
{
    return score_db / 10.0 + (members > 2 ? (double)(members - 2) : 0) - years_since / 10;
}
