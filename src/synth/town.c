#include "synth/town.h"

#include "base/caldate.h"
#include "base/hash.h"
#include "base/table.h"

#include <math.h>
#include <stdlib.h>

#define METRES_PER_DEGREE 111195.0
#define INVENTED_HOMES    30 /* care homes, where the file shows fewer than CARE_HOMES_LOW */
#define CARE_HOMES_LOW    12

/* ---- what the file means ----------------------------------------------------------------------------- */

enum cause_kind synth_town_cause(int mechanism, int age, bool suicide)
{
    static const struct {
        const char *word;
        enum cause_kind cause;
    } of[] = {{"overdose", CAUSE_DRUGS},
              {"poisoning", CAUSE_POISON},
              {"hanging", CAUSE_HANGING},
              {"drowning", CAUSE_DROWNING},
              {"strangulation", CAUSE_STRANGLED},
              {"asphyxia", CAUSE_ASPHYXIA},
              {"blunt", CAUSE_BLUNT},
              {"sharp", CAUSE_SHARP},
              {"gunshot", CAUSE_GUNSHOT},
              {"fire", CAUSE_FIRE},
              {"cold_heat", CAUSE_COLD},
              {"road", CAUSE_ROAD},
              {"rail", CAUSE_RAIL},
              {"electrocution", CAUSE_ELECTRIC},
              {"natural", CAUSE_NATURAL},
              {"other", CAUSE_OTHER},
              {"unknown", CAUSE_UNASCERTAINED}};
    Str word = str_of(mechanism < 0 ? "unknown" : synth_mechanism_word[mechanism]);
    if (str_eq(word, S("overdose")) && suicide) return CAUSE_MEDICINES;
    if (str_eq(word, S("natural")) && age >= 0 && age < 2) return CAUSE_INFANT;
    if (str_eq(word, S("fall"))) return age >= 65 && !suicide ? CAUSE_FALL_AT_HOME : CAUSE_FALL_FROM_HEIGHT;
    for (size_t i = 0; i < COUNT_OF(of); i++)
        if (str_eq(word, str_of(of[i].word))) return of[i].cause;
    return CAUSE_UNASCERTAINED;
}

static int by_day(const void *x, const void *y)
{
    const struct townsman *a = x, *b = y;
    if (a->known->day != b->known->day) return a->known->day < b->known->day ? -1 : 1;
    return str_compare(a->known->id, b->known->id);
}

/* ---- districts ---------------------------------------------------------------------------------------- */

static int by_number(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static size_t cell_of(const double *cut, double v)
{
    size_t i = 0;
    while (i < DISTRICT_ROWS - 1 && v > cut[i])
        i++;
    return i;
}

static void districts_make(struct town *t, struct arena *a)
{
    double *lat = NEW_ARRAY(a, double, t->count + 1), *lon = NEW_ARRAY(a, double, t->count + 1);
    size_t n = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct known_death *k = t->row[i].known;
        if (!k->placed) continue;
        lat[n] = k->lat;
        lon[n++] = k->lon;
    }
    t->placed = n > 0;
    if (!t->placed) return;
    qsort(lat, n, sizeof *lat, by_number);
    qsort(lon, n, sizeof *lon, by_number);
    for (size_t i = 0; i < DISTRICT_ROWS - 1; i++) {
        t->lat_cut[i] = lat[n * (i + 1) / DISTRICT_ROWS];
        t->lon_cut[i] = lon[n * (i + 1) / DISTRICT_ROWS];
    }
}

uint16_t synth_town_outcode(const struct town *t, double lat, double lon)
{
    size_t cell = cell_of(t->lat_cut, lat) * DISTRICT_ROWS + cell_of(t->lon_cut, lon);
    return synth_borough[cell % BOROUGH_COUNT].outcode_first;
}

/* ---- institutions ------------------------------------------------------------------------------------- */

struct house {
    uint32_t deaths, old, violent, drugs;
};

static enum site_kind kind_of_house(const struct house *h)
{
    double n = h->deaths;
    if (h->violent > 0.10 * n) return SITE_HOSPITAL;
    if (h->old > 0.55 * n) return SITE_CARE_HOME;
    return h->drugs > 0.35 * n ? SITE_HOSTEL : SITE_HOSPITAL;
}

static enum setting setting_of_site(enum site_kind kind)
{
    return kind == SITE_CARE_HOME ? SETTING_CARE_HOME
           : kind == SITE_HOSTEL  ? SETTING_HOSTEL
                                  : SETTING_HOSPITAL;
}

