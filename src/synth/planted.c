#include "synth/planted.h"

#include "synth/company.h"
#include "synth/narrative.h"

#include "base/caldate.h"
#include "base/hash.h"

#include <stdio.h>

#define KEEP_BYTES_MAX      ((size_t)2 << 30)
#define SCRATCH_BYTES_MAX   ((size_t)64 << 20)
#define TEXT_BYTES_MAX      16384
#define JOINT_DAYS          3    /* two who die in one dwelling within so many days died together */
#define JOINT_KM            0.15 /* or within a day, so near, by the same means */
#define NUMBER_STEP         16
#define DISTRICT_HOME_TRIES 20

struct writing {
    struct run run;
    struct town town;
    struct planting planting;
    struct company company;
    const struct pattern *dressing;
    const struct planted_options *options;
    struct planted *out;
    RecordId *death; /* of each row */
    int64_t *known_ms;
};

/* ---- one death ----------------------------------------------------------------------------------------- */

/* Where somebody lives who died elsewhere: a street of the town, most often near. */
static struct spot home_of(const struct writing *w, struct rng *r, const struct townsman *m)
{
    const struct town *t = &w->town;
    struct spot s = {.outcode = m->outcode};
    if (t->streets == 0) return s;
    s = t->street[rng_below(r, t->streets)];
    for (int i = 0; i < DISTRICT_HOME_TRIES && s.outcode != m->outcode && rng_chance(r, 0.9); i++)
        s = t->street[rng_below(r, t->streets)];
    s.address = str_format(w->run.scratch, "%u %.*s", 100 + (unsigned)rng_below(r, 4900), STR_ARG(s.address));
    return s;
}

static struct spot place_of(const struct townsman *m)
{
    const struct known_death *k = m->known;
    struct spot s = {.outcode = m->outcode, .lat = k->lat, .lon = k->lon, .radius_m = k->placed ? 50 : 0};
    s.address = k->address;
    s.postcode = k->postcode;
    return s;
}

static Str remark_of(struct writing *w, struct group *g, const struct rng *own, const struct given *given)
{
    struct buf *text = &w->run.text;
    struct rng r = rng_fork(own, 200);
    const struct saying *own_saying = g != NULL ? g->saying : NULL;
    double told = given->thin ? 0.4 : 1;
    char sex = given->sex == 'F' ? 'F' : 'M';
    buf_clear(text);
    if (own_saying != NULL && rng_chance(&r, own_saying->share * told))
        synth_remark_write(text, own_saying->phrase, &r, sex);
    for (size_t i = 0; i < w->dressing->sayings; i++) {
        if (!rng_chance(&r, w->dressing->saying[i].share * told)) continue;
        if (text->len > 0) buf_add_cstr(text, ". ");
        synth_remark_write(text, w->dressing->saying[i].phrase, &r, sex);
    }
    return text->len > 0 ? str_copy(w->run.scratch, buf_str(text)) : STR_NONE;
}

static void give(struct writing *w, uint32_t row, struct group *g, const struct rng *own, struct given *given,
                 enum cause_kind *cause)
{
    const struct townsman *m = &w->town.row[row];
    struct rng r = rng_fork(own, 2);
    *given = (struct given){.sex = m->known->sex,
                            .age = m->known->age,
                            .setting = m->setting,
                            .site = m->site,
                            .place = place_of(m),
                            .found = m->known->found,
                            .homicide = m->known->homicide};
    given->home = home_of(w, &r, m);
    *cause = m->cause;
    given->thin = rng_chance(&r, w->dressing->thin);
    double low = w->dressing->thorough_low, high = w->dressing->thorough_high;
    given->thoroughness = low + (high - low) * rng_unit(&r);
    if (given->thin) given->thoroughness *= 0.15;
    if (given->sex == 0) given->sex = rng_chance(&r, synth_cause[*cause].men) ? 'M' : 'F';
    if (g != NULL)
        synth_member_given(&w->town, g, w->planting.member_of[row], own, w->run.scratch, given, cause);
    given->remark = remark_of(w, g, own, given);
}

