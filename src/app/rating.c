#include "app/rating.h"

#include "app/columns.h"

static enum status factors_read(const struct sheet *f, Str by, struct rating *out, struct err *e)
{
    Str rest = by, name;
    while (str_next(&rest, ',', &name)) {
        if (out->factors == RATE_FACTORS_MAX)
            return ERR(e, E_INVALID, "by", "--by takes at most %d columns", RATE_FACTORS_MAX);
        TRY(sheet_need(f, str_trim(name), 1U << COLUMN_CODE | 1U << COLUMN_TEXT, &out->factor[out->factors],
                       e));
        for (size_t k = 0; k < out->factors; k++)
            if (out->factor[k] == out->factor[out->factors])
                return ERR(e, E_INVALID, "by", "--by names the column %.*s twice",
                           STR_ARG(out->factor[k]->name));
        out->factors++;
    }
    return OK;
}

struct choosing {
    const struct sheet *f;
    const struct rating_options *o;
    const struct column *when;
    struct column_choice outcome;
    bool *taken;
    int64_t *day;
};

/* Which rows are cases; the others are counted by why not. */
static void rows_choose(struct choosing *c, struct rating *out)
{
    double vague = period_step_days(c->o->unit) + 1.5;
    for (size_t r = 0; r < c->f->rows; r++) {
        bool complete = true;
        for (size_t k = 0; k < out->factors; k++)
            complete = complete && out->factor[k]->value[r] != 0;
        if (!complete)
            out->no_value++;
        else if (c->outcome.column->value[r] == 0)
            out->no_outcome++;
        else if (!column_day(c->when, r, vague, &c->day[r]))
            out->no_time++;
        else if ((c->o->from_day != INT64_MIN && c->day[r] < c->o->from_day) ||
                 (c->o->to_day != INT64_MIN && c->day[r] > c->o->to_day))
            out->outside++;
        else
            c->taken[r] = true;
    }
}

static enum status cases_make(struct choosing *c, struct arena *a, struct rating *out, struct err *e)
{
    size_t n = 0;
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t r = 0; r < c->f->rows; r++) {
        if (!c->taken[r]) continue;
        n++;
        if (c->day[r] < first) first = c->day[r];
        if (c->day[r] > last) last = c->day[r];
    }
    if (n == 0)
        return ERR(e, E_INVALID, "",
                   "no row of %.*s has a time, the outcome and a value in every column of --by",
                   STR_ARG(c->f->name));
    TRY(period_make(c->o->from_day != INT64_MIN ? c->o->from_day : first,
                    c->o->to_day != INT64_MIN ? c->o->to_day : last, c->o->unit, 1, a, &out->period, e));
    uint32_t *row = NEW_ARRAY(a, uint32_t, n), *unit = NEW_ARRAY(a, uint32_t, n), *level[RATE_FACTORS_MAX];
    bool *unexplained = NEW_ARRAY(a, bool, n);
    for (size_t k = 0; k < out->factors; k++)
        out->in.level[k] = level[k] = NEW_ARRAY(a, uint32_t, n);
    for (size_t r = 0, i = 0; r < c->f->rows; r++) {
        if (!c->taken[r]) continue;
        row[i] = (uint32_t)r;
        unit[i] = period_unit(&out->period, c->day[r]);
        unexplained[i] = c->outcome.column->value[r] == c->outcome.word;
        out->unexplained += unexplained[i];
        for (size_t k = 0; k < out->factors; k++)
            level[k][i] = out->factor[k]->value[r];
        i++;
    }
    out->row = row;
    out->in.rows = n;
    out->in.unit = unit;
    out->in.units = out->period.units;
    out->in.unexplained = unexplained;
    out->in.factors = out->factors;
    for (size_t k = 0; k < out->factors; k++)
        out->in.levels[k] = out->factor[k]->words.count;
    return OK;
}

enum status rating_run(const struct sheet *f, const struct rating_options *o, struct arena *a,
                       struct rating *out, struct err *e)
{
    struct rating r = {0};
    struct choosing c = {.f = f, .o = o};
    TRY(factors_read(f, o->by, &r, e));
    TRY(column_choose(f, o->outcome, "outcome", &c.outcome, e));
    TRY(column_pick(f, o->when, 1U << COLUMN_TIME, "when", &c.when, e));
    c.taken = NEW_ARRAY(a, bool, f->rows);
    c.day = NEW_ARRAY(a, int64_t, f->rows);
    rows_choose(&c, &r);
    TRY(cases_make(&c, a, &r, e));
    TRY(rate_measure(&r.in, a, &r.groups, e));
    TRY(rate_scan(&r.in, &r.groups, &o->rate, a, &r.window, &r.windows, e));
    r.window_of = NEW_ARRAY(a, struct rate_window *, r.groups.groups);
    for (size_t i = 0; i < r.windows; i++)
        r.window_of[r.window[i].group] = &r.window[i];
    double weeks = (double)(r.period.first_day[r.period.units] - r.period.first_day[0]) / 7;
    r.detection = rate_detections(&r.in, &r.groups, r.window, r.windows, r.period.first_day, weeks, a);
    *out = r;
    return OK;
}

Str rating_level(const struct rating *r, size_t group, size_t factor)
{
    return r->factor[factor]->words.word[r->in.level[factor][r->groups.group[group].row]];
}
