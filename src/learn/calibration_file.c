#include "learn/calibration_file.h"

#include "base/caldate.h"

#include <math.h>

/* ORDER key_names */
enum key {
    KEY_MODEL,
    KEY_MADE_BY,
    KEY_MADE_ON,
    KEY_POPULATION,
    KEY_WAY,
    KEY_PREVALENCE,
    KEY_PAIRS,
    KEY_LINKED,
    KEY_OWN_DECISIONS,
    KEY_ERROR,
    KEY_BRIER,
    KEY_BIN,
    KEY_COUNT
};
static const char *const key_names[KEY_COUNT] = {"model",         "made_by",    "made_on", "population",
                                                 "way",           "prevalence", "pairs",   "linked",
                                                 "own_decisions", "error",      "brier",   "bin"};

struct reading {
    struct arena *arena;
    struct calibration_file *out;
    unsigned line;
    uint32_t seen; /* bits of enum key */
    struct err *e;
};

#define REFUSE(r, ...) refuse(r, str_format((r)->arena, __VA_ARGS__))
static enum status refuse(const struct reading *r, Str why)
{
    return ERR(r->e, E_INVALID, "calibration", "calibration record, line %u: %.*s", r->line, STR_ARG(why));
}

static enum status take_share(const struct reading *r, enum key key, Str text, double *out)
{
    double v;
    if (str_to_f64(text, &v) != OK || v < 0 || v > 1)
        return REFUSE(r, "%s is a number from 0 to 1, not \"%.*s\"", key_names[key], STR_ARG(text));
    *out = v;
    return OK;
}

static enum status take_count(const struct reading *r, enum key key, Str text, uint64_t *out)
{
    int64_t v;
    if (str_to_i64(text, &v) != OK || v < 0)
        return REFUSE(r, "%s is a whole number from 0, not \"%.*s\"", key_names[key], STR_ARG(text));
    *out = (uint64_t)v;
    return OK;
}

static enum status take_bin(const struct reading *r, Str value)
{
    struct calibration_record *rec = &r->out->record;
    struct str_list cell = str_split(r->arena, value, '\t');
    if (cell.count != 6)
        return REFUSE(r, "a bin has low, high, probability, linked_share, items and linked, divided by tabs");
    if (rec->bins == RECORD_BINS) return REFUSE(r, "there are more than %d bins", RECORD_BINS);
    struct reliability_bin *b = &rec->bin[rec->bins];
    TRY(take_share(r, KEY_BIN, cell.item[0], &b->low));
    TRY(take_share(r, KEY_BIN, cell.item[1], &b->high));
    TRY(take_share(r, KEY_BIN, cell.item[2], &b->probability));
    TRY(take_share(r, KEY_BIN, cell.item[3], &b->linked_share));
    TRY(take_count(r, KEY_BIN, cell.item[4], &b->items));
    TRY(take_count(r, KEY_BIN, cell.item[5], &b->linked));
    if (b->linked > b->items || b->low > b->high)
        return REFUSE(r, "a bin cannot hold more linked ones than items, nor begin above its end");
    rec->bins++;
    return OK;
}

static enum status take_way(const struct reading *r, Str value)
{
    int way = calibration_way_named(value);
    if (way < 0) return REFUSE(r, "way is platt, isotonic or prior, not \"%.*s\"", STR_ARG(value));
    r->out->record.way = (enum calibration_way)way;
    return OK;
}

static enum status take_day(const struct reading *r, Str value)
{
    int64_t ms;
    bool day_only = false;
    struct err why = {0};
    if (caldate_parse(value, &ms, &day_only, &why) != OK || !day_only)
        return REFUSE(r, "made_on is a day, 2026-11-22, not \"%.*s\"", STR_ARG(value));
    r->out->made_on = value;
    return OK;
}