static struct site *site_new(struct arena *a, struct rng *r, enum site_kind kind, struct spot spot)
{
    const struct site_rule *rule = &synth_site_rule[kind];
    struct site *s = NEW(a, struct site);
    s->kind = kind;
    s->spot = spot;
    s->staff_count = (size_t)rng_between(r, rule->staff_low, rule->staff_high);
    s->staff = NEW_ARRAY(a, struct regular, s->staff_count + 1);
    for (size_t i = 0; i < s->staff_count; i++) {
        s->staff[i].sex = rng_chance(r, 0.7) ? 'F' : 'M';
        s->staff[i].name = synth_name(r, s->staff[i].sex, 40);
    }
    return s;
}

static struct spot spot_of(const struct townsman *m)
{
    const struct known_death *k = m->known;
    struct spot s = {.outcode = m->outcode, .lat = k->lat, .lon = k->lon, .radius_m = k->placed ? 50 : 0};
    s.address = k->address;
    s.postcode = k->postcode;
    return s;
}

static bool is_violent(enum cause_kind c)
{
    return c == CAUSE_GUNSHOT || c == CAUSE_ROAD || c == CAUSE_SHARP || c == CAUSE_FIRE;
}

static struct house *houses_count(struct town *t, struct arena *a)
{
    struct table *number = table_new((size_t)1 << 22);
    struct house *h = NEW_ARRAY(a, struct house, t->count + 1);
    struct arena *scratch = arena_new("addresses", (size_t)256 << 20);
    for (size_t i = 0; i < t->count; i++) {
        struct townsman *m = &t->row[i];
        if (str_empty(m->known->address)) continue;
        m->house = 1 + table_intern(number, str_lower(scratch, m->known->address));
        h[m->house].deaths++;
        h[m->house].old += m->known->age >= 70;
        h[m->house].violent += is_violent(m->cause);
        h[m->house].drugs += m->cause == CAUSE_DRUGS;
    }
    t->in_house = NEW_ARRAY(a, uint32_t, t->count + 1);
    for (size_t i = 0; i <= table_count(number); i++)
        t->in_house[i] = h[i].deaths;
    table_free(number);
    arena_free(scratch);
    return h;
}

static void institutions_make(struct town *t, struct arena *a, const struct house *h, struct rng *r)
{
    struct site **of = NEW_ARRAY(a, struct site *, t->count + 1);
    t->care_home = NEW_ARRAY(a, struct site *, t->count + INVENTED_HOMES + 1);
    for (size_t i = 0; i < t->count; i++) {
        struct townsman *m = &t->row[i];
        if (m->house == 0 || h[m->house].deaths <= HOUSE_DEATHS_MAX) continue;
        if (of[m->house] == NULL) {
            of[m->house] = site_new(a, r, kind_of_house(&h[m->house]), spot_of(m));
            if (of[m->house]->kind == SITE_CARE_HOME) t->care_home[t->care_homes++] = of[m->house];
        }
        m->site = of[m->house];
        m->setting = setting_of_site(m->site->kind);
    }
    if (t->care_homes >= CARE_HOMES_LOW || t->count == 0) return;
    static const char *const name[] = {"House", "Lodge", "Manor", "Care Center", "Nursing Home"};
    for (int i = 0; i < INVENTED_HOMES; i++) {
        struct spot spot = spot_of(&t->row[rng_below(r, t->count)]);
        if (spot.radius_m > 0)
            spot.address = str_format(a, "%.*s %s", STR_ARG(synth_street_name(a, r)),
                                      synth_choose(r, name, COUNT_OF(name)));
        t->care_home[t->care_homes++] = site_new(a, r, SITE_CARE_HOME, spot);
    }
}

/* ---- settings of all the others ------------------------------------------------------------------------ */

static enum setting draw_setting(const struct townsman *m, struct rng *r)
{
    uint16_t weight[SETTING_COUNT];
    uint32_t sum = 0;
    if (m->known->setting != SETTING_COUNT) return m->known->setting;
    for (int i = 0; i < SETTING_COUNT; i++)
        weight[i] = synth_cause[m->cause].setting[i];
    weight[SETTING_CARE_HOME] = weight[SETTING_HOSPITAL] = weight[SETTING_PRISON] = weight[SETTING_HOSTEL] =
        0;
    for (int i = 0; i < SETTING_COUNT; i++)
        sum += weight[i];
    return sum == 0 ? SETTING_UNKNOWN : (enum setting)synth_pick(r, weight, SETTING_COUNT);
}

static void settings_make(struct town *t, const struct rng *root)
{
    for (size_t i = 0; i < t->count; i++) {
        struct townsman *m = &t->row[i];
        if (m->site != NULL) continue;
        /* who dies at one address dies in one kind of place */
        uint64_t label = m->house != 0 ? hash64(m->known->address) : hash64(m->known->id);
        struct rng r = synth_rng(root, CONCERN_SETTING, label);
        m->setting = draw_setting(m, &r);
    }
}

