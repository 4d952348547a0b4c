#include "app/case_links.h"

#include "base/caldate.h"
#include "base/find.h"
#include "compare/place.h"
#include "model/kinds.h"

#include <math.h>
#include <stdlib.h>

enum { NEAREST = 20, SHARES_MAX = 32 };
#define SHARED_PLACE_M 300.0
#define NEAR_DEGREES   (NEAR_RADIUS_M / 110000) /* of latitude, a little more than the radius anywhere */

/* ---- links ------------------------------------------------------------------------------------------ */

static void share_add(struct case_share *share, size_t *count, const struct case_share *one)
{
    for (size_t i = 0; i < *count; i++)
        if (str_eq(share[i].word, one->word) && str_eq(share[i].value, one->value)) return;
    if (*count < SHARES_MAX) share[(*count)++] = *one;
}

static struct record_id person_of(const struct record_id *via)
{
    if (via->kind == KIND_PERSON) return *via;
    return (struct record_id){STR_NONE, KIND_PERSON, STR_NONE};
}

/* Only what counts for the link: a value that half the town shares is no tie. `turned`: the death is the
 * second of the pair. */
static size_t shares_read(const struct pair_evidence *pair, bool turned, struct arena *a,
                          struct case_share **out, double *distance_m)
{
    struct case_share *share = NEW_ARRAY(a, struct case_share, SHARES_MAX);
    size_t count = 0;
    for (size_t i = 0; i < pair->count; i++) {
        const struct reason *r = &pair->reason[i];
        struct case_share one = {.word = STR_NONE, .value = STR_NONE};
        one.here = person_of(turned ? &r->via_b : &r->via_a);
        one.there = person_of(turned ? &r->via_a : &r->via_b);
        if (r->feature == FEATURE_PLACE && number_present(r->measure)) *distance_m = r->measure;
        if (r->verdict != SAME || r->weight_db <= 0) continue;
        if (r->feature == FEATURE_ADDRESS || (r->feature == FEATURE_PLACE && r->measure <= SHARED_PLACE_M)) {
            one.word = S("place");
        } else if (r->feature == FEATURE_IDENTIFIER) {
            one.word = r->identifier_type;
            one.value = r->value;
        }
        if (str_present(one.word)) share_add(share, &count, &one);
    }
    *out = share;
    return count;
}

static bool in_one_series(const struct series_book *book, uint32_t x, uint32_t y)
{
    uint32_t series = book ? series_of(book, x) : 0;
    return series != 0 && series == series_of(book, y);
}

static void links_read(struct world *w, uint32_t event, const struct case_links_options *o, struct arena *a,
                       struct case_context *out)
{
    struct hit *hit = NULL;
    size_t hits = world_nearest(w, event, NEAREST, a, &hit);
    struct case_link *link = NEW_ARRAY(a, struct case_link, hits + 1);
    size_t links = 0;
    for (size_t i = 0; i < hits; i++) {
        struct pair_evidence pair;
        struct case_link *l = &link[links];
        struct case_share *share = NULL;
        const struct record_id *id = world_event_id(w, event), *other = world_event_id(w, hit[i].event);
        world_pair(w, a, event, hit[i].event, &pair);
        l->other = *other;
        l->distance_m = (double)NAN;
        l->shares = shares_read(&pair, !record_id_eq(&pair.a, id), a, &share, &l->distance_m);
        l->share = share;
        l->since_ms = pair.known_a_ms > pair.known_b_ms ? pair.known_a_ms : pair.known_b_ms;
        l->weight = hit[i].score_db / 10.0;
        l->strong = !pair.same_event_likely &&
                    (hit[i].score_db >= o->threshold_db || in_one_series(o->book, event, hit[i].event));
        if (l->strong || l->shares > 0) links++;
    }
    out->link = link;
    out->links = links;
}

/* ---- earlier deaths near by ------------------------------------------------------------------------- */

static void same_add(struct str_list *list, Str word, Str x, Str y)
{
    bool silent = str_empty(x) || str_eq(x, S("unknown")) || str_eq(x, S("U"));
    if (!silent && str_eq(x, y)) list->item[list->count++] = word;
}

static struct str_list same_of(struct arena *a, const struct case_place *x, const struct case_place *y)
{
    struct str_list list = {NEW_ARRAY(a, Str, 4), 0};
    same_add(&list, S("mechanism"), x->mechanism, y->mechanism);
    same_add(&list, S("setting"), x->setting, y->setting);
    same_add(&list, S("access"), x->access, y->access);
    same_add(&list, S("sex"), x->sex, y->sex);
    return list;
}

void case_places_read(const struct world *w, struct arena *a, struct case_places *out)
{
    struct case_places all = {.item = NEW_ARRAY(a, struct case_place, world_event_count(w) + 1)};
    for (uint32_t i = 0; i < world_event_count(w); i++) {
        if (world_event_id(w, i)->kind != KIND_DEATH) continue;
        const struct death *d = world_event_record(w, i)->data;
        if (!d->place.present) continue;
        all.item[all.count++] = (struct case_place){.event = i,
                                                    .lat = d->place.lat,
                                                    .lon = d->place.lon,
                                                    .known_ms = world_event_known_ms(w, i),
                                                    .mechanism = str_copy(a, d->mechanism),
                                                    .setting = str_copy(a, d->setting),
                                                    .access = str_copy(a, d->access),
                                                    .sex = str_copy(a, d->sex)};
    }
    *out = all;
}

static const struct case_place *place_of(const struct case_places *places, uint32_t event)
{
    size_t at = find_first(places->item, places->count, sizeof *places->item, event);
    return at < places->count && places->item[at].event == event ? &places->item[at] : NULL;
}

static void nears_read(const struct world *w, const struct case_places *places, uint32_t event,
                       struct arena *a, struct case_context *out)
{
    const struct case_place *here = place_of(places, event);
    struct case_near *near = NULL;
    size_t count = 0, room = 0;
    for (size_t i = 0; here && i < places->count; i++) {
        const struct case_place *there = &places->item[i];
        double days = (double)(here->known_ms - there->known_ms) / (double)MS_PER_DAY;
        if (there == here || days < 0 || days > NEAR_DAYS) continue;
        if (fabs(here->lat - there->lat) > NEAR_DEGREES) continue; /* most are: spares the distance */
        double metres = place_distance_flat_m(here->lat, here->lon, there->lat, there->lon);
        if (!(metres <= NEAR_RADIUS_M)) continue;
        ARENA_ROOM(a, near, room, count + 1, 8);
        near[count++] = (struct case_near){.other = *world_event_id(w, there->event),
                                           .since_ms = here->known_ms,
                                           .distance_m = metres,
                                           .gap_days = days,
                                           .same = same_of(a, here, there)};
    }
    out->near = near;
    out->nears = count;
}

enum status case_links_read(struct world *w, const struct case_places *places, const struct record_id *death,
                            const struct case_links_options *o, struct arena *a, struct case_context *out,
                            struct err *e)
{
    int64_t event = world_find(w, death);
    if (event < 0)
        return ERR(e, E_NOT_FOUND, "death", "%.*s is no death that was known then", STR_ARG(death->id));
    links_read(w, (uint32_t)event, o, a, out);
    nears_read(w, places, (uint32_t)event, a, out);
    return OK;
}
