#include "app/near.h"

#include "app/words.h"
#include "base/alloc.h"
#include "base/caldate.h"
#include "compare/place.h"
#include "link/explain.h"
#include "model/kinds.h"

#include <math.h>
#include <stdlib.h>

#define ALIKE_MAX         8
#define METRES_PER_DEGREE 111194.9 /* of latitude: EARTH_RADIUS_M x pi / 180 */
#define WORDS_BYTES_MAX   ((size_t)1 << 14)

/* A death in reach, before the best are chosen. */
struct reach {
    uint32_t death;
    enum sight_level sight;
    double distance_m, rank_m;
    int64_t when_ms;
    const struct record_id *id;
};

static bool holds(const struct str_list *l, Str code)
{
    for (size_t i = 0; i < l->count; i++)
        if (str_eq(l->item[i], code)) return true;
    return false;
}

static size_t shared(const struct str_list *a, const struct str_list *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        count += holds(b, a->item[i]);
    return count;
}

/* A code that says something. */
static bool same_code(Str a, Str b)
{
    return !str_empty(a) && str_eq(a, b) && !str_eq(a, S("unknown")) && !str_eq(a, S("other"));
}

/* Other codes of one group: "seated" and "seated and propped up". */
static bool same_group(const struct vocabulary *v, Str a, Str b)
{
    Str group = str_empty(a) || str_empty(b) || str_eq(a, b) ? STR_NONE : vocabulary_group(v, a);
    return !str_empty(group) && str_eq(group, vocabulary_group(v, b));
}

static size_t alike_count(const struct policy *p, const struct near_query *q, const struct roll_death *d)
{
    return (size_t)(same_code(q->setting, d->setting) + same_code(q->posture, d->posture) +
                    same_code(q->mechanism, d->mechanism) + same_group(p->settings, q->setting, d->setting) +
                    same_group(p->postures, q->posture, d->posture)) +
           shared(&q->substance, &d->substance) + shared(&q->absent, &d->absent);
}

/* In words; codes by their labels. */
static void alike_add(struct near_death *n, Str words)
{
    if (n->alike.count < ALIKE_MAX) n->alike.item[n->alike.count++] = words;
}

static void alike_code(const struct policy *p, struct arena *a, int field, Str code, Str other,
                       const char *before, struct near_death *n)
{
    if (!same_code(code, other)) return;
    Str words = words_code(a, p, kind_of(KIND_DEATH), field, code);
    alike_add(n, str_format(a, "%s%.*s", before, STR_ARG(words)));
}

/* The other's is told, for it is the one that is not on the screen. */
static void alike_group(const struct policy *p, struct arena *a, const struct vocabulary *v, int field,
                        Str code, Str other, const char *before, struct near_death *n)
{
    if (!same_group(v, code, other)) return;
    alike_add(n,
              str_format(a, "%s%.*s", before, STR_ARG(words_code(a, p, kind_of(KIND_DEATH), field, other))));
}

static void alike_tell(const struct policy *p, const struct near_query *q, const struct roll_death *d,
                       struct arena *a, struct near_death *n)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    n->alike.item = NEW_ARRAY(a, Str, ALIKE_MAX);
    for (size_t i = 0; i < q->substance.count; i++)
        if (holds(&d->substance, q->substance.item[i]))
            alike_code(p, a, death_field_substances, q->substance.item[i], q->substance.item[i],
                       "same drug: ", n);
    for (size_t i = 0; i < q->absent.count; i++)
        if (holds(&d->absent, q->absent.item[i]))
            alike_add(n, str_format(a, "no %.*s",
                                    STR_ARG(words_code(a, p, kind, death_field_absent, q->absent.item[i]))));
    alike_code(p, a, death_field_posture, q->posture, d->posture, "", n);
    alike_group(p, a, p->postures, death_field_posture, q->posture, d->posture, "position alike: ", n);
    alike_code(p, a, death_field_mechanism, q->mechanism, d->mechanism, "", n);
    alike_code(p, a, death_field_setting, q->setting, d->setting, "same kind of place: ", n);
    alike_group(p, a, p->settings, death_field_setting, q->setting, d->setting, "place alike: ", n);
}

/* ---- finding ---------------------------------------------------------------------------------------- */

