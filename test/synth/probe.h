/* Runs the generator and keeps what the tests ask about: one small record a death, in arrays. */
#ifndef TEST_SYNTH_PROBE_H
#define TEST_SYNTH_PROBE_H

#include "base/json.h"
#include "base/table.h"
#include "synth/synth.h"

struct seen_death {
    Str id, sex, setting, mechanism, unit, address, finder; /* finder: the person's id */
    int64_t known_ms, found_ms;
    double lat, lon;
    double age;
    struct str_list substances; /* the laboratory's, else the report's */
    bool toxicology;
    bool twin; /* the ambulance service's report */
};

struct seen_phone {
    Str digits; /* without the country's prefix and blanks */
    Str holder;
    Str role;
};

struct probe {
    struct arena *arena;
    struct table *ids;           /* id -> known_at of its first line */
    struct table *by_id;         /* death id -> place in death */
    struct table *refs;          /* "field id" -> earliest known_at of a line that names it */
    struct table *incident_type; /* incident id -> interned type */
    struct table *words;
    struct seen_death *death;
    size_t death_count, death_room;
    struct seen_phone *phone;
    size_t phone_count, phone_room;
    Str *truth;
    size_t truth_count, truth_room;
    size_t line_count;
    int64_t last_known_ms;
    bool out_of_order;
    uint64_t digest;
};

/* Runs; every failure of the generator or of reading a line fails the test. */
void probe_run(struct probe *p, const char *from, const char *to, double per_day, uint64_t seed);
void probe_done(struct probe *p);

/* Only the digest of all lines and of the truth. */
uint64_t probe_digest(const char *from, const char *to, double per_day, uint64_t seed);
struct synth_options probe_options(const char *from, const char *to, double per_day, uint64_t seed);
const struct seen_death *probe_death(const struct probe *p, Str id); /* NULL when there is none */

#endif
