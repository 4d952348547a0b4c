#include "synth/geography.h"

#include "base/hash.h"

#include <math.h>

#define KM_PER_DEGREE       111.2
#define STREETS_PER_OUTCODE 110

static const char *const stem[] = {
    "Marlow",     "Alder",     "Tennant", "Quarry",     "Lowther",   "Penrose",  "Harkness",  "Fennel",
    "Castell",    "Brindle",   "Osier",   "Wexcombe",   "Thirlby",   "Maythorn", "Cotswain",  "Ardley",
    "Bellwether", "Kestrel",   "Sorrel",  "Haldane",    "Pemberly",  "Ravensby", "Tolland",   "Vintry",
    "Wickery",    "Yarrow",    "Ashlar",  "Barleycorn", "Cobden",    "Draper",   "Ellery",    "Farrier",
    "Gantry",     "Hollin",    "Inskip",  "Juniper",    "Kelling",   "Larkhill", "Mercer",    "Netherby",
    "Orchard",    "Paxton",    "Quillet", "Rushmore",   "Saltram",   "Tarrant",  "Ullswater", "Verity",
    "Wharfside",  "Yeoman",    "Almond",  "Bracken",    "Cinder",    "Dunmore",  "Elmstead",  "Foxley",
    "Garnet",     "Hazelmere", "Ivory",   "Jessop",     "Kingsmere", "Lindal",   "Mossway",   "Northcote",
    "Oakhurst",   "Pargeter",  "Redfern", "Stanmere",   "Turnstile", "Upwood",   "Vale",      "Wainscot",
    "Albion",     "Beacon",    "Canning", "Delamere",   "Eastmoor",  "Furlong",  "Granary",   "Heron",
    "Ironbark",   "Jasmine",   "Knoll",   "Linnet",     "Malting",   "Newbury",  "Oldfield",  "Plover",
    "Rookery",    "Spindle",   "Thistle", "Underhill",  "Viaduct",   "Willow",   "Corbel",    "Arkwright",
    "Bramble",    "Chandler",  "Dorrit",  "Evergreen",
};
static const char *const kind_of_way[] = {"Road",    "Road",     "Road",    "Street", "Street", "Avenue",
                                          "Close",   "Lane",     "Gardens", "Way",    "Grove",  "Court Road",
                                          "Terrace", "Crescent", "Walk",    "Drive",  "Place",  "Rise"};
static const char *const house[] = {"House", "Court", "Point", "Heights", "Lodge", "Mansions"};

double synth_distance_km(double lat_a, double lon_a, double lat_b, double lon_b)
{
    double north = (lat_a - lat_b) * KM_PER_DEGREE;
    double east = (lon_a - lon_b) * KM_PER_DEGREE * cos(51.5 * 3.14159265358979 / 180.0);
    return sqrt(north * north + east * east);
}

void synth_scatter(struct rng *r, double lat, double lon, double sd_km, double *out_lat, double *out_lon)
{
    double north = rng_normal(r, 0, sd_km), east = rng_normal(r, 0, sd_km);
    *out_lat = lat + north / KM_PER_DEGREE;
    *out_lon = lon + east / (KM_PER_DEGREE * cos(lat * 3.14159265358979 / 180.0));
}

uint16_t synth_outcode_in(struct rng *r, uint16_t borough)
{
    const struct borough *b = &synth_borough[borough];
    return (uint16_t)(b->outcode_first + rng_below(r, b->outcode_count));
}

uint16_t synth_outcode_draw(struct rng *r)
{
    uint16_t people[BOROUGH_COUNT];
    for (size_t i = 0; i < BOROUGH_COUNT; i++)
        people[i] = synth_borough[i].people_thousands;
    return synth_outcode_in(r, (uint16_t)synth_pick(r, people, BOROUGH_COUNT));
}

