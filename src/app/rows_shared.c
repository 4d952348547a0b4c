#include "app/rows_shared.h"

#include "base/caldate.h"
#include "learn/measures.h"

#include <math.h>
#include <stdlib.h>

#define SAMPLED     1001 /* pairs that say what is usual */
#define NEARER_BY   10.0
#define SHARED_TOLD 8

struct rows_shared {
    const struct sheet *sheet;
    struct measures *measures;
    size_t *column;  /* of each measure */
    double *usual;   /* the median of each */
    double *present; /* of each column: rows that hold anything */
    bool *told;      /* of each column */
    size_t measured;
};

static int rising(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* The medians over pairs of rows far from each other in the table. */
static void find_usual(struct rows_shared *s, struct arena *a)
{
    size_t n = s->sheet->rows;
    double value[MEASURES_MAX], *sample = NEW_ARRAY(a, double, s->measured *SAMPLED + 1);
    size_t seen[MEASURES_MAX] = {0};
    for (size_t i = 0; n > 1 && i < SAMPLED; i++) {
        size_t x = i * 7919 % n, y = (x + 1 + i * 104729 % (n - 1)) % n;
        measures_pair(s->measures, x, y, value);
        for (size_t m = 0; m < s->measured; m++)
            if (!isnan(value[m])) sample[m * SAMPLED + seen[m]++] = value[m];
    }
    for (size_t m = 0; m < s->measured; m++) {
        qsort(&sample[m * SAMPLED], seen[m], sizeof *sample, rising);
        s->usual[m] = seen[m] > 0 ? sample[m * SAMPLED + seen[m] / 2] : 0;
    }
}

static bool is_left_out(const struct str_list *list, Str name)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (str_eq(list->item[i], name)) return true;
    return false;
}

/* How the distance of two values of a column is measured; none of words. */
static bool measure_for(enum column_type t, enum measure_kind *out)
{
    *out = t == COLUMN_PLACE ? MEASURE_DISTANCE : t == COLUMN_TIME ? MEASURE_GAP : MEASURE_DIFFERENCE;
    return t == COLUMN_PLACE || t == COLUMN_TIME || t == COLUMN_NUMBER;
}

enum status rows_shared_new(const struct sheet *f, const struct str_list *leave_out, struct arena *a,
                            struct rows_shared **out, struct err *e)
{
    struct rows_shared *s = NEW(a, struct rows_shared);
    struct measure_spec *spec = NEW_ARRAY(a, struct measure_spec, MEASURES_MAX);
    *s = (struct rows_shared){.sheet = f};
    s->column = NEW_ARRAY(a, size_t, MEASURES_MAX);
    s->usual = NEW_ARRAY(a, double, MEASURES_MAX);
    s->present = NEW_ARRAY(a, double, f->columns + 1);
    s->told = NEW_ARRAY(a, bool, f->columns + 1);
    for (size_t c = 0; c < f->columns; c++) {
        const struct column *column = &f->column[c];
        enum measure_kind kind;
        s->told[c] = !is_left_out(leave_out, column->name);
        for (size_t r = 0; r < f->rows; r++)
            s->present[c] += !column_missing(column, r);
        if (!s->told[c] || !measure_for(column->type, &kind) || s->measured == MEASURES_MAX) continue;
        s->column[s->measured] = c;
        spec[s->measured++] = (struct measure_spec){kind, column->name, S("")};
    }
    TRY(measures_prepare(f, spec, s->measured, a, &s->measures, e));
    find_usual(s, a);
    *out = s;
    return OK;
}

/* ---- of some rows ----------------------------------------------------------------------------------- */

struct shared_thing {
    const struct column *column;
    uint32_t word; /* of the column; 0: what is measured */
    double within; /* the greatest distance of two */
    size_t rows;   /* that hold it, or have a value */
    double tells;  /* tenfold steps */
};

static int most_telling_first(const void *x, const void *y)
{
    const struct shared_thing *p = x, *q = y;
    if (p->tells < q->tells || p->tells > q->tells) return p->tells < q->tells ? 1 : -1;
    if (p->column != q->column) return p->column < q->column ? -1 : 1;
    return (p->word > q->word) - (p->word < q->word);
}

struct words_held {
    uint32_t *word;
    size_t count;
};

