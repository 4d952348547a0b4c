#include "intake/source.h"

#include "base/caldate.h"
#include "base/utf8.h"
#include "model/feed.h"

#define ROW_BYTES_MAX  ((size_t)4 << 20)
#define PROGRESS_EVERY 1000
#define DROPS_MAX      1000

struct source {
    const struct intake_options *options;
    const struct mapping *mapping; /* the options', or made from the header; NULL: a feed */
    bool columns_told;
    struct arena *arena;
    struct stream *stream;  /* of a feed */
    struct csv_reader *csv; /* of a table, owns its stream */
    struct mapper *mapper;
    bool rows_done; /* rows = many: the held records are being handed over */
    struct intake_summary sum;
    uint64_t progress_at;
    uint64_t blank_lines;
    struct mapped row; /* the last row read; in row_arena */
    size_t row_given;  /* how many of its records were handed over */
    struct arena *row_arena;
};

static Str raw_part(struct arena *a, Str raw)
{
    if (raw.len > INTAKE_RAW_BYTES_MAX) raw = str_slice(raw, 0, INTAKE_RAW_BYTES_MAX);
    return utf8_valid(raw, NULL) ? str_copy(a, raw) : utf8_from_latin1(a, raw);
}

static void put_refusal(struct source *s, uint64_t line, Str field, Str reason, Str raw, struct arena *a,
                        struct intake_item *out)
{
    s->sum.refused++;
    out->kind = INTAKE_REFUSED;
    out->refusal = (struct intake_refusal){s->sum.rows, line, field, reason, raw_part(a, raw)};
}

static void count_drop(struct source *s, Str reason)
{
    s->sum.dropped++;
    for (size_t i = 0; i < s->sum.drops; i++) {
        if (!str_eq(s->sum.drop[i].reason, reason)) continue;
        s->sum.drop[i].rows++;
        return;
    }
    MUST(s->sum.drops < DROPS_MAX);
    s->sum.drop = arena_grow(s->arena, s->sum.drop, s->sum.drops, s->sum.drops + 1, sizeof *s->sum.drop,
                             _Alignof(struct intake_drop));
    s->sum.drop[s->sum.drops++] = (struct intake_drop){reason, 1};
}

/* A claim to have known something later than now is a wrong value. */
static bool known_too_late(const struct source *s, struct arena *a, const struct change *c, Str *reason)
{
    char text[32];
    if (s->options->known_at_ms_max == 0 || c->known_at_implied ||
        c->known_at_ms <= s->options->known_at_ms_max) {
        return false;
    }
    caldate_format(c->known_at_ms, text);
    *reason = str_format(a, "known_at is %s, which has not come yet", text);
    return true;
}

static void put_done(struct source *s, struct arena *a, struct intake_item *out)
{
    const struct intake_summary *sum = &s->sum;
    MUST(sum->rows == sum->given + sum->merged + sum->refused + sum->dropped);
    out->kind = INTAKE_DONE;
    out->summary = *sum;
    out->summary.drop = NEW_ARRAY(a, struct intake_drop, sum->drops + 1);
    for (size_t i = 0; i < sum->drops; i++) {
        out->summary.drop[i] = (struct intake_drop){str_copy(a, sum->drop[i].reason), sum->drop[i].rows};
    }
}

static const struct stream *stream_of(const struct source *s)
{
    return s->csv ? csv_stream(s->csv) : s->stream;
}

static bool progress_due(struct source *s, struct intake_item *out)
{
    if (s->sum.rows < s->progress_at + PROGRESS_EVERY) return false;
    s->progress_at = s->sum.rows;
    out->kind = INTAKE_PROGRESS;
    out->progress = (struct intake_progress){stream_bytes_in(stream_of(s)), stream_bytes_total(stream_of(s)),
                                             s->sum.rows};
    return true;
}

/* ---- a feed ---- */

