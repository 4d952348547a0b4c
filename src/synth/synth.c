#include "synth/synth.h"

#include "synth/run.h"

#include "base/caldate.h"

#define DAYS_MAX          (20 * 366)
#define PER_DAY_MAX       2000.0
#define KEEP_BYTES_MAX    ((size_t)4 << 30)
#define SCRATCH_BYTES_MAX ((size_t)16 << 20)
#define TEXT_BYTES_MAX    16384

static enum status check(const struct synth_options *o, struct err *e)
{
    if (!(o->per_day > 0 && o->per_day <= PER_DAY_MAX))
        return ERR(e, E_INVALID, "per_day", "deaths a day must be above 0 and at most %.0f", PER_DAY_MAX);
    int64_t days = caldate_day_of(o->to_ms) - caldate_day_of(o->from_ms);
    if (days <= 0) return ERR(e, E_INVALID, "to", "the end must be at least a day after the start");
    if (days > DAYS_MAX) return ERR(e, E_LIMIT, "to", "at most %d days can be made at once", DAYS_MAX);
    return OK;
}

/* One planned death: its report, or the two reports of a couple or of a death that two services report. */
static void realise(struct run *run, const struct planned *p)
{
    struct dossier d, partner;
    synth_dossier_draw(&d, run->scratch, &run->root, &run->plan, p, &run->sites);
    if (d.known_ms >= run->feed.until_ms) return;
    RecordId death = synth_report_write(run, &d);
    if (p->rule == RULE_TWIN) synth_report_twin(run, &d, death);
    RecordId group = death;
    if (p->rule == RULE_BATCH) {
        group = synth_id(MADE_DEATH, p->group);
        memcpy(group.text, "BB", 2);
        synth_truth_add(&run->feed, group, "benign", death, MADE_DEATH, d.known_ms);
    }
    if (p->rule != RULE_COUPLE) return;
    synth_dossier_partner(&partner, run->scratch, &run->root, &run->plan, &d, &run->sites);
    if (partner.known_ms >= run->feed.until_ms) return;
    RecordId second = synth_report_write(run, &partner);
    memcpy(group.text, "BK", 2);
    synth_truth_add(&run->feed, group, "benign", death, MADE_DEATH, d.known_ms);
    synth_truth_add(&run->feed, group, "benign", second, MADE_DEATH, partner.known_ms);
}

static enum status write_all(struct run *run, struct err *e)
{
    int64_t day = caldate_day_of(run->options->from_ms), end = caldate_day_of(run->options->to_ms);
    size_t next = 0;
    for (; day < end; day++) {
        int64_t midnight = day * MS_PER_DAY;
        synth_incidents_day(run, day);
        while (next < run->plan.count && run->plan.item[next].found_ms < midnight + MS_PER_DAY) {
            realise(run, &run->plan.item[next++]);
            arena_reset(run->scratch);
        }
        TRY(synth_feed_flush(&run->feed, midnight + MS_PER_DAY - LEAD_DAYS * MS_PER_DAY, e));
    }
    TRY(synth_feed_flush(&run->feed, run->feed.until_ms, e));
    return synth_feed_truth(&run->feed, e);
}

enum status synth_write(const struct synth_options *options, synth_line_sink put_line, void *state,
                        synth_line_sink put_truth, void *truth_state, struct err *e)
{
    TRY(check(options, e));
    struct synth_options whole = *options;
    whole.from_ms = caldate_midnight(options->from_ms);
    whole.to_ms = caldate_midnight(options->to_ms);
    struct run run = {.options = &whole};
    rng_seed(&run.root, whole.seed);
    run.keep = arena_new("synth", KEEP_BYTES_MAX);
    run.scratch = arena_new("synth record", SCRATCH_BYTES_MAX);
    buf_init(&run.text, TEXT_BYTES_MAX);
    synth_feed_begin(&run.feed, whole.to_ms, put_line, state, put_truth, truth_state);
    synth_plan_make(&run.plan, run.keep, &whole, &run.root);
    synth_sites_make(&run.sites, run.keep, &run.root);
    synth_staff_make(&run);
    enum status s = write_all(&run, e);
    synth_feed_end(&run.feed);
    buf_free(&run.text);
    arena_free(run.scratch);
    arena_free(run.keep);
    return s;
}
