#include "scan/period.h"

#include "base/caldate.h"

#define UNITS_MAX 1000000

static const struct {
    const char *name;
    double days;
} STEP[] = {
    [PERIOD_DAY] = {"day", 1},
    [PERIOD_WEEK] = {"week", 7},
    [PERIOD_MONTH] = {"month", 30.436875},
    [PERIOD_YEAR] = {"year", 365.2425},
};

enum status period_step_read(Str word, enum period_step *out, struct err *e)
{
    for (size_t i = 0; i < COUNT_OF(STEP); i++)
        if (str_eq(word, str_of(STEP[i].name))) {
            *out = (enum period_step)i;
            return OK;
        }
    return ERR(e, E_INVALID, "unit", "a unit of time is day, week, month or year, not \"%.*s\"",
               STR_ARG(word));
}

const char *period_step_name(enum period_step s)
{
    return STEP[s].name;
}

double period_step_days(enum period_step s)
{
    return STEP[s].days;
}

/* The first day of the unit that lies `back` units before the one that holds last_day; back -1: the day
 * after. */
static int64_t unit_start(int64_t last_day, enum period_step step, int64_t every, int64_t back)
{
    int year, month, day;
    if (step == PERIOD_DAY || step == PERIOD_WEEK)
        return last_day + 1 - (back + 1) * every * (step == PERIOD_WEEK ? 7 : 1);
    caldate_from_days(last_day, &year, &month, &day);
    int64_t months = (int64_t)year * 12 + (step == PERIOD_MONTH ? month - 1 : 11);
    months += 1 - (back + 1) * every * (step == PERIOD_YEAR ? 12 : 1);
    if (months < 12) return INT32_MIN; /* before the year 1 */
    return caldate_to_days((int)(months / 12), (int)(months % 12) + 1, 1);
}

enum status period_make(int64_t first_day, int64_t last_day, enum period_step step, size_t every,
                        struct arena *a, struct period *out, struct err *e)
{
    size_t units = 0;
    int64_t length = every ? (int64_t)every : 1, year_1 = caldate_to_days(1, 1, 1);
    if (first_day > last_day)
        return ERR(e, E_INVALID, "from", "the period ends before it begins; exchange its two days");
    if (length > 10000) return ERR(e, E_LIMIT, "every", "a unit of more than 10,000 steps is too long");
    do {
        if (++units > UNITS_MAX)
            return ERR(e, E_LIMIT, "unit", "the period has more than %d units; take longer ones", UNITS_MAX);
    } while (unit_start(last_day, step, length, (int64_t)units - 1) > first_day);
    if (unit_start(last_day, step, length, (int64_t)units - 1) < year_1)
        return ERR(e, E_INVALID, "every", "the first unit would begin before the calendar does");
    out->units = units;
    out->first_day = NEW_ARRAY(a, int64_t, units + 1);
    for (size_t u = 0; u <= units; u++)
        out->first_day[u] = unit_start(last_day, step, length, (int64_t)units - 1 - (int64_t)u);
    return OK;
}

uint32_t period_unit(const struct period *p, int64_t day)
{
    size_t low = 0, high = p->units;
    if (p->units == 0 || day < p->first_day[0] || day >= p->first_day[p->units]) return UINT32_MAX;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p->first_day[middle] <= day)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}
