/* The checks that were missed in Barking (demo/missed-checks.tsv): each opens at its moment, on its death,
 * and not a minute earlier; nothing but its evidence closes it; the rows that must never open do not. */
#include "checkkit.h"

#include "base/caldate.h"
#include "base/rng.h"
#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS_MAX = 64, COLUMNS = 7, MINUTE_MS = 60000 };

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

struct row {
    Str number, death, title, check;
    int64_t opens_ms, never_before_ms; /* INT64_MAX: never */
    bool must_open;
};

static struct checkkit kit;
static struct row rows[ROWS_MAX];
static size_t row_count;

static Str check_named(Str title)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(title, str_of(names[i].oracle))) return str_of(names[i].check);
    fail_msg("no check is named for \"%.*s\"", STR_ARG(title));
    return STR_NONE;
}

static int64_t time_in(Str text)
{
    const Str not_before = S("not before ");
    if (str_starts(text, not_before)) text = str_slice(text, not_before.len, text.len);
    return str_eq(text, S("-")) ? INT64_MAX : checkkit_time(str_cstr(kit.kit.arena, text));
}

/* Calls `take` with the cells of each line of a table in the source tree, but for its heading and remarks;
 * cut into `cells`, the last with all that is left. */
static void table_read(const char *file, size_t cells, void (*take)(const Str *cell))
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", root ? root : ".", file);
    buf_init(&text, 1 << 20);
    if (file_read(path, &text, &e) != OK) fail_msg("%s", e.text);
    Str rest = str_copy(kit.kit.arena, buf_str(&text)), line = STR_NONE;
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
        take(cell);
    }
}

static void oracle_take(const Str *cell)
{
    struct row *r = &rows[row_count++];
    *r = (struct row){.number = cell[0],
                      .death = cell[1],
                      .title = cell[2],
                      .check = check_named(cell[2]),
                      .must_open = !str_eq(cell[0], S("-"))};
    if (r->must_open)
        r->opens_ms = time_in(cell[3]);
    else
        r->never_before_ms = time_in(cell[3]);
}

static const struct check_status *status_at(const struct row *r, int64_t now_ms, struct arena *a,
                                            struct check_report *report)
{
    struct case_facts facts;
    struct record_id death = {S("main"), KIND_DEATH, r->death};
    struct err e = {0};
    struct view view = {now_ms, UINT64_MAX};
    struct case_context context = {0};
    if (world_find(kit.world, &death) < 0) return NULL; /* nobody had reported the death */
    context = checkkit_context(&kit, &death, a);
    if (caseload_facts(kit.caseload, a, &death, &context, view, &facts, &e) != OK) fail_msg("%s", e.text);
    checks_evaluate(a, &kit.pack, &facts, now_ms, report);
    return status_of(report, r->check);
}

/* ---- what closes a row, and what does not ----------------------------------------------------------- */

enum { EVIDENCE_LINES_MAX = 128, NOISE = 200, TIME_BYTES = 32, NOBODY = 1000000 };

struct evidence_line {
    Str row, text;
};
static struct evidence_line evidence[EVIDENCE_LINES_MAX];
static size_t evidence_count;

static void evidence_take(const Str *cell)
{
    assert_true(evidence_count < EVIDENCE_LINES_MAX);
    evidence[evidence_count++] = (struct evidence_line){cell[0], cell[1]};
}

/* "@1" becomes the time an hour after the opening. */
static Str line_at(struct arena *a, Str text, int64_t opens_ms)
{
    size_t at = str_find(text, S("\"@"));
    char when[TIME_BYTES];
    if (at == STR_NPOS) return text;
    caldate_format(opens_ms + MS_PER_HOUR * (text.ptr[at + 2] - '0'), when);
    return str_format(a, "%.*s\"%s%.*s", STR_ARG(str_slice(text, 0, at)), when,
                      STR_ARG(str_slice(text, at + 3, text.len)));
}

static struct record_id record_named(Str id)
{
    enum kind_id kind = str_starts(id, S("D")) ? KIND_DEATH : KIND_CONCERN;
    return (struct record_id){S("main"), kind, id};
}

