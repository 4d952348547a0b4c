#include "assure/facts.h"

#include "model/kinds.h"
#include "model/when.h"

#include <stdlib.h>

enum { MOMENT_BYTES = 32, NUMBER_BYTES = 64, DOUBLING_FROM = 8 };

Str fact_key(struct arena *a, const struct record_id *id)
{
    return str_format(a, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
}

Str fact_key_of(struct arena *a, Str ns, Str reference)
{
    struct record_id id = {.kind = KIND_DEATH};
    ref_split(reference, ns, &id.ns, &id.id);
    return fact_key(a, &id);
}

struct fact_row *facts_add_row(struct arena *a, struct case_facts *f, Str kind, Str key, int64_t known_ms)
{
    ARENA_ROOM(a, f->row, f->room, f->count + 1, DOUBLING_FROM);
    f->row[f->count] = (struct fact_row){.kind = kind, .key = key, .known_ms = known_ms};
    return &f->row[f->count++];
}

void facts_add_value(struct arena *a, struct fact_row *row, Str name, Str word, int64_t since_ms,
                     int64_t until_ms)
{
    if (since_ms >= until_ms) return;
    for (size_t i = 0; i < row->count; i++) {
        struct fact_value *v = &row->value[i];
        if (!str_eq(v->name, name) || !str_eq(v->word, word)) continue;
        if (since_ms > v->until_ms || until_ms < v->since_ms) continue;
        if (since_ms < v->since_ms) v->since_ms = since_ms;
        if (until_ms > v->until_ms) v->until_ms = until_ms;
        return;
    }
    ARENA_ROOM(a, row->value, row->room, row->count + 1, DOUBLING_FROM);
    row->value[row->count++] = (struct fact_value){name, word, since_ms, until_ms};
}

/* ---- words of a record ------------------------------------------------------------------------------ */

/* What one moment's fold puts into the row. */
struct reading_of_words {
    struct arena *a;
    struct fact_row *row;
    Str ns;
    int64_t since_ms, until_ms;
};

static void put_word(const struct reading_of_words *r, const struct field *field, Str word)
{
    if (!str_present(word)) return;
    if (field->type == FT_REF || field->type == FT_REFS)
        if (field->values[0] != '\0') word = fact_key_of(r->a, r->ns, word);
    facts_add_value(r->a, r->row, str_of(field->name), word, r->since_ms, r->until_ms);
}

static void put_moment(const struct reading_of_words *r, const struct field *field, const struct moment *m)
{
    char text[MOMENT_BYTES];
    if (m->precision == PRECISION_NONE) return;
    moment_format(m, text);
    put_word(r, field, str_copy(r->a, str_of(text)));
}

static void put_number(const struct reading_of_words *r, const struct field *field, double number)
{
    struct buf text CLEANUP_BUF = {0};
    if (!number_present(number)) return;
    buf_init(&text, NUMBER_BYTES);
    json_add_number(&text, number);
    put_word(r, field, str_copy(r->a, buf_str(&text)));
}

static void put_list(const struct reading_of_words *r, const struct field *field, const struct str_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        put_word(r, field, list->item[i]);
}

static void put_keyed(const struct reading_of_words *r, const struct field *field, const struct keyed *k)
{
    put_word(r, field, str_empty(k->key) ? k->text : k->key);
}

/* A present field, by its type. A place or a date of birth is the word of its canonical text: enough to ask
 * whether it is there and since when. */
static void put_field(const struct reading_of_words *r, const struct record *record,
                      const struct field *field, const struct holding *held)
{
    const void *at = (const char *)record->data + field->offset;
    switch (field->type) {
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        put_word(r, field, *(const Str *)at);
        break;
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        put_keyed(r, field, at);
        break;
    case FT_TIME:
        put_moment(r, field, at);
        break;
    case FT_SPAN: {
        const struct span *s = at;
        put_moment(r, field, s->from.precision == PRECISION_NONE ? &s->to : &s->from);
        break;
    }
    case FT_NUMBER:
        put_number(r, field, *(const double *)at);
        break;
    case FT_DATE:
    case FT_PLACE:
        put_word(r, field, held->value);
        break;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_LEVELS:
    case FT_DATED:
        put_list(r, field, at);
        break;
    case FT_ADDRESSES: {
        const struct keyed_list *list = at;
        for (size_t i = 0; i < list->count; i++)
            put_keyed(r, field, &list->item[i]);
        break;
    }
    }
}

static int compare_times(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* The moments at which what is known of a record changed, each once. */
static size_t moments_of(const struct entry_line *lines, size_t count, struct view view, int64_t *moment)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!lines[i].withdrawn && lines[i].seq <= view.seq &&
            lines[i].change.known_at_ms <= view.known_at_ms)
            moment[n++] = lines[i].change.known_at_ms;
    if (n > 1) qsort(moment, n, sizeof *moment, compare_times);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || moment[i] != moment[kept - 1]) moment[kept++] = moment[i];
    return kept;
}

enum status facts_add_record(struct arena *a, const struct policy *policy, struct case_facts *f,
                             const struct entry_line *lines, size_t count, struct view view, struct err *e)
{
    int64_t *moment = NEW_ARRAY(a, int64_t, count + 1);
    size_t moments = moments_of(lines, count, view, moment);
    if (moments == 0) return OK;
    const struct kind *kind = kind_of(lines[0].change.record.kind);
    struct fact_row *row =
        facts_add_row(a, f, str_of(kind->name), fact_key(a, &lines[0].change.record), moment[0]);
    for (size_t m = 0; m < moments; m++) {
        struct record record;
        struct view then = {moment[m], view.seq};
        struct reading_of_words r = {.a = a,
                                     .row = row,
                                     .ns = lines[0].change.record.ns,
                                     .since_ms = moment[m],
                                     .until_ms = m + 1 < moments ? moment[m + 1] : FOREVER_MS};
        TRY(record_fold(a, policy, lines, count, then, &record, e));
        for (size_t i = 0; i < kind->field_count; i++)
            if (str_present(record.held[i].value)) put_field(&r, &record, &kind->field[i], &record.held[i]);
    }
    return OK;
}

/* ---- asking ----------------------------------------------------------------------------------------- */

const struct fact_row *facts_find(const struct case_facts *f, Str key)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->row[i].key, key)) return &f->row[i];
    return NULL;
}

const struct fact_value *fact_value_now(const struct fact_row *row, Str name)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->value[i].until_ms == FOREVER_MS && str_eq(row->value[i].name, name)) return &row->value[i];
    return NULL;
}

Str fact_now(const struct fact_row *row, Str name)
{
    const struct fact_value *v = fact_value_now(row, name);
    return v ? v->word : STR_NONE;
}

int64_t fact_time_now(const struct fact_row *row, Str name)
{
    struct moment moment = {0};
    struct err ignored = {0};
    Str word = fact_now(row, name);
    if (!str_present(word) || moment_parse(word, &moment, &ignored) != OK) return INT64_MIN;
    return moment.ms;
}