/* By the cheapest test first. */
static bool in_reach(const struct near_query *q, const struct roll_death *d, double *distance_m)
{
    int64_t span_ms = q->days * MS_PER_DAY;
    if (d->gone || !d->place.present || d->when_ms == INT64_MIN) return false;
    if (fabs(d->place.lat - q->place.lat) * METRES_PER_DEGREE > q->radius_m + 1) return false;
    if (d->when_ms > q->now_ms + MS_PER_DAY || d->when_ms < q->now_ms - span_ms) return false;
    if (q->itself != NULL && record_id_eq(q->itself, &d->id)) return false;
    *distance_m = place_distance_m(q->place.lat, q->place.lon, d->place.lat, d->place.lon);
    return *distance_m <= q->radius_m;
}

static int reach_order(const void *left, const void *right)
{
    const struct reach *a = left, *b = right;
    if (a->rank_m != b->rank_m) return a->rank_m < b->rank_m ? -1 : 1;
    if (a->when_ms != b->when_ms) return a->when_ms > b->when_ms ? -1 : 1;
    return record_id_compare(a->id, b->id);
}

void near_find(const struct roll *r, const struct sight *sight, const struct policy *policy,
               const struct near_query *query, struct arena *a, struct near_answer *out)
{
    struct near_query q = *query;
    struct reach *found = NULL;
    size_t count = 0, room = 0;
    double distance_m = 0;
    *out = (struct near_answer){0};
    if (q.radius_m <= 0) q.radius_m = NEAR_HINT_RADIUS_M;
    if (q.days <= 0) q.days = NEAR_HINT_DAYS;
    if (q.most == 0) q.most = NEAR_HINT_MOST;
    if (!q.place.present) return;
    for (uint32_t i = 0; i < roll_count(r); i++) {
        const struct roll_death *d = roll_death(r, i);
        if (!in_reach(&q, d, &distance_m)) continue;
        enum sight_level level = sight_of_death(sight, d);
        if (level == SIGHT_NONE) continue;
        ARENA_ROOM(a, found, room, count + 1, 16);
        found[count++] = (struct reach){.death = i,
                                        .sight = level,
                                        .distance_m = distance_m,
                                        .rank_m = distance_m - NEAR_HINT_ALIKE_WORTH_M *
                                                                   (double)alike_count(policy, &q, d),
                                        .when_ms = d->when_ms,
                                        .id = &d->id};
    }
    if (count > 1) qsort(found, count, sizeof *found, reach_order);
    out->all = count;
    out->count = count < q.most ? count : q.most;
    out->item = NEW_ARRAY(a, struct near_death, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        int64_t ago_ms = q.now_ms - found[i].when_ms;
        out->item[i] = (struct near_death){.death = found[i].death,
                                           .sight = found[i].sight,
                                           .distance_m = found[i].distance_m,
                                           .days_ago = ago_ms > 0 ? ago_ms / MS_PER_DAY : 0};
        alike_tell(policy, &q, roll_death(r, found[i].death), a, &out->item[i]);
    }
}

/* ---- words ------------------------------------------------------------------------------------------ */

Str near_words(struct arena *a, const struct near_death *n)
{
    struct buf words CLEANUP_BUF;
    buf_init(&words, WORDS_BYTES_MAX);
    explain_metres(&words, n->distance_m);
    buf_add_cstr(&words, " away, ");
    if (n->days_ago == 0)
        buf_add_cstr(&words, "today");
    else if (n->days_ago == 1)
        buf_add_cstr(&words, "1 day ago");
    else
        buf_addf(&words, "%lld days ago", (long long)n->days_ago);
    for (size_t i = 0; i < n->alike.count; i++)
        buf_addf(&words, ", %.*s", STR_ARG(n->alike.item[i]));
    return str_copy(a, buf_str(&words));
}

Str near_count_words(struct arena *a, const struct near_query *q, const struct near_answer *n)
{
    int days = q->days > 0 ? q->days : NEAR_HINT_DAYS;
    double radius_m = q->radius_m > 0 ? q->radius_m : NEAR_HINT_RADIUS_M;
    struct buf words CLEANUP_BUF;
    buf_init(&words, WORDS_BYTES_MAX);
    if (n->all == 0)
        buf_add_cstr(&words, "No earlier death");
    else if (n->all == 1)
        buf_add_cstr(&words, "1 earlier death");
    else
        buf_addf(&words, "%zu earlier deaths", n->all);
    buf_addf(&words, " within %.0f m in the last %d months", radius_m, days * 12 / 365);
    if (n->all > n->count)
        buf_addf(&words, "; the %zu nearest and most alike are shown, %zu more %s not", n->count,
                 n->all - n->count, n->all - n->count == 1 ? "is" : "are");
    buf_add_char(&words, '.');
    return str_copy(a, buf_str(&words));
}