/* Everything of the row's evidence but line `without`, and more lines; the state three hours later. */
static enum check_state state_with(const struct row *r, const struct case_context *links, size_t without,
                                   bool with_evidence, const struct str_list *extra, struct arena *a)
{
    struct caseload *c CLEANUP_CASELOAD = checkkit_barking(&kit);
    struct case_context context = *links;
    struct case_reading *reading = NEW_ARRAY(a, struct case_reading, EVIDENCE_LINES_MAX);
    struct case_facts facts;
    struct check_report report;
    struct err e = {0};
    struct view view = {r->opens_ms + 3 * MS_PER_HOUR, UINT64_MAX};
    struct record_id death = {S("main"), KIND_DEATH, r->death};
    context.reading = reading;
    for (size_t i = 0, n = 0; with_evidence && i < evidence_count; i++) {
        struct str_list word = str_split(a, evidence[i].text, ' ');
        if (!str_eq(evidence[i].row, r->number) || n++ == without) continue;
        if (str_eq(word.item[0], S("reading"))) {
            reading[context.readings++] = (struct case_reading){record_named(word.item[1]), word.item[2],
                                                                r->opens_ms + 2 * MS_PER_HOUR};
            continue;
        }
        Str json = line_at(a, evidence[i].text, r->opens_ms);
        struct entry_line line = {worldkit_line(&kit.kit, str_cstr(a, json)), NOBODY + n, false};
        caseload_add(c, &line);
    }
    for (size_t i = 0; extra && i < extra->count; i++) {
        struct entry_line line = {worldkit_line(&kit.kit, str_cstr(a, extra->item[i])), 2 * NOBODY + i,
                                  false};
        caseload_add(c, &line);
    }
    if (caseload_facts(c, a, &death, &context, view, &facts, &e) != OK) fail_msg("%s", e.text);
    checks_evaluate(a, &kit.pack, &facts, view.known_at_ms, &report);
    const struct check_status *s = status_of(&report, r->check);
    if (!s) fail_msg("row %.*s: the check is gone", STR_ARG(r->number));
    /* other subjects of the check may be open all the while: the one of this moment counts */
    for (size_t i = 0; i < s->items; i++)
        if (s->item[i].opened_ms == r->opens_ms && s->item[i].state != CHECK_COMPLETED)
            return s->item[i].state;
    return CHECK_COMPLETED;
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

static const struct spared *spared_for(const struct row *r, const struct kind *kind)
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
static Str any_key(struct arena *a, struct rng *rng, const struct row *r, const char *values)
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

static void put_noise(struct json_writer *w, struct arena *a, struct rng *rng, const struct row *r,
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

/* A record of a kind, filled at random, that is not this row's evidence. STR_NONE: none can be made. */
static Str noise_line(struct arena *a, struct rng *rng, const struct row *r, const struct kind *kind)
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
    json_kv_str(&w, S("id"), S("NOISE"));
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

static size_t evidence_lines(const struct row *r)
{
    size_t n = 0;
    for (size_t i = 0; i < evidence_count; i++)
        n += str_eq(evidence[i].row, r->number);
    return n;
}

static size_t only_its_evidence_closes(const struct row *r, const struct case_context *links)
{
    struct arena *a CLEANUP_ARENA = arena_new("evidence", (size_t)256 << 20);
    struct rng rng;
    size_t failed = 0, lines = evidence_lines(r);
    rng_seed(&rng, 7);
    if (lines == 0) fail_msg("row %.*s has no evidence in the test", STR_ARG(r->number));
    if (state_with(r, links, SIZE_MAX, true, NULL, a) != CHECK_COMPLETED) {
        print_error("row %.*s, %.*s: its evidence does not close it\n", STR_ARG(r->number),
                    STR_ARG(r->check));
        failed++;
    }
    for (size_t i = 0; i < lines; i++)
        if (state_with(r, links, i, true, NULL, a) == CHECK_COMPLETED) {
            print_error("row %.*s, %.*s: closed without line %zu of its evidence\n", STR_ARG(r->number),
                        STR_ARG(r->check), i + 1);
            failed++;
        }
    for (size_t n = 0; n < NOISE; n++) {
        struct arena_mark mark = arena_mark(a);
        struct str_list noise = {NEW_ARRAY(a, Str, KIND_COUNT), 0};
        for (int k = 0; k < KIND_COUNT; k++) {
            Str line =
                noise_kind((enum kind_id)k) ? noise_line(a, &rng, r, kind_of((enum kind_id)k)) : STR_NONE;
            if (str_present(line)) noise.item[noise.count++] = line;
        }
        if (state_with(r, links, SIZE_MAX, false, &noise, a) == CHECK_COMPLETED) {
            print_error("row %.*s, %.*s: closed by one of\n%.*s\n", STR_ARG(r->number), STR_ARG(r->check),
                        STR_ARG(str_join(a, &noise, S("\n"))));
            failed++;
        }
        arena_release(a, mark);
    }
    return failed;
}

/* ---- moments ---------------------------------------------------------------------------------------- */

struct moment_of_row {
    int64_t at_ms;
    size_t row;
};
static int compare_moments(const void *x, const void *y)
{
    const struct moment_of_row *a = x, *b = y;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* A minute before, and at the moment; and each row that must never open at every moment of the feed. */
static void each_missed_check_opens_at_its_moment(void **state)
{
    struct moment_of_row at[2 * ROWS_MAX];
    size_t moments = 0, failed = 0;
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        if (!rows[i].must_open) continue;
        at[moments++] = (struct moment_of_row){rows[i].opens_ms - MINUTE_MS, i};
        at[moments++] = (struct moment_of_row){rows[i].opens_ms, i};
    }
    qsort(at, moments, sizeof *at, compare_moments);
    for (size_t m = 0; m < moments; m++) {
        struct arena *a CLEANUP_ARENA = arena_new("oracle", (size_t)256 << 20);
        const struct row *r = &rows[at[m].row];
        struct check_report report;
        checkkit_move(&kit, at[m].at_ms);
        const struct check_status *s = status_at(r, at[m].at_ms, a, &report);
        bool open = s && s->state != CHECK_COMPLETED && s->state != CHECK_NOT_NEEDED;
        bool expected = at[m].at_ms == r->opens_ms;
        if (open != expected) {
            print_error("row %.*s, %.*s, %.*s: %s\n", STR_ARG(r->number), STR_ARG(r->death),
                        STR_ARG(r->check), expected ? "not open at its moment" : "open a minute too early");
            failed++;
        }
        if (open && expected) {
            struct record_id death = {S("main"), KIND_DEATH, r->death};
            struct case_context links = checkkit_context(&kit, &death, a);
            failed += only_its_evidence_closes(r, &links);
        }
        if (open && expected && s->opened_ms != r->opens_ms &&
            !str_eq(r->check, S("intelligence_caller_finder"))) {
            char text[32];
            caldate_format(s->opened_ms, text);
            print_error("row %.*s, %.*s: says it opened at %s\n", STR_ARG(r->number), STR_ARG(r->check),
                        text);
            failed++;
        }
        for (size_t n = 0; n < row_count; n++) {
            if (rows[n].must_open || at[m].at_ms >= rows[n].never_before_ms) continue;
            if (status_at(&rows[n], at[m].at_ms, a, &report)) {
                print_error("%.*s, %.*s: must not be open\n", STR_ARG(rows[n].death), STR_ARG(rows[n].check));
                failed++;
            }
        }
    }
    assert_int_equal(failed, 0);
}

/* No rule may open everywhere: how many of a thousand other deaths have each check open, at the end. */
static void no_check_opens_everywhere(void **state)
{
    enum { SAMPLE = 1000, SHARE_MAX_PERCENT = 40 };
    size_t opened[CHECKS_MAX] = {0}, open[CHECKS_MAX] = {0}, deaths = 0, all = 0;
    (void)state;
    checkkit_move(&kit, checkkit_time("2015-10-20T00:00:00Z"));
    for (size_t d = 0; d < caseload_deaths(kit.caseload) && deaths < SAMPLE; d++) {
        struct arena *a CLEANUP_ARENA = arena_new("sample", (size_t)256 << 20);
        const struct record_id *death = caseload_death(kit.caseload, d);
        struct case_context context = checkkit_context(&kit, death, a);
        struct case_facts facts;
        struct check_report report;
        checkkit_facts(&kit, death, &context, a, &facts);
        checks_evaluate(a, &kit.pack, &facts, kit.now_ms, &report);
        for (size_t i = 0; i < report.count; i++) {
            size_t c = (size_t)(report.status[i].check - kit.pack.check);
            opened[c]++;
            open[c] +=
                report.status[i].state != CHECK_COMPLETED && report.status[i].state != CHECK_NOT_NEEDED;
        }
        all += report.count;
        deaths++;
    }
    static const char *const for_all = "identification next_of_kin_told supervisor_review coroner_told";
    print_message("%zu deaths, %.1f checks each\n", deaths, (double)all / (double)deaths);
    for (size_t c = 0; c < kit.pack.count; c++) {
        bool wide = opened[c] * 100 > deaths * SHARE_MAX_PERCENT;
        print_message("  %-28.*s opened %5.1f %%  open %5.1f %%\n", STR_ARG(kit.pack.check[c].id),
                      100.0 * (double)opened[c] / (double)deaths, 100.0 * (double)open[c] / (double)deaths);
        if (wide && !field_value_listed(for_all, kit.pack.check[c].id))
            fail_msg("%.*s opens everywhere", STR_ARG(kit.pack.check[c].id));
    }
}

static int open_kit(void **state)
{
    (void)state;
    checkkit_open(&kit, 3, "2014-01-01", "2015-10-20");
    table_read("demo/missed-checks.tsv", COLUMNS, oracle_take);
    table_read("test/assure/evidence.tsv", 2, evidence_take);
    return 0;
}

static int close_kit(void **state)
{
    (void)state;
    checkkit_close(&kit);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_missed_check_opens_at_its_moment),
        cmocka_unit_test(no_check_opens_everywhere),
    };
    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
