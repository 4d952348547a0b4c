#include "oracle.h"

#include "base/caldate.h"
#include "base/stream.h"
#include "model/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { COLUMNS = 7, TIME_BYTES = 32 };

/* Which check of the pack answers a row of the oracle. */
struct named {
    const char *oracle, *check;
};
static const struct named names[] = {
    {"full intelligence check on the caller and finder", "intelligence_caller_finder"},
    {"other forces' and national records", "national_records"},
    {"missing person's destination is the scene or the caller's address", "missing_destination"},
    {"account contradicts the body", "account_conflict"},
    {"seized device examined", "device_examined"},
    {"missing phone traced", "missing_phone"},
    {"specialist team asked again", "specialist_asked_again"},
    {"information from a witness has an owner and a date", "information_owner"},
    {"account of the last contact identified", "last_contact_account"},
    {"next of kin told by police", "next_of_kin_told"},
    {"house-to-house", "house_to_house"},
    {"lines of enquiry raised by the note", "note_enquiries"},
    {"handwriting compared by an examiner", "note_handwriting"},
    {"examination advised by the pathologist", "advised_examination"},
    {"same place and same finder as another death", "place_and_finder"},
    {"coroner's questions answered", "coroner_answered"},
    {"earlier deaths near this place shown to those attending", "earlier_deaths_shown"},
    {"officers who attended the earlier deaths asked", "officers_in_common"},
    {"CCTV secured before it is overwritten", "cctv"},
    {"family's information answered", "family_answered"},
    {"release of a person named in an open death", "release_of_person"},
};

static Str check_named(Str title)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(title, str_of(names[i].oracle))) return str_of(names[i].check);
    fail_msg("no check is named for \"%.*s\"", STR_ARG(title));
    return STR_NONE;
}

static int64_t time_in(struct arena *a, Str text)
{
    const Str not_before = S("not before ");
    if (str_starts(text, not_before)) text = str_slice(text, not_before.len, text.len);
    return str_eq(text, S("-")) ? INT64_MAX : checkkit_time(str_cstr(a, text));
}

/* Calls `take` with the cells of each line of a table in the source tree, but for its heading and remarks;
 * cut into `cells`, the last with all that is left. */
static void table_read(struct oracle *o, const char *file, size_t cells,
                       void (*take)(struct oracle *o, const Str *cell))
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", root ? root : ".", file);
    buf_init(&text, 1 << 20);
    if (file_read(path, &text, &e) != OK) fail_msg("%s", e.text);
    Str rest = str_copy(o->arena, buf_str(&text)), line = STR_NONE;
    while (str_next(&rest, '\n', &line)) {
        Str cell[COLUMNS];
        if (str_empty(line) || line.ptr[0] == '#' || str_starts(line, S("n\t"))) continue;
        for (size_t i = 0; i + 1 < cells; i++) {
            size_t tab = str_find_char(line, '\t');
            assert_true(tab != STR_NPOS);
            cell[i] = str_slice(line, 0, tab);
            line = str_slice(line, tab + 1, line.len);
        }
        cell[cells - 1] = line;
        take(o, cell);
    }
}

static void row_take(struct oracle *o, const Str *cell)
{
    struct oracle_row *r = &o->row[o->rows++];
    *r = (struct oracle_row){.number = cell[0],
                             .death = cell[1],
                             .title = cell[2],
                             .check = check_named(cell[2]),
                             .must_open = !str_eq(cell[0], S("-"))};
    if (r->must_open)
        r->opens_ms = time_in(o->arena, cell[3]);
    else
        r->never_before_ms = time_in(o->arena, cell[3]);
}

static void evidence_take(struct oracle *o, const Str *cell)
{
    assert_true(o->evidences < ORACLE_LINES_MAX);
    o->evidence[o->evidences++] = (struct oracle_evidence){cell[0], cell[1]};
}