uint16_t synth_outcode_near(struct rng *r, uint16_t outcode, double km)
{
    const struct outcode *from = &synth_outcode[outcode];
    uint16_t near[OUTCODE_COUNT];
    size_t count = 0;
    for (uint16_t i = 0; i < OUTCODE_COUNT; i++) {
        const struct outcode *o = &synth_outcode[i];
        if (i != outcode && synth_distance_km(from->lat, from->lon, o->lat, o->lon) <= km) near[count++] = i;
    }
    return count == 0 ? outcode : near[rng_below(r, count)];
}

uint16_t synth_outcode_nearest(double lat, double lon)
{
    uint16_t best = 0;
    double best_km = 1e9;
    for (uint16_t i = 0; i < OUTCODE_COUNT; i++) {
        double km = synth_distance_km(lat, lon, synth_outcode[i].lat, synth_outcode[i].lon);
        if (km < best_km) {
            best_km = km;
            best = i;
        }
    }
    return best;
}

/* The number-th street of a district: its name and middle follow from the two numbers alone. */
static struct spot street_of(struct arena *a, uint16_t outcode, uint64_t number)
{
    const struct outcode *o = &synth_outcode[outcode];
    struct rng r;
    rng_seed(&r, hash64_mix(0x5354524545545331u + outcode, number));
    struct spot s = {.outcode = outcode};
    s.address = str_format(a, "%s %s", synth_choose(&r, stem, COUNT_OF(stem)),
                           synth_choose(&r, kind_of_way, COUNT_OF(kind_of_way)));
    synth_scatter(&r, o->lat, o->lon, o->spread_km, &s.lat, &s.lon);
    return s;
}

Str synth_street_name(struct arena *a, struct rng *r)
{
    return str_format(a, "%s %s", synth_choose(r, stem, COUNT_OF(stem)),
                      synth_choose(r, kind_of_way, COUNT_OF(kind_of_way)));
}

Str synth_postcode(const struct spot *s)
{
    return str_present(s->postcode) ? s->postcode : str_of(synth_outcode[s->outcode].code);
}

struct spot synth_home(struct arena *a, struct rng *r, uint16_t outcode, bool shared)
{
    struct spot s = street_of(a, outcode, rng_below(r, STREETS_PER_OUTCODE));
    Str street = s.address;
    unsigned number = 1 + (unsigned)rng_below(r, 140);
    unsigned flat = (unsigned)rng_below(r, 60) + 1;
    const char *locality = synth_outcode[outcode].locality;
    double kind = rng_unit(r);
    if (shared)
        s.address = str_format(a, "Room %u, %u %.*s, %s", 1 + flat % 9, number, STR_ARG(street), locality);
    else if (kind < 0.48)
        s.address = str_format(a, "%u %.*s, %s", number, STR_ARG(street), locality);
    else if (kind < 0.78)
        s.address = str_format(a, "Flat %u, %u %.*s, %s", 1 + flat % 12, number, STR_ARG(street), locality);
    else
        s.address =
            str_format(a, "Flat %u, %s %s, %.*s, %s", flat, stem[(number * 7 + outcode) % COUNT_OF(stem)],
                       house[number % COUNT_OF(house)], STR_ARG(street), locality);
    /* Where along the street the house stands follows from its number. */
    struct rng along;
    rng_seed(&along, hash64_mix(hash64(street), number + 1000u * outcode));
    synth_scatter(&along, s.lat, s.lon, 0.12, &s.lat, &s.lon);
    s.radius_m = (int)rng_between(r, 2, 8) * 10;
    return s;
}

struct spot synth_street(struct arena *a, struct rng *r, uint16_t outcode)
{
    struct spot s = street_of(a, outcode, rng_below(r, STREETS_PER_OUTCODE));
    s.address = str_format(a, "%.*s, %s", STR_ARG(s.address), synth_outcode[outcode].locality);
    synth_scatter(r, s.lat, s.lon, 0.1, &s.lat, &s.lon);
    s.radius_m = (int)rng_between(r, 3, 20) * 10;
    return s;
}
