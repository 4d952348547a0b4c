#include "app/report_draft.h"

#include "app/new_id.h"

#include <stdlib.h>

#define NOTE_PREFIX "report/"
#define DRAFTS_MAX  100

/* {"parts":{"death":{...}},"extra":{"phone":"seen"},"answered":{"place":"given"}} */
#define MEMBER_PARTS    "parts"
#define MEMBER_EXTRA    "extra"
#define MEMBER_ANSWERED "answered"
static const char *const ANSWERS[] = {
    [ANSWER_NONE] = "", [ANSWER_GIVEN] = "given", [ANSWER_NOT_KNOWN] = "not_known"};

void report_draft_done(struct report_draft *d)
{
    json_done(&d->doc);
}

static Str note_name(struct arena *a, Str id)
{
    return str_format(a, NOTE_PREFIX "%.*s", STR_ARG(id));
}

/* ---- reaching into it ------------------------------------------------------------------------------- */

/* A member that is an object, made when it is not there. */
static Json *object_in(Json *in, const char *name)
{
    if (json_type(json_get(in, name)) != JSON_OBJECT)
        json_build_member(in, str_of(name), json_build_object());
    return (Json *)(uintptr_t)json_get(in, name); /* it is the draft's own */
}

Json *report_draft_part(struct report_draft *d, enum report_part part)
{
    return object_in(object_in(d->doc.root, MEMBER_PARTS), REPORT_PART[part].name);
}

static const Json *part_of(const struct report_draft *d, enum report_part part)
{
    return json_get(json_get(d->doc.root, MEMBER_PARTS), REPORT_PART[part].name);
}

Str report_draft_set(const struct report_draft *d, enum report_part part, struct arena *a)
{
    const Json *set = part_of(d, part);
    struct buf text CLEANUP_BUF;
    buf_init(&text, 2 * NOTE_BYTES_MAX);
    json_write_present(&text, set);
    return str_copy(a, buf_str(&text));
}

static Str text_of(const struct report_draft *d, const char *group, const char *name)
{
    Str s = json_str(json_get(json_get(d->doc.root, group), name));
    return str_present(s) ? s : S("");
}

Str report_draft_extra(const struct report_draft *d, enum report_extra extra)
{
    return text_of(d, MEMBER_EXTRA, REPORT_EXTRA[extra].name);
}

void report_draft_put_extra(struct report_draft *d, enum report_extra extra, Str code)
{
    json_build_member(object_in(d->doc.root, MEMBER_EXTRA), str_of(REPORT_EXTRA[extra].name),
                      json_build_text(code));
}

enum report_answer report_draft_answered(const struct report_draft *d, int step)
{
    Str word = text_of(d, MEMBER_ANSWERED, REPORT_STEP[step].name);
    for (size_t i = ANSWER_GIVEN; i < COUNT_OF(ANSWERS); i++)
        if (str_eq(word, str_of(ANSWERS[i]))) return (enum report_answer)i;
    return ANSWER_NONE;
}

void report_draft_answer(struct report_draft *d, int step, enum report_answer answer)
{
    json_build_member(object_in(d->doc.root, MEMBER_ANSWERED), str_of(REPORT_STEP[step].name),
                      json_build_text(str_of(ANSWERS[answer])));
}

int report_draft_next(const struct report_draft *d)
{
    int step = 0;
    while (step < REPORT_STEPS && report_draft_answered(d, step) != ANSWER_NONE)
        step++;
    return step;
}

/* ---- keeping it ------------------------------------------------------------------------------------- */

void report_draft_begin(const struct entropy *entropy, struct arena *a, struct report_draft *out)
{
    *out = (struct report_draft){.id = new_id(a, entropy, S("")), .doc = {json_build_object()}};
}

static bool is_draft_id(Str id)
{
    if (id.len == 0 || id.len > 40) return false;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) return false;
    }
    return true;
}

static enum status draft_of(const struct note *note, struct arena *a, struct report_draft *out, struct err *e)
{
    *out =
        (struct report_draft){.id = str_copy(a, str_slice(note->name, strlen(NOTE_PREFIX), note->name.len)),
                              .changed_ms = note->changed_ms};
    return json_parse(note->text, &out->doc, e);
}

enum status report_draft_load(struct store *s, uint64_t account, Str id, struct arena *a,
                              struct report_draft *out, struct err *e)
{
    struct note note;
    *out = (struct report_draft){0};
    if (!is_draft_id(id)) return ERR(e, E_NOT_FOUND, "", "there is no such draft.");
    TRY(note_get(s, account, note_name(a, id), a, &note, e));
    return draft_of(&note, a, out, e);
}

enum status report_draft_save(struct store *s, uint64_t account, const struct report_draft *d, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("the name of a draft", (size_t)1 << 16);
    struct buf text CLEANUP_BUF;
    buf_init(&text, 2 * NOTE_BYTES_MAX);
    json_write_canonical(&text, d->doc.root);
    TRY(buf_status(&text, e));
    return note_put(s, account, note_name(a, d->id), buf_str(&text), e);
}

enum status report_draft_drop(struct store *s, uint64_t account, Str id, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("the name of a draft", (size_t)1 << 16);
    return is_draft_id(id) ? note_drop(s, account, note_name(a, id), e) : OK;
}

static Str place_words(const struct report_draft *d, struct arena *a)
{
    Str address = json_str(json_get(part_of(d, REPORT_DEATH), "address"));
    return str_present(address) ? str_copy(a, address) : S("");
}

static int latest_first(const void *left, const void *right)
{
    const struct report_draft_line *a = left, *b = right;
    if (a->changed_ms != b->changed_ms) return a->changed_ms > b->changed_ms ? -1 : 1;
    return str_compare(a->id, b->id);
}

enum status report_draft_list(struct store *s, uint64_t account, struct arena *a,
                              struct report_draft_line **out, size_t *count, struct err *e)
{
    struct note *note = NULL;
    size_t notes = 0;
    TRY(note_list(s, account, S(NOTE_PREFIX), a, &note, &notes, e));
    struct report_draft_line *line = NEW_ARRAY(a, struct report_draft_line, notes + 1);
    *count = 0;
    for (size_t i = 0; i < notes && *count < DRAFTS_MAX; i++) {
        struct report_draft d CLEANUP_DRAFT = {0};
        TRY(draft_of(&note[i], a, &d, e));
        struct report_draft_line *l = &line[(*count)++];
        *l = (struct report_draft_line){d.id, place_words(&d, a), d.changed_ms, 0, report_draft_next(&d)};
        for (int step = 0; step < REPORT_STEPS; step++)
            l->answered += report_draft_answered(&d, step) != ANSWER_NONE;
    }
    if (*count > 1) qsort(line, *count, sizeof *line, latest_first);
    *out = line;
    return OK;
}

/* ---- one answer ------------------------------------------------------------------------------------- */

enum status report_draft_fact(const struct report_draft *d, const struct policy *policy,
                              enum report_part part, int field, struct arena *a, struct fact *out,
                              struct err *e)
{
    const struct kind *kind = kind_of(REPORT_PART[part].kind);
    const Json *value = json_get(part_of(d, part), kind->field[field].name);
    *out = (struct fact){.field = field};
    if (json_type(value) == JSON_NULL) return OK;
    return fact_make(a, policy, kind, field, value,
                     kind->field[field].type == FT_IDENTIFIER ? S("phone") : S(""), out, e);
}