void oracle_read(struct oracle *o, struct arena *a)
{
    *o = (struct oracle){.arena = a};
    table_read(o, "demo/missed-checks.tsv", COLUMNS, row_take);
    table_read(o, "test/assure/evidence.tsv", 2, evidence_take);
}

size_t oracle_evidences(const struct oracle *o, const struct oracle_row *r)
{
    size_t n = 0;
    for (size_t i = 0; i < o->evidences; i++)
        n += str_eq(o->evidence[i].row, r->number);
    if (n == 0) fail_msg("row %.*s has no evidence in the test", STR_ARG(r->number));
    return n;
}

enum check_state oracle_state(const struct oracle_row *r, const struct check_report *report)
{
    const struct check_status *s = status_of(report, r->check);
    if (!s) fail_msg("row %.*s: the check is gone", STR_ARG(r->number));
    for (size_t i = 0; i < s->items; i++)
        if (s->item[i].opened_ms == r->opens_ms && s->item[i].state != CHECK_COMPLETED)
            return s->item[i].state;
    return CHECK_COMPLETED;
}

Str oracle_line_at(struct arena *a, Str text, int64_t opens_ms)
{
    size_t at = str_find(text, S("\"@"));
    char when[TIME_BYTES];
    if (at == STR_NPOS) return text;
    caldate_format(opens_ms + MS_PER_HOUR * (text.ptr[at + 2] - '0'), when);
    return str_format(a, "%.*s\"%s%.*s", STR_ARG(str_slice(text, 0, at)), when,
                      STR_ARG(str_slice(text, at + 3, text.len)));
}

struct record_id oracle_record(Str id)
{
    enum kind_id kind = str_starts(id, S("D")) ? KIND_DEATH : KIND_CONCERN;
    return (struct record_id){S("main"), kind, id};
}

/* Kinds of record whose every line could be right evidence for a row, and the codes that make it so
 * elsewhere. */
struct spared {
    const char *row, *kind, *field, *codes; /* field NULL: no record of this kind is tried */
};
static const struct spared spares[] = {
    {"1", "action", "type", "intelligence_check"},
    {"2", "action", "type", "intelligence_check"},
    {"3", "decision", "type", "link"},
    {"4", "decision", "type", "answer"},
    {"5", "submission", NULL, NULL},
    {"6", "action", "type", "phone_trace"},
    {"7", "decision", "type", "request_specialist"},
    {"8", "action", NULL, NULL},
    {"9", "action", "type", "account_trace"},
    {"10", "contact", NULL, NULL},
    {"11", "action", "type", "house_to_house"},
    {"12", "action", NULL, NULL},
    {"13", "submission", "test", "handwriting"},
    {"14", "submission", NULL, NULL},
    {"15", "decision", "type", "link"},
    {"18", "action", NULL, NULL},
    {"19", "action", "type", "cctv"},
    {"21", "decision", NULL, NULL},
};

static const struct spared *spared_for(const struct oracle_row *r, const struct kind *kind)
{
    for (size_t i = 0; i < COUNT_OF(spares); i++)
        if (str_eq(r->number, str_of(spares[i].row)) && strcmp(spares[i].kind, kind->name) == 0)
            return &spares[i];
    return NULL;
}

static Str any_of(struct arena *a, struct rng *rng, Str words, char sep)
{
    struct str_list list = str_split(a, words, sep);
    return list.item[rng_below(rng, list.count)];
}

/* Some record that a value could refer to. */
static Str any_key(struct arena *a, struct rng *rng, const struct oracle_row *r, const char *values)
{
    static const struct {
        const char *kind, *ids;
    } pool[] = {{"death", "D1|D2|D3"},
                {"person", "P-PELL|P-WARDEN|P-KOVAC|P-WALKER|P-UNKNOWN-CALLER"},
                {"incident", "I-2014-MSG|I-2014-MISPER1|I-2014-STATION|I-2015-RELEASE"},
                {"officer", "O-1|O-2|O-3|O-4|O-5|O-6"},
                {"exhibit", "E-1|E-2|E-3"},
                {"submission", "SB-1"}};
    if (field_value_listed(values, S("death"))) return r->death;
    for (size_t i = 0; i < COUNT_OF(pool); i++)
        if (field_value_listed(values, str_of(pool[i].kind))) return any_of(a, rng, str_of(pool[i].ids), '|');
    return any_of(a, rng, S("P-PELL|I-2014-MSG|E-1|D1|O-5|K-3|T-1"), '|');
}