static int64_t found_at(const struct group *g, const struct rng *own, int64_t day, enum cause_kind cause)
{
    static const struct {
        const char *word;
        int64_t hour;
    } part[] = {{"night", 0}, {"morning", 6}, {"afternoon", 12}, {"evening", 18}};
    struct rng r = rng_fork(own, 3);
    int64_t at = synth_moment_in(&r, day, synth_cause[cause].day);
    if (g == NULL || !synth_member_follows(g, own, HABIT_DAYPART)) return at;
    for (size_t i = 0; i < COUNT_OF(part); i++)
        if (str_eq(str_of(part[i].word), str_of(g->kept[HABIT_DAYPART]->word[0]))) {
            int64_t local = day * MS_PER_DAY + part[i].hour * MS_PER_HOUR +
                            rng_between(&r, 0, 6 * 60 - 1) * 60 * MS_PER_SECOND;
            return local - synth_london_offset_ms(local);
        }
    return at;
}

static void realise(struct writing *w, uint32_t row)
{
    struct run *run = &w->run;
    uint32_t number = w->planting.group_of[row];
    struct group *g = number > 0 ? &w->planting.group[number - 1] : NULL;
    const struct townsman *m = &w->town.row[row];
    struct rng own = synth_rng(&run->root, CONCERN_PLAN, hash64(m->known->id));
    struct given given;
    enum cause_kind cause;
    struct dossier d;
    give(w, row, g, &own, &given, &cause);
    struct rng twins = rng_fork(&own, 4);
    struct planned planned = {.given = &given,
                              .number = ((uint64_t)row + 1) * NUMBER_STEP,
                              .cause = cause,
                              .rule = g == NULL && rng_chance(&twins, TWINS_PER_THOUSAND / 1000) ? RULE_TWIN
                                                                                                 : RULE_NONE,
                              .found_ms = found_at(g, &own, m->known->day, cause)};
    synth_dossier_draw(&d, run->scratch, &run->root, &run->plan, &planned, &run->sites);
    if (g != NULL) {
        synth_member_scene(g, &own, &d);
        synth_company_before(g, &own, &d);
    }
    RecordId death = synth_report_write(run, &d);
    if (planned.rule == RULE_TWIN) synth_report_twin(run, &d, death);
    synth_company_write(run, &w->company, g, &own, &d, death);
    w->death[row] = death;
    w->known_ms[row] = d.known_ms;
}

/* ---- the truth ----------------------------------------------------------------------------------------- */

static RecordId group_name(char prefix, size_t number)
{
    RecordId id;
    MUST(number < 1000000000);
    (void)snprintf(id.text, sizeof id.text, "%c%u", prefix, (unsigned)number % 1000000000u);
    return id;
}

static void tell_groups(struct writing *w)
{
    struct planted *out = w->out;
    for (size_t i = 0; i < w->planting.count; i++) {
        const struct group *g = &w->planting.group[i];
        out->group[i] = (struct planted_group){g->pattern->name, g->pattern->nature, g->count};
        out->in_series += g->pattern->nature == NATURE_SERIES ? g->count : 0;
        if (g->pattern->nature == NATURE_ORDINARY) continue;
        for (size_t k = 0; k < g->count; k++)
            synth_truth_add(&w->run.feed, group_name('P', i + 1), synth_nature_word[g->pattern->nature],
                            w->death[g->member[k]], MADE_DEATH, w->known_ms[g->member[k]]);
    }
}

/* One dwelling within days, or a few steps and a day apart by the same means: two who died of one thing. */
static bool joint(const struct townsman *x, const struct townsman *y)
{
    const struct known_death *a = x->known, *b = y->known;
    if (x->site != NULL || y->site != NULL) return false;
    if (x->house != 0 && x->house == y->house) return true;
    return b->day - a->day <= 1 && x->cause == y->cause && a->placed && b->placed &&
           synth_distance_km(a->lat, a->lon, b->lat, b->lon) <= JOINT_KM;
}

