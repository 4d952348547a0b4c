/* One run of the generator: what its parts share. */
#ifndef SYNTH_RUN_H
#define SYNTH_RUN_H

#include "synth/dossier.h"
#include "synth/feed.h"

struct officer {
    RecordId id;
    const char *rank;
};

/* The people of one unit by what they do at a death. */
struct watch {
    struct officer *response, *supervisor, *inspector, *detective;
};
#define WATCH_RESPONSE    64
#define WATCH_SUPERVISORS 14
#define WATCH_INSPECTORS  6
#define WATCH_DETECTIVES  14
#define SPECIALISTS       24

struct run {
    const struct synth_options *options;
    struct rng root;
    struct arena *keep;    /* for the whole run */
    struct arena *scratch; /* for one death or one incident */
    struct plan plan;
    struct sites sites;
    struct watch watch[UNIT_COUNT];
    struct officer *specialist;
    struct feed feed;
    struct buf text; /* narratives */
    uint32_t refs[UNIT_COUNT];
    const struct spot *elsewhere; /* streets of the town, where it is not London */
    size_t elsewhere_count;
};

/* Nothing about a death is on record earlier than this before it was found (missing reports, thefts). */
#define LEAD_DAYS 30

/* staff.c: officers (their lines are known from the start) and who attended. */
void synth_staff_make(struct run *run);
void synth_attendance_write(struct run *run, const struct dossier *d, RecordId death);
const struct officer *synth_staff_detective(struct run *run, struct rng *r, enum police_unit unit);
const struct officer *synth_staff_inspector(struct run *run, struct rng *r, enum police_unit unit);

/* report.c: a death with everything that came with its first report. Returns its id. */
RecordId synth_report_write(struct run *run, struct dossier *d);
/* The same death as the ambulance service's own feed gives it. */
void synth_report_twin(struct run *run, const struct dossier *d, RecordId death);
enum police_unit synth_unit_of(const struct spot *spot);

/* beside.c: what lay beside it: the call, a missing report, telephones and handles. Called before the
 * report is written (it may take the telephone away) and after. */
struct beside {
    Str phone; /* the dead person's number, when on record */
};
struct beside synth_beside_before(struct run *run, struct dossier *d, RecordId death);
void synth_beside_write(struct run *run, const struct dossier *d, const struct beside *b, RecordId death);

/* followup.c: what became known later. */
void synth_followup_write(struct run *run, const struct dossier *d, RecordId death);

/* A street somewhere in town. */
struct spot synth_run_street(struct run *run, struct rng *r);

/* incidents.c: the incidents of one day that have to do with no death. */
void synth_incidents_day(struct run *run, int64_t day);

/* records.c: single records. Each returns the id of a new record. */
struct person_facts {
    Str name;
    char sex;
    int64_t born_day; /* 0: not known */
    int dob_parts;    /* 1 year, 2 month, 3 day */
    Str address;      /* STR_NONE: not known */
    Str note;
};
RecordId synth_put_person(struct run *run, int64_t known_ms, const char *source,
                          const struct person_facts *p);
/* The record of somebody met again and again, written when first met: not before at_ms. */
RecordId synth_put_regular(struct run *run, int64_t at_ms, struct regular *p);
RecordId synth_put_involvement(struct run *run, int64_t known_ms, const char *source, RecordId event,
                               RecordId person, const char *role);
RecordId synth_put_identifier(struct run *run, int64_t known_ms, const char *source, const char *type,
                              Str value, RecordId holder, const char *role);
struct incident_facts {
    const char *type;
    int64_t from_ms, to_ms;
    const struct spot *spot; /* NULL: no place */
    Str narrative;
    const char *substance; /* NULL: none */
};
RecordId synth_put_incident(struct run *run, int64_t known_ms, const char *source,
                            const struct incident_facts *i);
void synth_set_born(struct json_writer *w, int64_t born_day, int parts);

#endif