static struct words_held words_of(const struct column *c, const size_t row)
{
    if (c->type == COLUMN_SET)
        return (struct words_held){&c->set_item[c->set_at[row]], c->set_at[row + 1] - c->set_at[row]};
    return (struct words_held){&c->value[row], c->value[row] > 0};
}

static size_t holders_among(const struct column *c, const uint32_t *row, size_t count, uint32_t word)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct words_held w = words_of(c, row[i]);
        for (size_t k = 0; k < w.count; k++)
            n += w.word[k] == word;
    }
    return n;
}

/* The words of a column that at least half hold: each is met where it is first held. */
static size_t share_words(const struct rows_shared *s, size_t column, const uint32_t *row, size_t count,
                          struct shared_thing *out, size_t room)
{
    const struct column *c = &s->sheet->column[column];
    size_t made = 0;
    for (size_t i = 0; 2 * i <= count; i++) {
        struct words_held w = words_of(c, row[i]);
        for (size_t k = 0; k < w.count && made < room; k++) {
            size_t n = holders_among(c, row, count, w.word[k]);
            if (n < 2 || 2 * n < count || holders_among(c, row, i, w.word[k]) > 0) continue;
            double share = c->words.rows[w.word[k]] / fmax(s->present[column], 1);
            out[made++] = (struct shared_thing){c, w.word[k], 0, n, -(double)n * log10(share)};
        }
    }
    return made;
}

/* What is measured and lies close; in the order of the measures. */
static size_t share_distances(const struct rows_shared *s, const uint32_t *row, size_t count,
                              struct shared_thing *out, size_t room)
{
    double value[MEASURES_MAX], most[MEASURES_MAX] = {0};
    size_t pairs[MEASURES_MAX] = {0}, made = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            measures_pair(s->measures, row[i], row[j], value);
            for (size_t m = 0; m < s->measured; m++) {
                if (isnan(value[m])) continue;
                most[m] = fmax(most[m], value[m]);
                pairs[m]++;
            }
        }
    for (size_t m = 0; m < s->measured && made < room; m++) {
        /* k rows that have a value make k (k - 1) / 2 pairs */
        double k = (1 + sqrt(1 + 8.0 * (double)pairs[m])) / 2;
        if (pairs[m] == 0 || 2 * k < (double)count || most[m] * NEARER_BY > s->usual[m]) continue;
        double nearer = s->usual[m] / fmax(most[m], s->usual[m] / 1e4);
        out[made++] = (struct shared_thing){&s->sheet->column[s->column[m]], 0, most[m], (size_t)lround(k),
                                            (k - 1) * log10(nearer)};
    }
    return made;
}

static void add_thing(const struct shared_thing *t, struct buf *out)
{
    buf_addf(out, "%.*s: ", STR_ARG(t->column->name));
    if (t->word > 0)
        buf_addf(out, "%.*s", STR_ARG(t->column->words.word[t->word]));
    else if (t->within <= 0)
        buf_add_cstr(out, "the same");
    else if (t->column->type == COLUMN_PLACE)
        buf_addf(out, t->within < 1 ? "within %.0f m" : "within %.1f km",
                 t->within < 1 ? t->within * 1000 : t->within);
    else if (t->column->type == COLUMN_TIME)
        buf_addf(out, t->within < 10 ? "within %.1f days" : "within %.0f days", t->within);
    else
        buf_addf(out, "within %.4g", t->within);
    buf_addf(out, " (%zu)", t->rows);
}

void rows_shared_words(const struct rows_shared *s, const uint32_t *row, size_t count, struct buf *out)
{
    struct shared_thing thing[512];
    size_t n = 0;
    if (count > ROWS_SHARED_MOST) count = ROWS_SHARED_MOST;
    for (size_t c = 0; c < s->sheet->columns; c++) {
        enum measure_kind kind;
        if (s->told[c] && !measure_for(s->sheet->column[c].type, &kind))
            n += share_words(s, c, row, count, &thing[n], COUNT_OF(thing) - n);
    }
    n += share_distances(s, row, count, &thing[n], COUNT_OF(thing) - n);
    qsort(thing, n, sizeof *thing, most_telling_first);
    for (size_t i = 0; i < n && i < SHARED_TOLD; i++) {
        if (i > 0) buf_add_cstr(out, "; ");
        add_thing(&thing[i], out);
    }
}