/* Pairs that the file itself shows. Nobody planted them, and an alert on them is no false one. */
static void tell_joint(struct writing *w)
{
    const struct town *t = &w->town;
    for (uint32_t i = 0; i < t->count; i++) {
        const struct townsman *x = &t->row[i];
        if (w->planting.group_of[i] != 0) continue;
        for (uint32_t j = i + 1; j < t->count && t->row[j].known->day - x->known->day <= JOINT_DAYS; j++) {
            if (w->planting.group_of[j] != 0 || !joint(x, &t->row[j])) continue;
            RecordId id = group_name('H', ++w->out->joint);
            synth_truth_add(&w->run.feed, id, "benign", w->death[i], MADE_DEATH, w->known_ms[i]);
            synth_truth_add(&w->run.feed, id, "benign", w->death[j], MADE_DEATH, w->known_ms[j]);
        }
    }
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static enum status write_all(struct writing *w, struct err *e)
{
    struct run *run = &w->run;
    for (uint32_t row = 0; row < w->town.count; row++) {
        realise(w, row);
        arena_reset(run->scratch);
        int64_t day = w->town.row[row].known->day;
        if (row + 1 == w->town.count || w->town.row[row + 1].known->day != day)
            TRY(synth_feed_flush(&run->feed, (day - LEAD_DAYS) * MS_PER_DAY, e));
    }
    TRY(synth_feed_flush(&run->feed, run->feed.until_ms, e));
    tell_groups(w);
    tell_joint(w);
    return synth_feed_truth(&run->feed, e);
}

static const struct pattern *find_dressing(const struct pattern *pattern, size_t patterns)
{
    for (size_t i = 0; i < patterns; i++)
        if (pattern[i].nature == NATURE_DRESSING) return &pattern[i];
    return NULL;
}

enum status synth_planted_write(const struct known_death *known, size_t count, const struct pattern *pattern,
                                size_t patterns, const struct planted_options *options,
                                synth_line_sink put_line, void *state, synth_line_sink put_truth,
                                void *truth_state, struct arena *a, struct planted *out, struct err *e)
{
    struct writing w = {.options = options, .out = out, .dressing = find_dressing(pattern, patterns)};
    if (w.dressing == NULL)
        return ERR(e, E_INVALID, "plans",
                   "no plan is of the nature dressing: every death needs to be told in the same way; take "
                   "dressing.plan along");
    if (count == 0) return ERR(e, E_INVALID, "background", "the background holds no death with a day");
    struct synth_options span = {
        .from_ms = INT64_MAX, .to_ms = INT64_MIN, .per_day = 1, .seed = options->seed};
    for (size_t i = 0; i < count; i++) {
        int64_t day_ms = known[i].day * MS_PER_DAY;
        if (day_ms < span.from_ms) span.from_ms = day_ms;
        if (day_ms >= span.to_ms) span.to_ms = day_ms + MS_PER_DAY;
    }
    span.from_ms -= (LEAD_DAYS + 1) * MS_PER_DAY;
    rng_seed(&w.run.root, options->seed);
    w.run.options = &span;
    w.run.keep = arena_new("planted", KEEP_BYTES_MAX);
    w.run.scratch = arena_new("planted record", SCRATCH_BYTES_MAX);
    buf_init(&w.run.text, TEXT_BYTES_MAX);
    /* what is told after the last death is left out, as in life */
    synth_feed_begin(&w.run.feed, span.to_ms, put_line, state, put_truth, truth_state);
    synth_town_make(&w.town, w.run.keep, known, count, &w.run.root);
    w.run.elsewhere = w.town.street;
    w.run.elsewhere_count = w.town.streets;
    synth_plant(&w.planting, w.run.keep, &w.town, pattern, patterns, &options->plant, &w.run.root);
    synth_company_make(&w.company, w.run.keep, w.dressing, &w.town, &w.run.root);
    synth_sites_make(&w.run.sites, w.run.keep, &w.run.root);
    synth_staff_make(&w.run);
    *out = (struct planted){.group = NEW_ARRAY(a, struct planted_group, w.planting.count + 1),
                            .count = w.planting.count,
                            .missed = w.planting.missed,
                            .deaths = count};
    w.death = NEW_ARRAY(w.run.keep, RecordId, count);
    w.known_ms = NEW_ARRAY(w.run.keep, int64_t, count);
    enum status s = write_all(&w, e);
    synth_feed_end(&w.run.feed);
    buf_free(&w.run.text);
    arena_free(w.run.scratch);
    arena_free(w.run.keep);
    return s;
}
