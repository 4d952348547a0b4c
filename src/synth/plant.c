#include "synth/plant.h"

#include "base/caldate.h"
#include "base/hash.h"

#include <math.h>
#include <stdlib.h>

#define WINDOW_DAYS_MAX 64 /* a death that fits is looked for so far around the wished day */
#define TRIES           60

struct planter {
    struct planting *out;
    struct arena *arena;
    const struct town *town;
    const struct plant_options *options;
    size_t room;
    int64_t first_day, last_day;
};

/* ---- choosing deaths ----------------------------------------------------------------------------------- */

struct wish {
    const struct pattern *pattern;
    char sex;                /* 0: any */
    int age, age_within;     /* age -1: any */
    bool pick, ages;         /* of the plan */
    const struct site *site; /* NULL: at no institution */
};

static bool fits(const struct planter *p, uint32_t row, const struct wish *w)
{
    const struct townsman *m = &p->town->row[row];
    if (p->out->group_of[row] != 0 || m->site != w->site) return false;
    int mechanism = m->known->mechanism >= 0 ? m->known->mechanism : synth_mechanism(S("unknown"));
    if (w->pick && w->pattern->pick != 0 && !(w->pattern->pick & BIT((unsigned)mechanism))) return false;
    if (w->ages && m->known->age >= 0 &&
        (m->known->age < w->pattern->age_low || m->known->age > w->pattern->age_high))
        return false;
    if (w->sex != 0 && m->known->sex != 0 && m->known->sex != w->sex) return false;
    return w->age < 0 || m->known->age < 0 || abs(m->known->age - w->age) <= w->age_within;
}