static enum status take_value(struct reading *r, enum key key, Str value)
{
    struct calibration_record *rec = &r->out->record;
    switch (key) {
    case KEY_MODEL:
        r->out->model = value;
        return OK;
    case KEY_MADE_BY:
        r->out->made_by = value;
        return OK;
    case KEY_MADE_ON:
        return take_day(r, value);
    case KEY_POPULATION:
        rec->population = value;
        return OK;
    case KEY_WAY:
        return take_way(r, value);
    case KEY_PREVALENCE:
        return take_share(r, key, value, &rec->prevalence);
    case KEY_PAIRS:
        return take_count(r, key, value, &rec->pairs);
    case KEY_LINKED:
        return take_count(r, key, value, &rec->linked);
    case KEY_OWN_DECISIONS:
        return take_count(r, key, value, &rec->own_decisions);
    case KEY_ERROR:
        return take_share(r, key, value, &rec->error);
    case KEY_BRIER:
        return take_share(r, key, value, &rec->brier);
    case KEY_BIN:
        return take_bin(r, value);
    case KEY_COUNT:
        break;
    }
    BUG("no such key: %d", (int)key);
}

static enum status take_line(struct reading *r, Str line)
{
    size_t tab = str_find_char(line, '\t');
    Str name = str_slice(line, 0, tab == STR_NPOS ? line.len : tab);
    for (int k = 0; k < KEY_COUNT; k++) {
        if (!str_eq(name, str_of(key_names[k]))) continue;
        Str value = tab == STR_NPOS ? S("") : str_trim(str_slice(line, tab + 1, line.len));
        if (str_empty(value)) return REFUSE(r, "%s has no value; write it after a tab", key_names[k]);
        if ((r->seen & (1u << k)) != 0 && k != KEY_BIN) return REFUSE(r, "%s stands twice", key_names[k]);
        r->seen |= 1u << k;
        return take_value(r, (enum key)k, str_copy(r->arena, value));
    }
    return REFUSE(r, "there is no key \"%.*s\"", (int)(name.len > 40 ? 40 : name.len), name.ptr);
}

enum status calibration_file_read(struct arena *a, Str text, struct calibration_file *out, struct err *e)
{
    struct calibration_file f = {.model = S("")};
    struct reading r = {.arena = a, .out = &f, .e = e};
    Str rest = text, line;
    while (str_next(&rest, '\n', &line)) {
        r.line++;
        line = str_trim(line);
        if (str_empty(line) || line.ptr[0] == '#') continue;
        TRY(take_line(&r, line));
    }
    for (int k = 0; k < KEY_COUNT; k++)
        if ((r.seen & (1u << k)) == 0)
            return ERR(e, E_INVALID, "calibration", "the calibration record lacks %s", key_names[k]);
    if (f.record.linked > f.record.pairs || f.record.own_decisions > f.record.pairs)
        return ERR(e, E_INVALID, "calibration",
                   "the calibration record counts more linked pairs, or more decisions, than pairs");
    *out = f;
    return OK;
}

static void put_share(struct buf *out, const char *key, double v)
{
    buf_addf(out, "%s\t%.6g\n", key, isnan(v) ? 0 : v);
}

void calibration_file_write(struct buf *out, const struct calibration_file *f)
{
    const struct calibration_record *r = &f->record;
    buf_add_cstr(
        out,
        "# How far the probabilities of a linkage model were seen to hold. Words of probability need the "
        "force's own decisions.\n");
    buf_addf(out, "model\t%.*s\nmade_by\t%.*s\nmade_on\t%.*s\npopulation\t%.*s\nway\t%s\n", STR_ARG(f->model),
             STR_ARG(f->made_by), STR_ARG(f->made_on), STR_ARG(r->population), calibration_way_name(r->way));
    put_share(out, "prevalence", r->prevalence);
    buf_addf(out, "pairs\t%llu\nlinked\t%llu\nown_decisions\t%llu\n", (unsigned long long)r->pairs,
             (unsigned long long)r->linked, (unsigned long long)r->own_decisions);
    put_share(out, "error", r->error);
    put_share(out, "brier", r->brier);
    buf_add_cstr(out, "# bin\tlow\thigh\tprobability\tlinked_share\titems\tlinked\n");
    for (size_t i = 0; i < r->bins; i++) {
        const struct reliability_bin *b = &r->bin[i];
        buf_addf(out, "bin\t%.6g\t%.6g\t%.6g\t%.6g\t%llu\t%llu\n", b->low, b->high, b->probability,
                 b->linked_share, (unsigned long long)b->items, (unsigned long long)b->linked);
    }
}
