#include "model/value.h"

#include "base/caldate.h"

/* The first millisecond after a moment's whole extent. */
static int64_t moment_until(const struct moment *m)
{
    return m->precision == PRECISION_DAY ? m->ms + MS_PER_DAY : m->ms + 1;
}

bool span_interval(const struct span *s, int64_t *from_ms, int64_t *until_ms)
{
    const struct moment *from = s->from.precision ? &s->from : &s->to;
    const struct moment *to = s->to.precision ? &s->to : &s->from;

    if (!from->precision) return false;
    *from_ms = from->ms;
    *until_ms = moment_until(to);
    return true;
}