static uint32_t first_of_day(const struct town *t, int64_t day)
{
    uint32_t low = 0, high = (uint32_t)t->count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (t->row[mid].known->day < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* One of those that fit, as near to the day as there are any; -1 when there is none. */
static int64_t choose_row(const struct planter *p, struct rng *r, int64_t day, const struct wish *w)
{
    for (int64_t span = 2; span <= WINDOW_DAYS_MAX; span *= 2) {
        uint32_t from = first_of_day(p->town, day - span), to = first_of_day(p->town, day + span + 1);
        uint64_t seen = 0;
        int64_t chosen = -1;
        for (uint32_t row = from; row < to; row++)
            if (fits(p, row, w) && rng_below(r, ++seen) == 0) chosen = row;
        if (chosen >= 0) return chosen;
    }
    return -1;
}

static int64_t choose_member(const struct planter *p, struct rng *r, const struct group *g, int64_t day,
                             const struct townsman *first)
{
    const struct pattern *pattern = g->pattern;
    struct wish w = {
        .pattern = pattern, .age = -1, .age_within = (int)pattern->age_within, .pick = true, .ages = true};
    int64_t row = -1;
    if (first != NULL && rng_chance(r, pattern->sex_share)) w.sex = first->known->sex;
    if (first != NULL && rng_chance(r, pattern->age_share)) w.age = first->known->age;
    if (g->site != NULL) { /* somebody of the house, if there is one */
        w.site = g->site;
        row = choose_row(p, r, day, &w);
        w.site = NULL;
    }
    if (row < 0) row = choose_row(p, r, day, &w);
    w.age = -1;
    if (row < 0) row = choose_row(p, r, day, &w);
    w.pick = false;
    if (row < 0) row = choose_row(p, r, day, &w);
    w.sex = 0;
    if (row < 0) row = choose_row(p, r, day, &w);
    w.ages = false; /* the age is then drawn as well */
    return row >= 0 ? row : choose_row(p, r, day, &w);
}

/* ---- days ---------------------------------------------------------------------------------------------- */

static int compare_days(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

/* Days of the members from the first, ascending. */
static void draw_offsets(struct rng *r, const struct pattern *p, int64_t *offset, size_t count)
{
    double at = 0;
    for (size_t i = 0; i < count; i++) {
        if (p->in_window) {
            offset[i] = (int64_t)(rng_unit(r) * (p->days_high + 1));
            continue;
        }
        offset[i] = (int64_t)at;
        at += p->days_low * pow(p->days_high / p->days_low, rng_unit(r));
    }
    qsort(offset, count, sizeof *offset, compare_days);
    for (size_t i = count; i > 0; i--)
        offset[i - 1] -= offset[0];
}

static bool month_fits(const struct pattern *p, int64_t day)
{
    int year, month, date;
    caldate_from_days(day, &year, &month, &date);
    return p->months == 0 || (p->months & BIT((unsigned)month - 1)) != 0;
}

/* The day of the first member; offsets that do not fit into the time of the file are drawn together. */
static int64_t draw_days(const struct planter *p, struct rng *r, const struct pattern *pattern,
                         int64_t *offset, size_t count)
{
    int64_t earliest = p->first_day + (pattern->nature == NATURE_SERIES ? p->options->warm_days : 0);
    if (earliest > p->last_day) earliest = p->first_day;
    int64_t room = p->last_day - earliest;
    for (int i = 0; i < TRIES; i++) {
        draw_offsets(r, pattern, offset, count);
        if (offset[count - 1] <= room) break;
    }
    int64_t span = offset[count - 1];
    for (size_t i = 0; i < count && span > room; i++)
        offset[i] = offset[i] * room / span;
    int64_t day = earliest;
    for (int i = 0; i < TRIES; i++) {
        day = earliest + rng_between(r, 0, room - offset[count - 1]);
        if (month_fits(pattern, day)) break;
    }
    return day;
}

/* ---- a group ------------------------------------------------------------------------------------------- */

static Str contact_value(struct arena *a, struct rng *r, const struct choice *kind, bool common)
{
    Str word = str_of(kind->word[0]);
    if (str_eq(word, S("phone"))) return synth_phone(a, r);
    if (str_eq(word, S("name"))) {
        struct name n = synth_name(r, 'M', 35);
        return synth_name_text(a, &n);
    }
    Str handle = synth_handle(a, r);
    /* what many share is short; what one person uses has something of its own */
    for (int i = 0; !common && i < TRIES && str_find_char(handle, ' ') == STR_NPOS && handle.len < 8; i++)
        handle = synth_handle(a, r);
    return handle;
}

static void draw_habits(struct planter *p, struct group *g, struct rng *r)
{
    for (int k = 0; k < HABIT_COUNT; k++) {
        const struct habit *h = &g->pattern->habit[k];
        double weight[64];
        for (size_t i = 0; i < h->count; i++)
            weight[i] = h->choice[i].weight;
        if (h->count > 0) g->kept[k] = &h->choice[rng_pick(r, weight, h->count)];
    }
    g->person.sex = rng_chance(r, 0.5) ? 'F' : 'M';
    g->person.name = synth_name(r, g->person.sex, 40);
    if (g->kept[HABIT_CONTACT] != NULL)
        g->contact = contact_value(p->arena, r, g->kept[HABIT_CONTACT], g->pattern->nature != NATURE_SERIES);
    if (g->pattern->sayings > 0) g->saying = &g->pattern->saying[rng_below(r, g->pattern->sayings)];
}

static void draw_anchor(struct planter *p, struct group *g, struct rng *r)
{
    if (g->pattern->anchor == ANCHOR_CARE_HOME && p->town->care_homes > 0) {
        g->site = p->town->care_home[rng_below(r, p->town->care_homes)];
        g->anchor = g->site->spot;
    } else if (g->pattern->anchor == ANCHOR_RIVER && p->town->river_m > 0) {
        bool long_way = g->pattern->nature == NATURE_ORDINARY;
        g->river_m = long_way ? 0 : p->town->river_m * 0.9 * rng_unit(r);
        synth_town_river(p->town, g->river_m, &g->anchor.lat, &g->anchor.lon);
        g->anchor.outcode = synth_town_outcode(p->town, g->anchor.lat, g->anchor.lon);
        g->anchor.radius_m = 50;
        synth_town_address(p->town, p->arena, r, &g->anchor);
    }
}

static void anchor_at_first(struct group *g, const struct townsman *first)
{
    const struct known_death *k = first->known;
    g->anchor = (struct spot){.outcode = first->outcode, .lat = k->lat, .lon = k->lon};
    g->anchor.radius_m = k->placed ? 50 : 0;
    g->anchor.address = k->address;
    g->anchor.postcode = k->postcode;
}

static struct group *group_new(struct planter *p, const struct pattern *pattern, struct rng *r)
{
    struct planting *out = p->out;
    ARENA_ROOM(p->arena, out->group, p->room, out->count + 1, 64);
    struct group *g = &out->group[out->count];
    *g = (struct group){.pattern = pattern};
    draw_habits(p, g, r);
    draw_anchor(p, g, r);
    return g;
}

static void join(struct planter *p, struct group *g, int64_t row)
{
    p->out->group_of[row] = (uint32_t)(p->out->count + 1);
    p->out->member_of[row] = (uint32_t)g->count;
    g->member[g->count++] = (uint32_t)row;
}

static int compare_rows(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static void plant_group(struct planter *p, const struct pattern *pattern, struct rng *r)
{
    struct group *g = group_new(p, pattern, r);
    size_t count = (size_t)rng_between(r, pattern->members_low, pattern->members_high);
    int64_t *offset = NEW_ARRAY(p->arena, int64_t, count);
    int64_t day = draw_days(p, r, pattern, offset, count);
    const struct townsman *first = NULL;
    g->member = NEW_ARRAY(p->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        int64_t row = choose_member(p, r, g, day + offset[i], first);
        if (row < 0) continue;
        if (first == NULL) {
            first = &p->town->row[row];
            if (g->anchor.radius_m == 0 && g->site == NULL) anchor_at_first(g, first);
        }
        join(p, g, row);
    }
    if (g->count < (size_t)pattern->members_low) { /* the town is too small for it */
        for (size_t i = 0; i < g->count; i++)
            p->out->group_of[g->member[i]] = 0;
        p->out->missed++;
        return;
    }
    qsort(g->member, g->count, sizeof *g->member, compare_rows);
    for (size_t i = 0; i < g->count; i++)
        p->out->member_of[g->member[i]] = (uint32_t)i;
    p->out->count++;
}

/* Deaths that a file lacks: each a group of one, anywhere in time. */
static void plant_ordinary(struct planter *p, const struct pattern *pattern, struct rng *r)
{
    const struct town *t = p->town;
    size_t there = 0;
    for (size_t i = 0; i < t->count; i++)
        there += p->out->group_of[i] == 0 && str_eq(str_of(synth_setting[t->row[i].setting].word),
                                                    str_of(pattern->habit[HABIT_SETTING].choice[0].word[0]));
    for (; there < (size_t)pattern->count; there++) {
        struct group *g = group_new(p, pattern, r);
        int64_t row = choose_member(p, r, g, rng_between(r, p->first_day, p->last_day), NULL);
        if (row < 0) {
            p->out->missed++;
            return;
        }
        g->member = NEW_ARRAY(p->arena, uint32_t, 1);
        join(p, g, row);
        p->out->count++;
    }
}

static size_t groups_wanted(const struct planter *p, const struct pattern *pattern, struct rng *r)
{
    bool series = pattern->nature == NATURE_SERIES;
    if (series && str_present(p->options->only) && !str_eq(p->options->only, pattern->name)) return 0;
    if (series && p->options->series > 0) return p->options->series;
    double count = pattern->per_1000 ? pattern->count * (double)p->town->count / 1000 : pattern->count;
    return (size_t)count + rng_chance(r, count - floor(count));
}

void synth_plant(struct planting *out, struct arena *a, const struct town *town,
                 const struct pattern *pattern, size_t patterns, const struct plant_options *options,
                 const struct rng *root)
{
    struct planter p = {.out = out, .arena = a, .town = town, .options = options};
    *out = (struct planting){.group_of = NEW_ARRAY(a, uint32_t, town->count + 1),
                             .member_of = NEW_ARRAY(a, uint32_t, town->count + 1)};
    if (town->count == 0) return;
    p.first_day = town->row[0].known->day;
    p.last_day = town->row[town->count - 1].known->day;
    /* series first: they are few, and need their deaths most; what fills up comes last */
    static const enum nature order[] = {NATURE_SERIES, NATURE_BENIGN, NATURE_LOOK_ALIKE, NATURE_ORDINARY};
    for (size_t o = 0; o < COUNT_OF(order); o++)
        for (size_t i = 0; i < patterns; i++) {
            if (pattern[i].nature != order[o]) continue;
            struct rng r = rng_fork(root, hash64_mix(0x706c616e74, hash64(pattern[i].name)));
            if (pattern[i].nature == NATURE_ORDINARY) {
                plant_ordinary(&p, &pattern[i], &r);
                continue;
            }
            size_t wanted = groups_wanted(&p, &pattern[i], &r);
            for (size_t k = 0; k < wanted; k++) {
                struct rng own = rng_fork(&r, k);
                plant_group(&p, &pattern[i], &own);
            }
        }
}
