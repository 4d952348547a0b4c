/* Cases of checks, categories and the quality of a report (the .cases files beside this): a pack, lines of a
 * feed, moments, and what comes out. The head of the first file says how a case is written. */
#include "assure/caseload.h"
#include "assure/category.h"
#include "assure/evaluate.h"
#include "assure/quality.h"
#include "base/assets.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "model/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TEXT_MAX = 1 << 20, LINES_MAX = 200 };

static const char *const HEAD =
    "[pack]\nname = t\nversion = 1\ntitle = T\nclocks = Ours.\n[group g]\ntitle = G\n";
static const char *const REST = "title = T\nasks = A\nwhy = W\nsource = S\ngroup = g\nfor = detective\n";

struct bed {
    struct arena *a;
    struct policy policy;
};
static struct bed bed;

static Str source_file(const char *name)
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    char path[1024];
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    (void)snprintf(path, sizeof path, "%s/%s", root ? root : ".", name);
    buf_init(&text, TEXT_MAX);
    if (file_read(path, &text, &e) != OK) fail_msg("%s", e.text);
    return str_copy(bed.a, buf_str(&text));
}

/* ---- a case ----------------------------------------------------------------------------------------- */

struct one_case {
    Str name, checks, lines, ask, out;
};

/* The text between "-- NAME" and the next mark. */
static Str part_of(Str text, const char *name)
{
    Str mark = str_format(bed.a, "-- %s\n", name);
    size_t at = str_find(text, mark);
    if (at == STR_NPOS) return S("");
    Str rest = str_slice(text, at + mark.len, text.len);
    size_t end = str_find(rest, S("\n-- "));
    return str_slice(rest, 0, end == STR_NPOS ? rest.len : end + 1);
}

/* "+++" is the head of a pack, "..." the keys of a check that do not matter here. */
static Str expand(Str text)
{
    struct buf out CLEANUP_BUF;
    Str line = STR_NONE;
    buf_init(&out, TEXT_MAX);
    while (str_next(&text, '\n', &line)) {
        if (str_eq(line, S("+++")))
            buf_add_cstr(&out, HEAD);
        else if (str_eq(line, S("...")))
            buf_add_cstr(&out, REST);
        else
            buf_addf(&out, "%.*s\n", STR_ARG(line));
    }
    return str_copy(bed.a, buf_str(&out));
}

static void put_time(struct buf *b, const char *word, int64_t ms)
{
    char text[32];
    if (ms == FOREVER_MS || ms == INT64_MIN) return;
    caldate_format(ms, text);
    buf_addf(b, ", %s %s", word, text);
}

static void put_item(struct buf *b, const struct check_item *item)
{
    buf_addf(b, "  %.*s: %s", STR_ARG(item->subject), check_state_name(item->state));
    put_time(b, "opened", item->opened_ms);
    buf_addf(b, " by %.*s %.*s", STR_ARG(item->opened_by->kind), STR_ARG(item->opened_by->key));
    put_time(b, "due", item->due_ms);
    if (item->reopened_by) {
        put_time(b, "reopened", item->reopened_ms);
        buf_addf(b, " by %.*s", STR_ARG(item->reopened_by->key));
    }
    put_time(b, "since", item->since_ms);
    if (str_present(item->whom)) buf_addf(b, ", whom %.*s", STR_ARG(item->whom));
    if (item->late) buf_add_cstr(b, ", late");
    if (str_present(item->refused)) buf_addf(b, ", refused: %.*s", STR_ARG(item->refused));
    buf_add_char(b, '\n');
}

static void put_report(struct buf *b, const struct check_report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct check_status *s = &r->status[i];
        buf_addf(b, "%.*s: %s\n", STR_ARG(s->check->id), check_state_name(s->state));
        for (size_t n = 0; n < s->items; n++)
            put_item(b, &s->item[n]);
    }
    if (r->changes_ms == FOREVER_MS) return;
    char text[32];
    caldate_format(r->changes_ms, text);
    buf_addf(b, "changes %s\n", text);
}

