#include "synth/run.h"

#include "base/caldate.h"

static void put_officer(struct run *run, struct rng *r, struct officer *o, const char *rank, const char *unit)
{
    o->id = synth_feed_new(&run->feed, MADE_OFFICER);
    o->rank = rank;
    struct name n = synth_name(r, rng_chance(r, 0.3) ? 'F' : 'M', 35);
    struct json_writer *w = synth_line(&run->feed, run->options->from_ms, MADE_OFFICER, o->id, "staff");
    synth_set_text(w, "name", synth_name_text(run->scratch, &n));
    synth_set_word(w, "rank", rank);
    synth_set_word(w, "unit", unit);
    /* In some boroughs a quarter of front-line officers have under two years (inspectorate, 2023). */
    double years = rng_chance(r, 0.25) ? 2 * rng_unit(r) : 2 + rng_exponential(r, 8);
    char day[32];
    caldate_format_day(run->options->from_ms - (int64_t)(years * 365.25) * MS_PER_DAY, day);
    if (rng_chance(r, 0.7)) json_kv_str(w, S("service_start"), (Str){day, 7});
    synth_line_end(&run->feed);
}

static struct officer *put_team(struct run *run, struct rng *r, size_t count, const char *const rank[2],
                                const char *unit)
{
    struct officer *team = NEW_ARRAY(run->keep, struct officer, count);
    for (size_t i = 0; i < count; i++)
        put_officer(run, r, &team[i], rank[rng_chance(r, 0.2)], unit);
    return team;
}

void synth_staff_make(struct run *run)
{
    static const char *const response[] = {"constable", "constable"},
                             *const sergeant[] = {"sergeant", "sergeant"},
                             *const inspector[] = {"inspector", "chief_inspector"},
                             *const detective[] = {"detective_constable", "detective_sergeant"},
                             *const specialist[] = {"detective_constable", "detective_inspector"};
    for (int u = 0; u < UNIT_COUNT; u++) {
        struct rng r = synth_rng(&run->root, CONCERN_STAFF, (uint64_t)u);
        const char *code = synth_unit_code[u];
        const char *team = str_cstr(run->scratch, str_format(run->scratch, "%s-R", code));
        struct watch *w = &run->watch[u];
        w->response = put_team(run, &r, WATCH_RESPONSE, response, team);
        w->supervisor = put_team(run, &r, WATCH_SUPERVISORS, sergeant, team);
        w->inspector = put_team(run, &r, WATCH_INSPECTORS, inspector, team);
        w->detective = put_team(run, &r, WATCH_DETECTIVES, detective, code);
    }
    struct rng r = synth_rng(&run->root, CONCERN_STAFF, UNIT_COUNT);
    run->specialist = put_team(run, &r, SPECIALISTS, specialist, "HOM");
}

const struct officer *synth_staff_detective(struct run *run, struct rng *r, enum police_unit unit)
{
    return &run->watch[unit].detective[synth_pick_skewed(r, WATCH_DETECTIVES, 0.3)];
}

const struct officer *synth_staff_inspector(struct run *run, struct rng *r, enum police_unit unit)
{
    return &run->watch[unit].inspector[synth_pick_skewed(r, WATCH_INSPECTORS, 0.2)];
}

static void attend(struct run *run, RecordId death, const struct officer *o, const char *capacity,
                   int64_t from_ms, int64_t to_ms)
{
    RecordId id = synth_feed_new(&run->feed, MADE_ATTENDANCE);
    struct json_writer *w = synth_line(&run->feed, from_ms, MADE_ATTENDANCE, id, "duty_state");
    synth_set_word(w, "death", death.text);
    synth_set_word(w, "officer", o->id.text);
    synth_set_word(w, "capacity", capacity);
    synth_set_time(w, "from", from_ms);
    if (to_ms > from_ms) synth_set_time(w, "to", to_ms);
    synth_line_end(&run->feed);
}

/* Who came is known when they came: before the report is. A thin report says nothing of it. */
void synth_attendance_write(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_ATTENDANCE, d->planned->number);
    const struct watch *w = &run->watch[synth_unit_of(&d->place)];
    int64_t minute = 60 * MS_PER_SECOND;
    int64_t came = d->reported_ms + rng_between(&r, 4, 35) * minute;
    int64_t left = came + rng_between(&r, 40, 420) * minute;
    if (rng_chance(&r, d->thin ? 0.2 : 0.85))
        attend(run, death, &w->response[synth_pick_skewed(&r, WATCH_RESPONSE, 0.5)], "first_response", came,
               rng_chance(&r, 0.5) ? left : 0);
    if (d->thin) return;
    bool held = d->homicide || str_eq(str_of(d->category), S("unexpected_investigating"));
    if (rng_chance(&r, held ? 0.45 : 0.16))
        attend(run, death, &w->supervisor[synth_pick_skewed(&r, WATCH_SUPERVISORS, 0.3)], "supervisor",
               came + rng_between(&r, 10, 150) * minute, 0);
    if (held && rng_chance(&r, 0.16))
        attend(run, death, synth_staff_inspector(run, &r, synth_unit_of(&d->place)), "duty_inspector",
               came + rng_between(&r, 20, 200) * minute, 0);
    if (rng_chance(&r, d->homicide ? 0.95 : held ? 0.30 : 0.03))
        attend(run, death, synth_staff_detective(run, &r, synth_unit_of(&d->place)), "detective",
               came + rng_between(&r, 20, 200) * minute, 0);
    if (rng_chance(&r, d->homicide ? 0.9 : 0.004))
        attend(run, death, &run->specialist[rng_below(&r, SPECIALISTS)], "specialist_homicide",
               came + rng_between(&r, 60, 400) * minute, 0);
}
