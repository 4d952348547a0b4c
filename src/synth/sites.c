#include "synth/sites.h"

const struct site_rule synth_site_rule[SITE_KIND_COUNT] = {
    [SITE_HOSTEL] =
        {"hostel", 46, .40, 3, 6, true, 12,
         "hostels: a dozen deaths a year at the busiest, overdoses among them, found by the same staff"},
    [SITE_CARE_HOME] = {"care home", 280, .50, 4, 8, false, 15,
                        "care homes: many natural deaths in bed, found by the same carers"},
    [SITE_HOSPITAL] = {"hospital", 26, .30, 12, 20, false, 60, "hospitals: one address, many deaths"},
    [SITE_PRISON] = {"prison", 8, .20, 6, 10, false, 60, "prisons: hangings and overdoses in cells"},
    [SITE_HOTEL] = {"hotel", 130, .30, 2, 4, true, 15,
                    "hotels: overdoses in rooms of strangers to the place"},
    [SITE_STATION] = {"station", 90, .50, 2, 4, false, 40, "stations: repeated deaths on the line"},
    [SITE_BRIDGE] = {"bridge", 14, .40, 0, 0, true, 120, "bridges: repeated falls and drownings"},
    [SITE_HIGH_PLACE] = {"high place", 12, .40, 1, 2, false, 25, "car parks and towers: repeated falls"},
    [SITE_PARK] = {"park", 60, .60, 2, 3, false, 150, "parks, the first of them busy with rough sleepers"},
    [SITE_CHURCHYARD] = {"churchyard", 40, .50, 1, 2, false, 25,
                         "churchyards, the first with a corner where rough sleepers die"},
    [SITE_PUB] = {"pub", 160, .20, 1, 3, false, 12, "pubs and clubs"},
};

static const uint16_t pool_size[POOL_KIND_COUNT] = {
    [POOL_PARAMEDIC] = 160,
    [POOL_WARDEN] = 3 * BOROUGH_COUNT,
    [POOL_DOCTOR] = 24 * BOROUGH_COUNT,
    [POOL_PATHOLOGIST] = 24,
};

/* Points along the tidal river from west to east: geography, rounded to about 100 m. Bridges bear invented
 * names, so that no real place is shown as one where people die. */
static const double river[14][2] = {
    {51.4600, -0.3070}, {51.4870, -0.2880}, {51.4880, -0.2300}, {51.4670, -0.2130}, {51.4730, -0.1800},
    {51.4820, -0.1720}, {51.4870, -0.1270}, {51.5010, -0.1220}, {51.5090, -0.1170}, {51.5080, -0.0880},
    {51.5050, -0.0750}, {51.5040, -0.0480}, {51.4860, -0.0120}, {51.4960, 0.0620},
};

/* Inner boroughs, where hostels and hotels cluster: Westminster, Camden, Lambeth, Southwark, Tower Hamlets.
 */
static const uint16_t inner[] = {32, 5, 21, 27, 29};