static void put_category(struct buf *b, const struct case_facts *f)
{
    struct category_step *step = NULL;
    size_t steps = category_steps(bed.a, f, &step);
    for (size_t i = 0; i < steps; i++) {
        buf_addf(b, "%s to %.*s", category_direction_name(step[i].direction), STR_ARG(step[i].to));
        for (unsigned bit = 1; bit < 1u << CATEGORY_FAULTS; bit <<= 1)
            if (step[i].fault & bit) buf_addf(b, ", %s", category_fault_name((enum category_fault)bit));
        buf_add_char(b, '\n');
    }
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->row[i].kind, S("category")) && str_present(fact_now(&f->row[i], S("challenged"))))
            buf_add_cstr(b, "challenged\n");
}

static void put_quality(struct buf *b, const struct entry_line *line, size_t count)
{
    struct record record;
    struct quality q;
    struct err e = {0};
    if (record_fold(bed.a, &bed.policy, line, count, VIEW_NOW, &record, &e) != OK) fail_msg("%s", e.text);
    quality_of_death(bed.a, &record, &q);
    buf_addf(b, "answered %d of %d, unknown %d, contradictions %d, score %d\n", q.answered, q.asked,
             q.unknown, q.contradictions, q.score);
    for (size_t i = 0; i < q.count; i++)
        if (q.finding[i].nature != QUALITY_MISSING)
            buf_addf(b, "%s %s\n", quality_nature_name(q.finding[i].nature), q.finding[i].rule);
}

/* "link D2 strong 2014-01-01T00:00:00Z": what the linker would say. */
static void context_line(struct case_context *context, struct case_link *link, Str line)
{
    struct str_list word = str_split(bed.a, line, ' ');
    struct err e = {0};
    bool day_only;
    if (word.count != 4 || !str_eq(word.item[0], S("link"))) fail_msg("not a line: %.*s", STR_ARG(line));
    struct case_link *l = &link[context->links++];
    *l = (struct case_link){.other = {S("main"), KIND_DEATH, word.item[1]},
                            .strong = str_eq(word.item[2], S("strong")),
                            .weight = 7,
                            .distance_m = 100};
    if (caldate_parse(word.item[3], &l->since_ms, &day_only, &e) != OK) fail_msg("%s", e.text);
    context->link = link;
}

static void ask_line(struct buf *b, const struct one_case *c, Str ask, const struct check_pack *pack,
                     struct caseload *load, const struct case_context *context)
{
    struct case_facts f;
    struct check_report report;
    struct err e = {0};
    struct view view = {INT64_MAX, UINT64_MAX};
    bool day_only, checks = str_starts(ask, S("at "));
    if (checks && caldate_parse(str_slice(ask, 3, ask.len), &view.known_at_ms, &day_only, &e) != OK)
        fail_msg("%.*s: %s", STR_ARG(c->name), e.text);
    struct record_id death = {S("main"), KIND_DEATH, S("D1")};
    if (caseload_facts(load, bed.a, &death, context, view, &f, &e) != OK) {
        buf_addf(b, "%s\n", e.text);
        return;
    }
    if (!checks) {
        put_category(b, &f);
        return;
    }
    checks_evaluate(bed.a, pack, &f, view.known_at_ms, &report);
    put_report(b, &report);
}

static void case_run(const struct one_case *c, struct buf *b)
{
    struct caseload *load CLEANUP_CASELOAD = caseload_new(&bed.policy, (size_t)64 << 20);
    struct entry_line *line = NEW_ARRAY(bed.a, struct entry_line, LINES_MAX);
    struct case_link *link = NEW_ARRAY(bed.a, struct case_link, LINES_MAX);
    struct case_context context = {0};
    struct check_pack pack = {0};
    struct err e = {0};
    size_t lines = 0;
    Str rest = c->lines, text = STR_NONE;
    if (c->checks.len > 0 && check_pack_parse(bed.a, expand(c->checks), &pack, &e) != OK) {
        buf_addf(b, "%s\n", e.text);
        return;
    }
    while (str_next(&rest, '\n', &text)) {
        if (str_empty(text)) continue;
        if (text.ptr[0] != '{') {
            context_line(&context, link, text);
            continue;
        }
        line[lines] = (struct entry_line){.seq = lines + 1};
        if (feed_parse_line(bed.a, &bed.policy, text, S("main"), &line[lines].change, &e) != OK)
            fail_msg("%.*s: %s", STR_ARG(c->name), e.text);
        caseload_add(load, &line[lines++]);
    }
    rest = c->ask;
    while (str_next(&rest, '\n', &text)) {
        if (str_eq(text, S("quality")))
            put_quality(b, line, lines);
        else if (!str_empty(text))
            ask_line(b, c, text, &pack, load, &context);
    }
}

