#include "intake/watch.h"

#include "intake/plan.h"

void watch_begin(struct watch *w, const struct intake_options *options, struct arena *a)
{
    *w = (struct watch){.options = options, .arena = a};
}

static enum status lie(struct err *e, const char *what)
{
    return ERR(e, E_INTERNAL, "", "the reading process is not to be trusted: %s", what);
}

static bool mapping_gives(const struct mapping *m, size_t records, const struct change *c)
{
    for (size_t i = 0; i < records; i++)
        if (m->record[i].kind->id == c->record.kind && str_eq(m->record[i].source, c->source)) return true;
    return false;
}

static enum status check_change(struct watch *w, const struct change *c, struct err *e)
{
    const struct intake_options *o = w->options;
    const struct mapping *m = o->mapping;
    w->changes++;
    if (o->as_table && (!m || m->table)) return lie(e, "it sent a record where a table is read");
    if (m && !str_eq(c->record.ns, str_present(o->ns) ? o->ns : m->about.ns))
        return lie(e, "it sent a record of another namespace than the mapping's");
    if (m && !mapping_gives(m, o->as_table ? 1 : m->records, c))
        return lie(e, "it sent a record of a kind or source that the mapping has not");
    if (o->known_at_ms_max > 0 && !c->known_at_implied && c->known_at_ms > o->known_at_ms_max)
        return lie(e, "it sent a record that is known later than now");
    return OK;
}

static enum status check_columns(struct watch *w, const struct table_columns *given, struct err *e)
{
    if (!w->options->as_table || w->has_columns) return lie(e, "it sent columns where none belong");
    struct table_column *column = NEW_ARRAY(w->arena, struct table_column, given->count + 1);
    for (size_t i = 0; i < given->count; i++)
        column[i].type = given->column[i].type;
    w->columns = (struct table_columns){column, given->count, given->guessed};
    w->has_columns = true;
    return OK;
}

static enum status check_row(struct watch *w, const struct table_row *row, struct err *e)
{
    w->rows++;
    if (!w->has_columns || row->count != w->columns.count)
        return lie(e, "it sent a row that does not fit its table");
    for (size_t i = 0; i < row->count; i++)
        if (row->cell[i].type != w->columns.column[i].type)
            return lie(e, "it sent a row that does not fit its table");
    return OK;
}

static enum status check_summary(const struct watch *w, const struct intake_summary *s, struct err *e)
{
    uint64_t dropped = 0;
    for (size_t i = 0; i < s->drops; i++)
        dropped += s->drop[i].rows;
    bool adds_up = s->rows == s->given + s->merged + s->refused + s->dropped && dropped == s->dropped;
    bool as_sent = s->changes == w->changes && s->refused == w->refused && s->rows >= w->last_row;
    if (w->has_columns) as_sent = as_sent && s->given == w->rows;
    return adds_up && as_sent ? OK : lie(e, "its account does not add up to what it sent");
}

enum status watch_item(struct watch *w, const struct intake_item *item, struct err *e)
{
    switch (item->kind) {
    case INTAKE_CHANGE:
        return check_change(w, &item->change, e);
    case INTAKE_REFUSED:
        w->refused++;
        if (item->refusal.row > w->last_row) w->last_row = item->refusal.row;
        return OK;
    case INTAKE_COLUMNS:
        return check_columns(w, &item->columns, e);
    case INTAKE_ROW:
        if (item->row.row > w->last_row) w->last_row = item->row.row;
        return check_row(w, &item->row, e);
    case INTAKE_DONE:
        return check_summary(w, &item->summary, e);
    case INTAKE_PROGRESS:
        break;
    }
    return OK;
}