static enum status feed_next(struct source *s, struct arena *a, struct intake_item *out, struct err *e)
{
    for (;;) {
        Str line = STR_NONE, reason = STR_NONE;
        bool more = false;
        struct err why = {0};
        enum status status = stream_line(s->stream, ROW_BYTES_MAX, &line, &more, &why);
        if (status == E_LIMIT &&
            strcmp(why.field, "line") == 0) { /* the line was skipped: reading can go on */
            s->sum.rows++;
            put_refusal(s, s->sum.rows + s->blank_lines, S(""), str_copy(a, str_of(why.text)), S(""), a, out);
            return OK;
        }
        if (status != OK) return ERR(e, status, why.field, "%s", why.text);
        if (!more) {
            put_done(s, a, out);
            return OK;
        }
        s->sum.rows++;
        if (s->sum.rows == 1 && str_starts(line, S("\xEF\xBB\xBF"))) line = str_slice(line, 3, line.len);
        if (str_empty(str_trim(line))) { /* an empty line says nothing and is no row of the feed */
            s->sum.rows--;
            s->blank_lines++;
            continue;
        }
        struct change *c = &out->change;
        status = feed_parse_line(a, s->options->policy, line,
                                 str_present(s->options->ns) ? s->options->ns : S(""), c, &why);
        uint64_t number = s->sum.rows + s->blank_lines;
        if (status != OK) {
            put_refusal(s, number, str_copy(a, str_of(why.field)), str_copy(a, str_of(why.text)), line, a,
                        out);
        } else if (known_too_late(s, a, c, &reason)) {
            put_refusal(s, number, S("known_at"), reason, line, a, out);
        } else {
            c->line = number;
            s->sum.given++;
            s->sum.changes++;
            out->kind = INTAKE_CHANGE;
        }
        return OK;
    }
}

/* ---- a table ---- */

static struct change change_copy(struct arena *a, const struct change *c)
{
    struct change copy = *c;
    copy.record.ns = str_copy(a, c->record.ns);
    copy.record.id = str_copy(a, c->record.id);
    copy.source = str_copy(a, c->source);
    copy.fact = NEW_ARRAY(a, struct fact, c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct fact *f = &c->fact[i];
        copy.fact[i] =
            (struct fact){f->field, str_copy(a, f->value), str_copy(a, f->key), str_copy(a, f->given)};
    }
    return copy;
}

static struct table_row row_copy(struct arena *a, const struct table_row *row)
{
    struct table_row copy = *row;
    copy.id = str_copy(a, row->id);
    copy.cell = NEW_ARRAY(a, struct table_cell, row->count + 1);
    for (size_t i = 0; i < row->count; i++) {
        struct table_cell *c = &copy.cell[i];
        *c = row->cell[i];
        c->text = str_copy(a, c->text);
        c->items.item = NEW_ARRAY(a, Str, c->items.count + 1);
        for (size_t j = 0; j < c->items.count; j++)
            c->items.item[j] = str_copy(a, row->cell[i].items.item[j]);
    }
    return copy;
}

/* Hands over what the last row made, record by record. */
static bool waiting_next(struct source *s, struct arena *a, struct intake_item *out)
{
    if (s->row_given == s->row.count) return false;
    out->kind = INTAKE_CHANGE;
    out->change = change_copy(a, &s->row.change[s->row_given++]);
    s->sum.changes++;
    return true;
}

static enum status held_next(struct source *s, struct arena *a, struct intake_item *out, struct err *e)
{
    bool more = false;
    TRY(mapper_finish(s->mapper, a, s->options->ns, &out->change, &more, e));
    if (!more) {
        put_done(s, a, out);
        return OK;
    }
    out->kind = INTAKE_CHANGE;
    s->sum.changes++;
    return OK;
}

static bool row_known_too_late(const struct source *s, struct arena *a, Str *reason)
{
    for (size_t i = 0; i < s->row.count; i++) {
        if (known_too_late(s, a, &s->row.change[i], reason)) return true;
    }
    return false;
}