static void cases_run(const char *file)
{
    Str rest = source_file(file);
    size_t cases = 0, failed = 0;
    for (size_t at = str_find(rest, S("\n== ")); at != STR_NPOS; at = str_find(rest, S("\n== "))) {
        struct buf got CLEANUP_BUF;
        rest = str_slice(rest, at + 4, rest.len);
        size_t end = str_find(rest, S("\n== "));
        Str text = str_slice(rest, 0, end == STR_NPOS ? rest.len : end + 1);
        struct one_case c = {str_slice(text, 0, str_find_char(text, '\n')), part_of(text, "checks"),
                             part_of(text, "lines"), part_of(text, "ask"), part_of(text, "out")};
        buf_init(&got, TEXT_MAX);
        case_run(&c, &got);
        cases++;
        if (str_eq(str_trim(buf_str(&got)), str_trim(c.out))) continue;
        print_error("%s, \"%.*s\": got\n%.*s\n", file, STR_ARG(c.name), STR_ARG(buf_str(&got)));
        failed++;
    }
    assert_true(cases > 5);
    assert_int_equal(failed, 0);
}

static void checks_open_close_and_reopen(void **state)
{
    (void)state;
    cases_run("test/assure/checks.cases");
}

static void packs_say_what_is_wrong(void **state)
{
    (void)state;
    cases_run("test/assure/packs.cases");
}

static void reports_are_judged(void **state)
{
    (void)state;
    cases_run("test/assure/reports.cases");
}

/* ---- the packs inside the program ------------------------------------------------------------------- */

static void packs_load(void **state)
{
    static const struct {
        const char *path;
        size_t checks;
        bool verified;
    } packs[] = {{"policy/checks/england-wales.check", 36, true}, {"policy/checks/nij.check", 29, false}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(packs); i++) {
        struct check_pack p;
        struct err e = {0};
        if (check_pack_parse(bed.a, source_file(packs[i].path), &p, &e) != OK) fail_msg("%s", e.text);
        assert_int_equal(p.count, packs[i].checks);
        assert_int_equal(p.groups, GROUPS_MAX);
        assert_int_equal(p.verified, packs[i].verified);
        for (size_t c = 0; c < p.count; c++)
            if (p.check[c].due_ms > 0) assert_true(p.clocks.len > 0);
    }
}

