/* Earlier deaths near a place: what somebody who reports a death is told at once. */
#include "app/live_private.h"

#include "base/caldate.h"
#include "compare/place.h"
#include "model/kinds.h"

#include <stdlib.h>

struct nearing {
    struct live *l;
    const struct live_near_ask *ask;
    struct arena *a;
    int64_t now_ms;
    struct live_near *near;
    size_t count, room;
};

static void same_add(struct str_list *list, Str word, Str given, Str there)
{
    bool silent = str_empty(given) || str_eq(given, S("unknown")) || str_eq(given, S("U"));
    if (!silent && str_eq(given, there)) list->item[list->count++] = word;
}

static void near_take(struct nearing *n, const struct world *w, const struct case_place *p)
{
    const struct live_near_ask *ask = n->ask;
    int64_t days = caldate_day_of(n->now_ms) - caldate_day_of(p->known_ms);
    if (days < 0 || days > ask->days) return;
    double metres = place_distance_flat_m(ask->lat, ask->lon, p->lat, p->lon);
    if (!(metres <= ask->radius_m)) return;
    const struct record_id *id = world_event_id(w, p->event);
    if (ask->may_see != NULL && !ask->may_see(ask->state, id)) return;
    ARENA_ROOM(n->a, n->near, n->room, n->count + 1, 16);
    struct live_near *one = &n->near[n->count++];
    *one = (struct live_near){.id = {str_copy(n->a, id->ns), id->kind, str_copy(n->a, id->id)},
                              .distance_m = metres,
                              .days_ago = days,
                              .same = {NEW_ARRAY(n->a, Str, 4), 0}};
    same_add(&one->same, S("mechanism"), ask->mechanism, p->mechanism);
    same_add(&one->same, S("setting"), ask->setting, p->setting);
    same_add(&one->same, S("access"), ask->access, p->access);
    same_add(&one->same, S("sex"), ask->sex, p->sex);
}

static enum status near_ask(void *state, const struct live_view *view, struct err *e)
{
    struct nearing *n = state;
    (void)e;
    for (size_t i = 0; i < view->places->count; i++)
        near_take(n, view->world, &view->places->item[i]);
    return OK;
}

static int compare_near(const void *x, const void *y)
{
    const struct live_near *a = x, *b = y;
    if (a->distance_m < b->distance_m || a->distance_m > b->distance_m)
        return a->distance_m < b->distance_m ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

enum status live_near(struct live *l, const struct live_near_ask *ask, struct arena *a,
                      struct live_near **out, size_t *count, size_t *all, struct err *e)
{
    struct nearing n = {.l = l, .ask = ask, .a = a, .now_ms = live_now_ms(l)};
    TRY(live_with(l, ask->side, near_ask, &n, e));
    if (n.count > 0) qsort(n.near, n.count, sizeof *n.near, compare_near);
    *out = n.near;
    *all = n.count;
    *count = ask->most > 0 && n.count > ask->most ? ask->most : n.count;
    return OK;
}
