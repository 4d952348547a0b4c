#include "app/extract.h"

#include "base/buf.h"

struct reader {
    Str name;
    const struct mention_reader *reader;
};

struct reading {
    struct arena *arena;
    struct reader reader[EXTRACT_VOCABULARIES_MAX];
    size_t readers;
    const struct column **column;
    size_t columns;
    struct extract_result *out;
    size_t room;
};

/* ---- what is read, and with what ------------------------------------------------------------------------
 */

static const struct vocabulary *vocabulary_named(const struct policy *p, Str name, struct buf *names)
{
    const struct {
        const char *name;
        const struct vocabulary *v;
    } all[] = {{"substances", p->substances}, {"mechanisms", p->mechanisms}, {"injuries", p->injuries},
               {"items", p->items},           {"settings", p->settings},     {"postures", p->postures},
               {"finders", p->finders}};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (str_eq(str_of(all[i].name), name)) return all[i].v;
        buf_addf(names, "%s%s", i > 0 ? ", " : "", all[i].name);
    }
    return NULL;
}

static enum status readers_make(struct reading *r, const struct policy *policy,
                                const struct extract_options *options, struct err *e)
{
    static const char *const usual[] = {"substances", "mechanisms", "injuries", "items"};
    size_t count = options->vocabularies.count > 0 ? options->vocabularies.count : COUNT_OF(usual);
    struct buf names CLEANUP_BUF;
    buf_init(&names, 1 << 10);
    if (count > EXTRACT_VOCABULARIES_MAX)
        return ERR(e, E_INVALID, "find", "at most %d vocabularies are read at once",
                   EXTRACT_VOCABULARIES_MAX);
    for (size_t i = 0; i < count; i++) {
        Str name = options->vocabularies.count > 0 ? options->vocabularies.item[i] : str_of(usual[i]);
        buf_clear(&names);
        const struct vocabulary *v = vocabulary_named(policy, name, &names);
        if (!v)
            return ERR(e, E_INVALID, "find", "\"%.*s\" is no vocabulary; there is %.*s", STR_ARG(name),
                       STR_ARG(buf_str(&names)));
        /* The words of circumstances are everyday words: only what they are spelt is looked for. */
        bool corrects = !options->exact && v == policy->substances;
        r->reader[r->readers++] = (struct reader){name, mention_reader_new(r->arena, policy, v, corrects)};
    }
    return OK;
}

static enum status columns_choose(struct reading *r, const struct sheet *f,
                                  const struct extract_options *options, struct err *e)
{
    r->column = NEW_ARRAY(r->arena, const struct column *, f->columns + options->columns.count + 1);
    for (size_t i = 0; i < options->columns.count; i++)
        TRY(sheet_need(f, options->columns.item[i], 1U << COLUMN_TEXT | 1U << COLUMN_CODE,
                       &r->column[r->columns++], e));
    for (size_t i = 0; options->columns.count == 0 && i < f->columns; i++)
        if (f->column[i].type == COLUMN_TEXT) r->column[r->columns++] = &f->column[i];
    if (r->columns > 0) return OK;
    return ERR(e, E_INVALID, "columns", "the table has no column of texts; name the columns to read");
}

/* ---- reading: each different text once -------------------------------------------------------------------
 */

struct found_text {
    struct mentions by_reader[EXTRACT_VOCABULARIES_MAX];
};

static void found_add(struct reading *r, const struct extract_found *one)
{
    struct extract_result *out = r->out;
    ARENA_ROOM(r->arena, out->item, r->room, out->count + 1, 1024);
    out->item[out->count++] = *one;
}

/* What the readers found, merged by place; of one place the earlier vocabulary first. */
static void row_add(struct reading *r, const struct found_text *text, size_t row, const struct column *column)
{
    size_t at[EXTRACT_VOCABULARIES_MAX] = {0};
    for (;;) {
        size_t best = r->readers;
        for (size_t i = 0; i < r->readers; i++) {
            const struct mentions *m = &text->by_reader[i];
            if (at[i] == m->count) continue;
            if (best == r->readers || m->item[at[i]].start < text->by_reader[best].item[at[best]].start)
                best = i;
        }
        if (best == r->readers) return;
        struct extract_found one = {row, column, r->reader[best].name, column->words.word[column->value[row]],
                                    text->by_reader[best].item[at[best]++]};
        found_add(r, &one);
    }
}

static void read_words(const struct reading *r, const struct column *column, struct found_text *text)
{
    for (size_t w = 1; w < column->words.count; w++)
        for (size_t i = 0; i < r->readers && column->words.rows[w] > 0; i++)
            text[w].by_reader[i] = mentions_find(r->reader[i].reader, column->words.word[w], r->arena);
}

enum status extract_run(const struct sheet *f, const struct policy *policy,
                        const struct extract_options *options, struct arena *a, struct extract_result *out,
                        struct err *e)
{
    struct extract_result result = {0};
    struct reading r = {.arena = a, .out = &result};
    TRY(readers_make(&r, policy, options, e));
    TRY(columns_choose(&r, f, options, e));
    struct found_text **text = NEW_ARRAY(a, struct found_text *, r.columns);
    for (size_t c = 0; c < r.columns; c++) {
        text[c] = NEW_ARRAY(a, struct found_text, r.column[c]->words.count);
        read_words(&r, r.column[c], text[c]);
        result.texts_different += r.column[c]->words.count - 1;
    }
    for (size_t row = 0; row < f->rows; row++)
        for (size_t c = 0; c < r.columns; c++) {
            uint32_t word = r.column[c]->value[row];
            if (word == 0) continue;
            result.texts++;
            row_add(&r, &text[c][word], row, r.column[c]);
        }
    *out = result;
    return OK;
}