/* ---- the river, and streets ---------------------------------------------------------------------------- */

static void river_make(struct town *t, struct rng *r)
{
    if (!t->placed) return;
    double span_lat = t->lat_cut[DISTRICT_ROWS - 2] - t->lat_cut[0],
           span_lon = t->lon_cut[DISTRICT_ROWS - 2] - t->lon_cut[0];
    double lat = t->lat_cut[0] - 0.3 * span_lat, bend = 2 + 2 * rng_unit(r), phase = 6.28 * rng_unit(r),
           across = t->lon_cut[0] + span_lon * (0.25 + 0.5 * rng_unit(r));
    for (int i = 0; i < RIVER_POINTS; i++) {
        double along = (double)i / (RIVER_POINTS - 1);
        t->river[i][0] = lat + along * 1.6 * span_lat;
        t->river[i][1] = across + 0.22 * span_lon * sin(phase + along * bend * 3.1);
        if (i > 0)
            t->river_m += 1000 * synth_distance_km(t->river[i - 1][0], t->river[i - 1][1], t->river[i][0],
                                                   t->river[i][1]);
    }
}

void synth_town_river(const struct town *t, double metres, double *lat, double *lon)
{
    double along = metres / t->river_m * (RIVER_POINTS - 1);
    if (along < 0) along = 0;
    if (along > RIVER_POINTS - 1) along = RIVER_POINTS - 1;
    int i = along >= RIVER_POINTS - 1 ? RIVER_POINTS - 2 : (int)along;
    double part = along - i;
    *lat = t->river[i][0] + part * (t->river[i + 1][0] - t->river[i][0]);
    *lon = t->river[i][1] + part * (t->river[i + 1][1] - t->river[i][1]);
}

/* "2900 W Oak Ave, Town" is a house; what has no number is not. */
static size_t number_len(Str address)
{
    size_t n = 0;
    while (n < address.len && address.ptr[n] >= '0' && address.ptr[n] <= '9')
        n++;
    return n > 0 && n <= 6 && n < address.len && address.ptr[n] == ' ' ? n : 0;
}

static bool is_house(const struct town *t, const struct townsman *m)
{
    return m->known->placed && m->house != 0 && t->in_house[m->house] <= HOUSE_DEATHS_MAX &&
           number_len(m->known->address) > 0;
}

static void streets_make(struct town *t, struct arena *a)
{
    struct spot *s = NEW_ARRAY(a, struct spot, t->count + 1);
    for (size_t i = 0; i < t->count; i++) {
        if (!is_house(t, &t->row[i])) continue;
        struct spot spot = spot_of(&t->row[i]);
        size_t n = number_len(spot.address);
        spot.address = str_trim(str_slice(spot.address, n, spot.address.len));
        spot.radius_m = 100;
        s[t->streets++] = spot;
    }
    t->street = s;
}

void synth_town_address(const struct town *t, struct arena *a, struct rng *r, struct spot *spot)
{
    const struct spot *best = NULL;
    double best_m = INFINITY, shrink = cos(spot->lat * 3.14159265 / 180);
    for (size_t i = 0; i < t->streets; i++) {
        double y = t->street[i].lat - spot->lat, x = (t->street[i].lon - spot->lon) * shrink;
        double m = x * x + y * y;
        if (m >= best_m) continue;
        best_m = m;
        best = &t->street[i];
    }
    spot->address = STR_NONE;
    if (best == NULL || sqrt(best_m) * METRES_PER_DEGREE > 3000) return;
    spot->address = str_format(a, "%u %.*s", 100 + (unsigned)rng_below(r, 4900), STR_ARG(best->address));
    spot->postcode = best->postcode;
}

void synth_town_make(struct town *t, struct arena *a, const struct known_death *known, size_t count,
                     const struct rng *root)
{
    *t = (struct town){.row = NEW_ARRAY(a, struct townsman, count + 1), .count = count};
    for (size_t i = 0; i < count; i++) {
        t->row[i].known = &known[i];
        t->row[i].cause = synth_town_cause(known[i].mechanism, known[i].age, known[i].suicide);
    }
    if (count > 0) qsort(t->row, count, sizeof *t->row, by_day);
    districts_make(t, a);
    for (size_t i = 0; i < count; i++) {
        const struct known_death *k = t->row[i].known;
        t->row[i].outcode = k->placed ? synth_town_outcode(t, k->lat, k->lon)
                                      : synth_borough[hash64(k->id) % BOROUGH_COUNT].outcode_first;
    }
    struct rng r = synth_rng(root, CONCERN_SITES, 7);
    const struct house *house = houses_count(t, a);
    institutions_make(t, a, house, &r);
    settings_make(t, root);
    river_make(t, &r);
    streets_make(t, a);
}
