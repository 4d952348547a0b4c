#include "assure/selector.h"

#include "base/caldate.h"
#include "model/kinds.h"
#include "model/suggest.h"

enum { TESTS_MAX = 16, MINUTES_IN_HOUR = 60, DAYS_MAX = 36500 };

/* clang-format off */
const struct derived_field derived_fields[] = {
    {"category", "is", "none expected unexpected_not_suspicious unexpected_investigating homicide", "the category in force: first the report's, then the latest classify decision's"},
    {"category", "unexpected", "yes", "stands while the category is anything but expected, and while none was given"},
    {"category", "challenged", "yes", "a link above the threshold stands against a category that calls the death explained; until a review after a new link, or a new classification"},
    {"link", "other", "", "the event it leads to"},
    {"link", "of", "death incident", "what kind of event that is"},
    {"link", "type", "", "an incident's type"},
    {"link", "strong", "yes no", "does it reach the threshold for alerts"},
    {"link", "weight", "", "the weight of evidence in tenfold steps: 2.0 is a hundred times as likely in one series as by chance"},
    {"link", "shares", "", "what ties the two: place, person, and each type of identifier (phone, address, handle ...); destination, when one side names where somebody was going"},
    {"link", "officers", "", "officers who attended both"},
    {"link", "distance_m", "", "metres between the two"},
    {"near", "other", "", "an earlier death near this place"},
    {"near", "distance_m", "", "metres between the two"},
    {"near", "gap_days", "", "days between the two reports"},
    {"near", "same", "mechanism setting access sex", "what both have in common"},
    {"reading", "of", "", "the record that was read"},
    {"reading", "reader", "", "who read it"},
    {"reading", "capacity", "", "in what capacity that officer attended this death"},
    {"reading", "other", "yes", "the reader does not own what was read"},
    {"incident", "via", "", "the part, in this death, of the person who ties it to the incident"},
    {"incident", "as", "", "that person's part in the incident"},
    {"identifier", "via", "", "the part, in this death, of the person it leads to"},
    {"person", "part", "", "the person's part in this death"},
    {"contact", "with", "", "the part, in this death, of the person told"},
    {"statement", "with", "", "the part, in this death, of the person who said it"},
    {"decision", "second", "yes", "approved by another person than the one who decided"},
    {"decision", "step", "first up down same", "of a classify decision: which way the category went"},
    {"decision", "breaks", "no_reason no_second_person no_supervisor no_evidence", "where a step down does not meet today's rule"},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int rank_height(Str rank)
{
    static const char *const ladder[] = {"constable", "sergeant", "inspector", "chief_inspector",
                                         "superintendent"};
    if (str_starts(rank, S("detective_"))) rank = str_slice(rank, sizeof "detective_" - 1, rank.len);
    for (size_t i = 0; i < COUNT_OF(ladder); i++)
        if (str_eq(rank, str_of(ladder[i]))) return (int)i + 1;
    return 0;
}

/* ---- what there is to ask about --------------------------------------------------------------------- */

static const struct derived_field *derived_find(Str kind, Str field)
{
    for (const struct derived_field *d = derived_fields; d->kind; d++)
        if (str_eq(str_of(d->kind), kind) && (!str_present(field) || str_eq(str_of(d->field), field)))
            return d;
    return NULL;
}

bool selector_kind_known(Str kind)
{
    return kind_named(kind) || derived_find(kind, STR_NONE);
}

bool selector_field_known(Str kind, Str field)
{
    const struct kind *k = kind_named(kind);
    return str_eq(field, S("id")) || derived_find(kind, field) || (k && field_index(k, field) >= 0);
}

static enum status kind_check(Str kind, struct err *e)
{
    if (selector_kind_known(kind)) return OK;
    struct suggest s = suggest_for(kind);
    for (int i = 0; i < KIND_COUNT; i++)
        suggest_try(&s, str_of(kind_of((enum kind_id)i)->name));
    for (const struct derived_field *d = derived_fields; d->kind; d++)
        suggest_try(&s, str_of(d->kind));
    Str near = suggest_best(&s);
    return ERR(e, E_INVALID, "kind", "\"%.*s\" is no kind of record%s%.*s%s", STR_ARG(str_slice(kind, 0, 40)),
               str_present(near) ? "; did you mean \"" : "", STR_ARG(near), str_present(near) ? "\"?" : "");
}

static enum status field_check(Str kind, Str field, struct err *e)
{
    if (selector_field_known(kind, field)) return OK;
    const struct kind *k = kind_named(kind);
    struct suggest s = suggest_for(field);
    for (size_t i = 0; k && i < k->field_count; i++)
        suggest_try(&s, str_of(k->field[i].name));
    for (const struct derived_field *d = derived_fields; d->kind; d++)
        if (str_eq(str_of(d->kind), kind)) suggest_try(&s, str_of(d->field));
    Str near = suggest_best(&s);
    return ERR(e, E_INVALID, "field", "\"%.*s\" is no field of %.*s%s%.*s%s",
               STR_ARG(str_slice(field, 0, 40)), STR_ARG(kind), str_present(near) ? "; did you mean \"" : "",
               STR_ARG(near), str_present(near) ? "\"?" : "");
}

/* Does a path's field lead to another record, and do any of those hold `field`? */
static enum status path_check(Str kind, Str path, Str field, struct err *e)
{
    const struct kind *k = kind_named(kind);
    int at = k ? field_index(k, path) : -1;
    const struct field *f = at < 0 ? NULL : &k->field[at];
    if (!f || (f->type != FT_REF && f->type != FT_REFS) || f->values[0] == '\0')
        return ERR(e, E_INVALID, "field",
                   "\"%.*s\" of %.*s leads to no other record, so nothing can stand after the point",
                   STR_ARG(path), STR_ARG(kind));
    for (int i = 0; i < KIND_COUNT; i++) {
        Str name = str_of(kind_of((enum kind_id)i)->name);
        bool leads = str_eq(str_of(f->values), S("any")) || field_value_listed(f->values, name);
        if (leads && selector_field_known(name, field)) return OK;
    }
    return ERR(e, E_INVALID, "field", "nothing that \"%.*s\" leads to has a field \"%.*s\"", STR_ARG(path),
               STR_ARG(field));
}

/* A code that the field can never hold would make a rule that never opens or never closes. */
static enum status word_check(Str kind, Str field, Str word, struct err *e)
{
    const struct kind *k = kind_named(kind);
    const struct derived_field *d = derived_find(kind, field);
    int at = k ? field_index(k, field) : -1;
    const char *values = d ? d->values : "";
    if (!d && at >= 0 && (k->field[at].type == FT_CODE || k->field[at].type == FT_CODES))
        values = k->field[at].values;
    if (str_eq(word, S("@")) || values[0] == '\0' || values[0] == '@' || field_value_listed(values, word))
        return OK;
    return ERR(e, E_INVALID, "word", "\"%.*s\" is no word of %.*s.%.*s; accepted: %.300s",
               STR_ARG(str_slice(word, 0, 40)), STR_ARG(kind), STR_ARG(field), values);
}

/* ---- reading words ---------------------------------------------------------------------------------- */

struct words {
    struct arena *a;
    Str rest;
    bool evidence; /* each: has a meaning only there */
};

#define EACH S("each:")

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

/* The next word without taking it; STR_NONE at the end. Commas are for readers only. */
static Str peek(struct words *w)
{
    size_t from = 0, to;
    while (from < w->rest.len && blank(w->rest.ptr[from]))
        from++;
    w->rest = str_slice(w->rest, from, w->rest.len);
    for (to = 0; to < w->rest.len && !blank(w->rest.ptr[to]);)
        to++;
    return to == 0 ? STR_NONE : str_slice(w->rest, 0, to);
}

static Str take(struct words *w)
{
    Str word = peek(w);
    w->rest = str_slice(w->rest, word.len, w->rest.len);
    return word;
}

static bool take_if(struct words *w, Str expected)
{
    if (!str_eq(peek(w), expected)) return false;
    (void)take(w);
    return true;
}

static enum status at_end(struct words *w, struct err *e)
{
    Str word = peek(w);
    if (!str_present(word)) return OK;
    return ERR(e, E_INVALID, "word", "\"%.*s\" was not expected here", STR_ARG(str_slice(word, 0, 40)));
}

enum status duration_parse(Str text, int64_t *ms, struct err *e)
{
    int64_t number = 0, unit = 0;
    if (text.len >= 2) {
        char last = text.ptr[text.len - 1];
        unit = last == 'm'   ? MS_PER_HOUR / MINUTES_IN_HOUR
               : last == 'h' ? MS_PER_HOUR
               : last == 'd' ? MS_PER_DAY
                             : 0;
    }
    if (unit == 0 || str_to_i64(str_slice(text, 0, text.len - 1), &number) != OK || number < 1 ||
        number > DAYS_MAX)
        return ERR(e, E_INVALID, "duration", "\"%.*s\" is no duration; write 30m, 4h or 28d",
                   STR_ARG(str_slice(text, 0, 40)));
    *ms = number * unit;
    return OK;
}

/* ---- tests ------------------------------------------------------------------------------------------ */

struct operator_row {
    const char *sign;
    enum test_op op;
};

/* Where field and operator part; the longer sign of two that begin alike comes first. */
static bool operator_find(Str word, size_t *at, size_t *length, enum test_op *op)
{
    static const struct operator_row row[] = {
        {"!=", TEST_IS_NOT}, {"<=", TEST_AT_MOST}, {">=", TEST_AT_LEAST}, {"=", TEST_IS}, {"~", TEST_HOLDS}};
    for (size_t i = 0; i < word.len; i++)
        for (size_t r = 0; r < COUNT_OF(row); r++) {
            Str sign = str_of(row[r].sign);
            if (!str_starts(str_slice(word, i, word.len), sign)) continue;
            *at = i;
            *length = sign.len;
            *op = row[r].op;
            return true;
        }
    return false;
}

static enum status measure_parse(struct test *t, struct err *e)
{
    Str word = t->word.item[0];
    int height = rank_height(word);
    t->number = height;
    if (t->word.count == 1 && (height > 0 || str_to_f64(word, &t->number) == OK)) return OK;
    return ERR(e, E_INVALID, "word", "<= and >= want one number or rank, not \"%.*s\"",
               STR_ARG(str_slice(word, 0, 40)));
}

static enum status test_words(Str kind, struct test *t, bool evidence, struct err *e)
{
    Str first = t->word.item[0];
    if (str_starts(first, EACH) && (!evidence || t->op != TEST_IS || str_present(t->path)))
        return ERR(e, E_INVALID, "word", "each: belongs to what closes a check, as in system=each:local|PNC");
    if (str_starts(first, EACH)) first = str_slice(first, EACH.len, first.len);
    if (t->op == TEST_AT_MOST || t->op == TEST_AT_LEAST) return measure_parse(t, e);
    if (t->word.count == 1 && str_eq(t->word.item[0], S("*")) && t->op != TEST_HOLDS) {
        t->op = t->op == TEST_IS ? TEST_STANDS : TEST_ABSENT;
        return OK;
    }
    for (size_t i = 0; i < t->word.count; i++) {
        Str word = i == 0 ? first : t->word.item[i];
        if (str_empty(word)) return ERR(e, E_INVALID, "word", "a word is missing beside a |");
        if (t->op != TEST_HOLDS && !str_present(t->path)) TRY(word_check(kind, t->field, word, e));
    }
    return OK;
}

static enum status test_parse(struct words *w, Str kind, Str word, struct test *out, struct err *e)
{
    size_t at = 0, length = 0;
    struct test t = {.path = STR_NONE, .number = 0};
    if (!operator_find(word, &at, &length, &t.op) || at == 0 || at + length == word.len)
        return ERR(e, E_INVALID, "word", "\"%.*s\" is no test; write FIELD=WORD, FIELD=* or FIELD!=*",
                   STR_ARG(str_slice(word, 0, 40)));
    t.field = str_slice(word, 0, at);
    t.word = str_split(w->a, str_slice(word, at + length, word.len), '|');
    size_t point = str_find_char(t.field, '.');
    if (point == STR_NPOS) {
        TRY(field_check(kind, t.field, e));
    } else {
        t.path = str_slice(t.field, 0, point);
        t.field = str_slice(t.field, point + 1, t.field.len);
        TRY(path_check(kind, t.path, t.field, e));
    }
    TRY(test_words(kind, &t, w->evidence, e));
    *out = t;
    return OK;
}

static bool is_test(Str word)
{
    size_t at, length;
    enum test_op op;
    return str_present(word) && operator_find(word, &at, &length, &op);
}

static enum status selector_read(struct words *w, struct selector *out, struct err *e)
{
    struct selector s = {.kind = take(w)};
    if (!str_present(s.kind)) return ERR(e, E_INVALID, "kind", "a kind of record is missing");
    TRY(kind_check(s.kind, e));
    for (;;) {
        if (take_if(w, S("later"))) {
            s.later = true;
            continue;
        }
        if (!is_test(peek(w))) break;
        if (s.tests == TESTS_MAX)
            return ERR(e, E_LIMIT, "word", "one record can be asked at most %d things", TESTS_MAX);
        s.test = arena_grow(w->a, s.test, s.tests, s.tests + 1, sizeof *s.test, _Alignof(struct test));
        TRY(test_parse(w, s.kind, take(w), &s.test[s.tests], e));
        s.tests++;
    }
    *out = s;
    return OK;
}

enum status selector_parse(struct arena *a, Str text, struct selector *out, struct err *e)
{
    struct words w = {a, text, false};
    TRY(selector_read(&w, out, e));
    return at_end(&w, e);
}

/* ---- steps ------------------------------------------------------------------------------------------ */

static enum status step_add(struct words *w, struct step *step, size_t *steps, enum step_link link,
                            struct err *e)
{
    struct step s = {.link = link};
    if (*steps == SELECTOR_STEPS_MAX)
        return ERR(e, E_LIMIT, "word", "a line has at most %d steps", SELECTOR_STEPS_MAX);
    do {
        if (s.alternatives == SELECTOR_STEPS_MAX)
            return ERR(e, E_LIMIT, "word", "at most %d kinds can stand with or", SELECTOR_STEPS_MAX);
        struct selector one;
        TRY(selector_read(w, &one, e));
        s.any = arena_grow(w->a, s.any, s.alternatives, s.alternatives + 1, sizeof one,
                           _Alignof(struct selector));
        s.any[s.alternatives++] = one;
    } while (take_if(w, S("or")));
    step[(*steps)++] = s;
    return OK;
}

static enum status opening_tail(struct words *w, struct opening *o, struct err *e)
{
    o->step = NEW_ARRAY(w->a, struct step, SELECTOR_STEPS_MAX);
    for (;;) {
        if (take_if(w, S("and"))) {
            TRY(step_add(w, o->step, &o->steps, STEP_AND, e));
        } else if (take_if(w, S("without"))) {
            TRY(step_add(w, o->step, &o->steps, STEP_WITHOUT, e));
        } else if (take_if(w, S("then"))) {
            TRY(step_add(w, o->step, &o->steps, STEP_THEN, e));
        } else {
            return at_end(w, e);
        }
    }
}

enum status opening_parse(struct arena *a, Str text, struct opening *out, struct err *e)
{
    struct words w = {a, text, false};
    struct opening o = {.by = STR_NONE};
    o.each = take_if(&w, S("each"));
    TRY(selector_read(&w, &o.first, e));
    if (take_if(&w, S("by"))) {
        o.by = take(&w);
        if (!o.each) return ERR(e, E_INVALID, "by", "by tells subjects apart, so the line begins with each");
        TRY(field_check(o.first.kind, str_present(o.by) ? o.by : S(""), e));
    }
    if (take_if(&w, S("at"))) {
        int64_t n = 0;
        if (!take_if(&w, S("least")) || str_to_i64(take(&w), &n) != OK || n < 1)
            return ERR(e, E_INVALID, "at", "write: at least N");
        o.at_least = (uint64_t)n;
    }
    if (take_if(&w, S("for"))) TRY(duration_parse(take(&w), &o.lasts_ms, e));
    TRY(opening_tail(&w, &o, e));
    *out = o;
    return OK;
}

/* A test of each:A|B|C becomes a step for each of its words. */
static enum status steps_spread(struct arena *a, struct step *step, size_t *steps, size_t at, struct err *e)
{
    struct selector *s = &step[at].any[0];
    for (size_t i = 0; i < s->tests; i++) {
        struct str_list all = s->test[i].word;
        if (all.count == 0 || !str_starts(all.item[0], EACH)) continue;
        all.item[0] = str_slice(all.item[0], EACH.len, all.item[0].len);
        if (*steps + all.count - 1 > SELECTOR_STEPS_MAX)
            return ERR(e, E_LIMIT, "word", "a line has at most %d steps", SELECTOR_STEPS_MAX);
        for (size_t n = 0; n < all.count; n++) {
            struct step *into = n == 0 ? &step[at] : &step[(*steps)++];
            struct selector *one = NEW(a, struct selector);
            *one = *s;
            one->test = NEW_ARRAY(a, struct test, s->tests);
            memcpy(one->test, s->test, s->tests * sizeof *one->test);
            one->test[i].word = (struct str_list){&all.item[n], 1};
            *into = (struct step){STEP_AND, one, 1};
        }
        return OK;
    }
    return OK;
}

enum status evidence_parse(struct arena *a, Str text, struct evidence *out, struct err *e)
{
    struct words w = {a, text, true};
    struct evidence v = {.step = NEW_ARRAY(a, struct step, SELECTOR_STEPS_MAX)};
    TRY(step_add(&w, v.step, &v.steps, STEP_AND, e));
    for (;;) {
        if (take_if(&w, S("and"))) {
            TRY(step_add(&w, v.step, &v.steps, STEP_AND, e));
        } else if (take_if(&w, S("then"))) {
            TRY(step_add(&w, v.step, &v.steps, STEP_THEN, e));
        } else {
            break;
        }
    }
    TRY(at_end(&w, e));
    for (size_t i = 0, given = v.steps; i < given; i++)
        TRY(steps_spread(a, v.step, &v.steps, i, e));
    *out = v;
    return OK;
}

enum status waiting_parse(struct arena *a, Str text, struct waiting *out, struct err *e)
{
    struct words w = {a, text, false};
    struct waiting v = {.whom = STR_NONE};
    TRY(selector_read(&w, &v.on, e));
    if (take_if(&w, S("for"))) v.whom = str_trim(w.rest);
    if (str_empty(v.whom))
        return ERR(e, E_INVALID, "waiting", "say for whom: ... for the laboratory, or ... for {owner}");
    if (v.whom.ptr[0] == '{') {
        if (v.whom.len < 3 || v.whom.ptr[v.whom.len - 1] != '}')
            return ERR(e, E_INVALID, "waiting", "a field of the record is written {owner}");
        TRY(field_check(v.on.kind, str_slice(v.whom, 1, v.whom.len - 1), e));
    }
    *out = v;
    return OK;
}