/* Evaluated in two steps or at once, with rows in any order of lines, the answer is the same. */
static void the_same_facts_give_the_same_answer(void **state)
{
    struct check_pack pack;
    struct err e = {0};
    Str feed = source_file("demo/barking.ndjson"), text = STR_NONE;
    struct entry_line *line = NEW_ARRAY(bed.a, struct entry_line, LINES_MAX);
    size_t lines = 0;
    Str got[2];
    (void)state;
    if (check_pack_parse(bed.a, source_file("policy/checks/england-wales.check"), &pack, &e) != OK)
        fail_msg("%s", e.text);
    while (str_next(&feed, '\n', &text)) {
        if (str_empty(text)) continue;
        line[lines] = (struct entry_line){.seq = lines + 1};
        if (feed_parse_line(bed.a, &bed.policy, text, S("main"), &line[lines++].change, &e) != OK)
            fail_msg("%s", e.text);
    }
    for (size_t turn = 0; turn < 2; turn++) {
        struct caseload *load CLEANUP_CASELOAD = caseload_new(&bed.policy, (size_t)64 << 20);
        struct buf b CLEANUP_BUF;
        buf_init(&b, TEXT_MAX);
        for (size_t i = 0; i < lines; i++)
            caseload_add(load, &line[turn == 0 ? i : lines - 1 - i]);
        for (int d = 1; d <= 4; d++) {
            struct case_facts f;
            struct check_report report;
            struct record_id death = {S("main"), KIND_DEATH, str_format(bed.a, "D%d", d)};
            struct view view = {INT64_C(1445000000000), UINT64_MAX};
            if (caseload_facts(load, bed.a, &death, NULL, view, &f, &e) != OK) fail_msg("%s", e.text);
            checks_evaluate(bed.a, &pack, &f, view.known_at_ms, &report);
            for (size_t i = 0; i < report.count; i++)
                buf_addf(&b, "%.*s %s %zu\n", STR_ARG(report.status[i].check->id),
                         check_state_name(report.status[i].state), report.status[i].items);
        }
        got[turn] = str_copy(bed.a, buf_str(&b));
    }
    assert_true(got[0].len > 500);
    assert_true(str_eq(got[0], got[1]));
}

/* What changes_ms says is when something changes, and nothing changes before. */
static void the_clock_is_told_when_to_look_again(void **state)
{
    struct check_pack pack;
    struct err e = {0};
    struct caseload *load CLEANUP_CASELOAD = caseload_new(&bed.policy, (size_t)64 << 20);
    struct entry_line line = {.seq = 1};
    (void)state;
    if (check_pack_parse(bed.a, source_file("policy/checks/england-wales.check"), &pack, &e) != OK ||
        feed_parse_line(
            bed.a, &bed.policy,
            S("{\"known_at\":\"2014-06-19T05:00:00Z\",\"kind\":\"death\",\"id\":\"D1\",\"source\":\"t\","
              "\"set\":{\"category\":\"unexpected_investigating\",\"access\":\"public\",\"identified\":"
              "\"yes\",\"absent\":[\"phone\"],\"found\":{\"from\":\"2014-06-19T03:00:00Z\"}}}"),
            S("main"), &line.change, &e) != OK)
        fail_msg("%s", e.text);
    caseload_add(load, &line);
    int64_t now = line.change.known_at_ms;
    struct record_id death = {S("main"), KIND_DEATH, S("D1")};
    size_t changes = 0;
    for (struct check_report report, before; now != FOREVER_MS; now = report.changes_ms, changes++) {
        struct case_facts f;
        struct view view = {now, UINT64_MAX};
        if (caseload_facts(load, bed.a, &death, NULL, view, &f, &e) != OK) fail_msg("%s", e.text);
        checks_evaluate(bed.a, &pack, &f, now, &report);
        if (report.changes_ms == FOREVER_MS) break;
        assert_true(report.changes_ms > now);
        checks_evaluate(bed.a, &pack, &f, report.changes_ms - 1, &before);
        assert_int_equal(before.count, report.count);
        assert_memory_equal(before.in_state, report.in_state, sizeof before.in_state);
        checks_evaluate(bed.a, &pack, &f, report.changes_ms, &before);
        assert_true(before.count != report.count ||
                    memcmp(before.in_state, report.in_state, sizeof before.in_state) != 0);
        assert_true(changes < 100);
    }
    assert_true(changes >= 5);
}

static int open_bed(void **state)
{
    struct err e = {0};
    (void)state;
    bed.a = arena_new("check test", (size_t)256 << 20);
    return policy_load(bed.a, asset_find_for, NULL, &bed.policy, &e) == OK ? 0 : -1;
}

static int close_bed(void **state)
{
    (void)state;
    arena_free(bed.a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_open_close_and_reopen),
        cmocka_unit_test(packs_say_what_is_wrong),
        cmocka_unit_test(reports_are_judged),
        cmocka_unit_test(packs_load),
        cmocka_unit_test(the_same_facts_give_the_same_answer),
        cmocka_unit_test(the_clock_is_told_when_to_look_again),
    };
    return cmocka_run_group_tests(tests, open_bed, close_bed);
}