static Str site_address(struct arena *a, struct rng *r, enum site_kind kind, uint16_t outcode)
{
    static const char *const saint[] = {"St Oswin's",     "St Brannoc's", "St Hild's",  "All Saints'",
                                        "St Cedd's",      "St Neot's",    "Holy Cross", "St Wite's",
                                        "St Erkenwald's", "St Osyth's"};
    static const char *const sign[] = {"Wheatsheaf",  "Blue Anchor", "Jolly Weaver", "Crown and Plough",
                                       "Lamplighter", "Old Ferry",   "Red Kite",     "Three Coopers"};
    static const char *const care[] = {"House", "Lodge", "Grange", "Court Care Home", "Nursing Home"};
    const char *locality = synth_outcode[outcode].locality;
    Str street = synth_street_name(a, r);
    unsigned number = 1 + (unsigned)rng_below(r, 160);
    size_t cut = str_find_char(street, ' ');
    Str word = str_slice(street, 0, cut);
    switch (kind) {
    case SITE_HOSTEL:
        return str_format(a, "%.*s Hostel, %u %.*s, %s", STR_ARG(word), number, STR_ARG(street), locality);
    case SITE_CARE_HOME:
        return str_format(a, "%.*s %s, %u %.*s, %s", STR_ARG(word), care[number % COUNT_OF(care)], number,
                          STR_ARG(street), locality);
    case SITE_HOSPITAL:
        return str_format(a, "%.*s Hospital, %s", STR_ARG(word), locality);
    case SITE_PRISON:
        return str_format(a, "HMP %.*s, %s", STR_ARG(word), locality);
    case SITE_HOTEL:
        return str_format(a, "%.*s Hotel, %u %.*s, %s", STR_ARG(word), number, STR_ARG(street), locality);
    case SITE_STATION:
        return str_format(a, "%.*s %s, %s", STR_ARG(street),
                          rng_chance(r, .6) ? "station" : "Underground station", locality);
    case SITE_BRIDGE:
        return str_format(a, "%.*s Bridge, %s", STR_ARG(word), locality);
    case SITE_HIGH_PLACE:
        return str_format(a, "%.*s %s, %.*s, %s", STR_ARG(word), rng_chance(r, .5) ? "car park" : "Tower",
                          STR_ARG(street), locality);
    case SITE_PARK:
        return str_format(a, "%.*s %s, %s", STR_ARG(word), rng_chance(r, .6) ? "Park" : "Common", locality);
    case SITE_CHURCHYARD:
        return str_format(a, "%s churchyard, %.*s, %s", synth_choose(r, saint, COUNT_OF(saint)),
                          STR_ARG(street), locality);
    case SITE_PUB:
        return str_format(a, "The %s, %u %.*s, %s", synth_choose(r, sign, COUNT_OF(sign)), number,
                          STR_ARG(street), locality);
    case SITE_KIND_COUNT:
        break;
    }
    BUG("no such kind of site: %d", (int)kind);
}

static struct regular regular_draw(struct rng *r)
{
    struct regular p = {.sex = rng_chance(r, 0.5) ? 'F' : 'M'};
    p.name = synth_name(r, p.sex, 40);
    return p;
}

static void site_make(struct site *s, struct arena *a, struct rng *r, enum site_kind kind, size_t index)
{
    const struct site_rule *rule = &synth_site_rule[kind];
    s->kind = kind;
    if (kind == SITE_BRIDGE) {
        s->spot.lat = river[index][0];
        s->spot.lon = river[index][1];
        s->spot.outcode = synth_outcode_nearest(s->spot.lat, s->spot.lon);
    } else {
        bool central = rule->central && rng_chance(r, 0.6);
        s->spot.outcode =
            central ? synth_outcode_in(r, inner[rng_below(r, COUNT_OF(inner))]) : synth_outcode_draw(r);
        const struct outcode *o = &synth_outcode[s->spot.outcode];
        synth_scatter(r, o->lat, o->lon, o->spread_km, &s->spot.lat, &s->spot.lon);
    }
    s->spot.address = site_address(a, r, kind, s->spot.outcode);
    s->staff_count = (size_t)rng_between(r, rule->staff_low, rule->staff_high);
    s->staff = NEW_ARRAY(a, struct regular, s->staff_count + 1);
    for (size_t i = 0; i < s->staff_count; i++)
        s->staff[i] = regular_draw(r);
}

void synth_sites_make(struct sites *sites, struct arena *a, const struct rng *root)
{
    for (int kind = 0; kind < SITE_KIND_COUNT; kind++) {
        sites->site[kind] = NEW_ARRAY(a, struct site, synth_site_rule[kind].count);
        for (size_t i = 0; i < synth_site_rule[kind].count; i++) {
            struct rng r = synth_rng(root, CONCERN_SITES, (uint64_t)kind * 1000 + i);
            site_make(&sites->site[kind][i], a, &r, (enum site_kind)kind, i);
        }
    }
    for (int pool = 0; pool < POOL_KIND_COUNT; pool++) {
        struct rng r = synth_rng(root, CONCERN_SITES, 100000 + (uint64_t)pool);
        sites->pool[pool] = NEW_ARRAY(a, struct regular, pool_size[pool]);
        for (size_t i = 0; i < pool_size[pool]; i++)
            sites->pool[pool][i] = regular_draw(&r);
    }
}