static enum status row_read(struct source *s, struct arena *a, const struct csv_row *row, bool *put,
                            struct intake_item *out, struct err *e)
{
    Str reason = STR_NONE;
    uint64_t merged = mapper_merged(s->mapper);
    arena_reset(s->row_arena);
    s->row = (struct mapped){0};
    s->row_given = 0;
    *put = true;
    if (row->unclosed) {
        put_refusal(s, row->line, S(""), S("a quote is opened in this row and never closed"), row->raw, a,
                    out);
        return OK;
    }
    TRY(mapper_row(s->mapper, s->row_arena, row, s->options->ns, &s->row, e));
    switch (s->row.outcome) {
    case MAPPED_REFUSED:
        put_refusal(s, row->line, str_copy(a, s->row.refusal.field), str_copy(a, s->row.refusal.reason),
                    row->raw, a, out);
        s->row.count = 0;
        return OK;
    case MAPPED_DROPPED:
        count_drop(s, s->row.reason);
        s->row.count = 0;
        break;
    case MAPPED_KEPT:
        if (mapper_merged(s->mapper) > merged) {
            s->sum.merged++;
        } else {
            s->sum.given++;
        }
        s->row.count = 0;
        break;
    case MAPPED_CHANGES:
        if (row_known_too_late(s, a, &reason)) {
            put_refusal(s, row->line, S("known_at"), reason, row->raw, a, out);
            s->row.count = 0;
            return OK;
        }
        s->sum.given++;
        *put = waiting_next(s, a, out);
        return OK;
    case MAPPED_ROW:
        s->sum.given++;
        out->kind = INTAKE_ROW;
        out->row = row_copy(a, &s->row.row);
        return OK;
    }
    *put = false;
    return OK;
}

static enum status table_next(struct source *s, struct arena *a, struct intake_item *out, struct err *e)
{
    if (!s->columns_told) {
        s->columns_told = true;
        out->kind = INTAKE_COLUMNS;
        out->columns = *mapping_table(s->mapping);
        return OK;
    }
    if (waiting_next(s, a, out)) return OK;
    while (!s->rows_done) {
        struct csv_row row = {0};
        bool more = false, put = false;
        TRY(csv_next(s->csv, &row, &more, e));
        if (!more) {
            s->rows_done = true;
            break;
        }
        s->sum.rows++;
        TRY(row_read(s, a, &row, &put, out, e));
        if (put || progress_due(s, out)) return OK;
    }
    return held_next(s, a, out, e);
}

/* ---- both ---- */

static enum status table_open(struct source *s, struct stream *stream, struct err *e)
{
    const struct intake_options *o = s->options;
    struct mapping_about about = o->mapping ? mapping_about(o->mapping) : (struct mapping_about){0};
    struct csv_options csv = {.delimiter = about.delimiter, .row_bytes_max = ROW_BYTES_MAX};
    enum mapper_makes makes = MAKES_RECORDS;
    TRY(csv_open(stream, &csv, !about.no_header, &s->csv, e));
    s->row_arena = arena_new("a row", (size_t)512 << 20);
    s->mapping = o->mapping ? o->mapping : mapping_of_header(s->arena, csv_header(s->csv));
    if (o->as_table) makes = mapping_table(s->mapping) ? MAKES_TABLE : MAKES_FIRST_RECORD;
    s->columns_told = makes != MAKES_TABLE;
    return mapper_new(s->arena, s->mapping, o->policy, csv_header(s->csv), makes, &s->mapper, e);
}

enum status source_open(struct arena *a, struct stream *stream, const struct intake_options *options,
                        struct source **out, struct err *e)
{
    struct source *s = NEW(a, struct source);
    s->options = options;
    s->arena = a;
    if (options->mapping || options->as_table) {
        enum status status = table_open(s, stream, e);
        if (status != OK) {
            source_close(s);
            return status;
        }
    } else {
        s->stream = stream;
    }
    *out = s;
    return OK;
}

enum status source_next(struct source *s, struct arena *a, struct intake_item *out, struct err *e)
{
    struct intake_item made = {0};
    if (!progress_due(s, &made)) {
        if (s->csv) {
            TRY(table_next(s, a, &made, e));
        } else {
            TRY(feed_next(s, a, &made, e));
        }
    }
    *out = made;
    return OK;
}

uint64_t source_rows(const struct source *s)
{
    return s->sum.rows;
}

void source_close(struct source *s)
{
    if (!s) return;
    mapper_free(s->mapper);
    csv_close(s->csv);
    stream_close(s->stream);
    arena_free(s->row_arena);
    s->csv = NULL;
    s->stream = NULL;
    s->mapper = NULL;
    s->row_arena = NULL;
}