static void put_noise(struct json_writer *w, struct arena *a, struct rng *rng, const struct oracle_row *r,
                      const struct field *f)
{
    char day[TIME_BYTES];
    Str name = str_of(f->name);
    caldate_format_day(r->opens_ms + MS_PER_DAY * (int64_t)rng_below(rng, 9), day);
    if (f->type == FT_TEXT || f->type == FT_NARRATIVE || f->type == FT_NAME) json_kv_str(w, name, S("words"));
    if (f->type == FT_YESNO) json_kv_str(w, name, any_of(a, rng, S("yes|no"), '|'));
    if (f->type == FT_TIME) json_kv_str(w, name, str_of(day));
    if (f->type == FT_REF) json_kv_str(w, name, any_key(a, rng, r, f->values));
    if (f->type == FT_CODE)
        json_kv_str(w, name, f->values[0] == '\0' ? S("whatever") : any_of(a, rng, str_of(f->values), ' '));
    if (f->type == FT_REFS || (f->type == FT_CODES && f->values[0] != '@')) {
        json_put_key(w, name);
        json_open(w, '[');
        json_put_str(w, f->type == FT_REFS     ? any_key(a, rng, r, f->values)
                        : f->values[0] == '\0' ? S("whatever")
                                               : any_of(a, rng, str_of(f->values), ' '));
        json_close(w, ']');
    }
}

static Str noise_line(struct arena *a, struct rng *rng, const struct oracle_row *r, const struct kind *kind,
                      Str id)
{
    const struct spared *spare = spared_for(r, kind);
    struct buf text CLEANUP_BUF = {0};
    char when[TIME_BYTES];
    if (spare && !spare->field) return STR_NONE;
    buf_init(&text, 1 << 16);
    struct json_writer w = json_writer(&text, false);
    caldate_format(r->opens_ms + MS_PER_HOUR, when);
    json_open(&w, '{');
    json_kv_str(&w, S("known_at"), str_of(when));
    json_kv_str(&w, S("kind"), str_of(kind->name));
    json_kv_str(&w, S("id"), id);
    json_kv_str(&w, S("source"), S("t"));
    json_put_key(&w, S("set"));
    json_open(&w, '{');
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->field[i];
        bool about = f->type == FT_REF && field_value_listed(f->values, S("death"));
        if (spare && strcmp(f->name, spare->field) == 0) {
            Str word;
            do
                word = any_of(a, rng, str_of(f->values), ' ');
            while (field_value_listed(spare->codes, word));
            json_kv_str(&w, str_of(f->name), word);
        } else if (i == 0 || about || rng_below(rng, 10) < 8) {
            put_noise(&w, a, rng, r, f);
        }
    }
    json_close(&w, '}');
    json_close(&w, '}');
    return str_copy(a, buf_str(&text));
}

static bool noise_kind(enum kind_id kind)
{
    return kind != KIND_DEATH && kind != KIND_IDENTIFIER && kind != KIND_OFFICER && kind != KIND_UNIT &&
           kind != KIND_CHARACTERISTICS && kind != KIND_SAME_EVENT;
}

struct str_list oracle_noise(struct arena *a, struct rng *rng, const struct oracle_row *r, Str id)
{
    struct str_list noise = {NEW_ARRAY(a, Str, KIND_COUNT), 0};
    for (int k = 0; k < KIND_COUNT; k++) {
        if (!noise_kind((enum kind_id)k)) continue;
        Str line = noise_line(a, rng, r, kind_of((enum kind_id)k), id);
        if (str_present(line)) noise.item[noise.count++] = line;
    }
    return noise;
}