/* Which kind of site a death in a setting falls to, SITE_KIND_COUNT for none. */
static enum site_kind kind_for(struct rng *r, enum setting setting, enum cause_kind cause)
{
    static const struct {
        enum setting setting;
        enum site_kind kind;
        double share;
    } at[] = {
        {SETTING_HOSTEL, SITE_HOSTEL, 1.0},         {SETTING_CARE_HOME, SITE_CARE_HOME, 1.0},
        {SETTING_HOSPITAL, SITE_HOSPITAL, 1.0},     {SETTING_PRISON, SITE_PRISON, 1.0},
        {SETTING_HOTEL, SITE_HOTEL, 1.0},           {SETTING_RAIL, SITE_STATION, 0.75},
        {SETTING_WATER, SITE_BRIDGE, 0.45},         {SETTING_PARK, SITE_PARK, 0.85},
        {SETTING_CHURCHYARD, SITE_CHURCHYARD, 1.0}, {SETTING_LICENSED, SITE_PUB, 1.0},
    };
    if (setting == SETTING_STREET && cause == CAUSE_FALL_FROM_HEIGHT)
        return rng_chance(r, 0.35) ? SITE_HIGH_PLACE : SITE_KIND_COUNT;
    for (size_t i = 0; i < COUNT_OF(at); i++)
        if (at[i].setting == setting) return rng_chance(r, at[i].share) ? at[i].kind : SITE_KIND_COUNT;
    return SITE_KIND_COUNT;
}

struct site *synth_site_draw(struct sites *sites, struct rng *r, enum setting setting, enum cause_kind cause,
                             bool rough_sleeper)
{
    enum site_kind kind = kind_for(r, setting, cause);
    if (kind == SITE_KIND_COUNT) return NULL;
    if (rough_sleeper && (kind == SITE_PARK || kind == SITE_CHURCHYARD) && rng_chance(r, BUSY_CORNER_SHARE))
        return &sites->site[kind][0];
    return &sites->site[kind][synth_pick_skewed(r, synth_site_rule[kind].count, synth_site_rule[kind].skew)];
}

struct spot synth_site_spot(struct arena *a, struct rng *r, const struct site *site)
{
    static const char *const part[] = {"by the gate",        "near the pond",        "by the bandstand",
                                       "off the main path",  "by the tennis courts", "on a bench",
                                       "in the rose garden", "near the cafe"};
    static const char *const corner[] = {"by the porch", "behind the hall", "corner by the wall",
                                         "on a bench"};
    struct spot s = site->spot;
    synth_scatter(r, s.lat, s.lon, synth_site_rule[site->kind].scatter_m / 1000.0, &s.lat, &s.lon);
    s.radius_m = (int)rng_between(r, 2, site->kind == SITE_PARK || site->kind == SITE_BRIDGE ? 20 : 8) * 10;
    if (site->kind == SITE_HOSTEL || site->kind == SITE_HOTEL)
        s.address = str_format(a, "Room %u, %.*s", 1 + (unsigned)rng_below(r, 60), STR_ARG(s.address));
    else if (site->kind == SITE_PARK && rng_chance(r, 0.5))
        s.address = str_format(a, "%.*s, %s", STR_ARG(s.address), synth_choose(r, part, COUNT_OF(part)));
    else if (site->kind == SITE_CHURCHYARD && rng_chance(r, 0.6))
        s.address = str_format(a, "%.*s, %s", STR_ARG(s.address), synth_choose(r, corner, COUNT_OF(corner)));
    return s;
}

struct regular *synth_pool_draw(struct sites *sites, struct rng *r, enum pool_kind pool, uint16_t borough)
{
    size_t each = pool_size[pool];
    if (pool == POOL_WARDEN || pool == POOL_DOCTOR) {
        each /= BOROUGH_COUNT;
        return &sites->pool[pool][borough * each + synth_pick_skewed(r, each, 0.3)];
    }
    return &sites->pool[pool][synth_pick_skewed(r, each, 0.3)];
}
