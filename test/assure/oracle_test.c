/* The checks that were missed in Barking (demo/missed-checks.tsv): each opens at its moment, on its death,
 * and not a minute earlier; nothing but its evidence closes it; the rows that must never open do not. */
#include "oracle.h"

#include "base/caldate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MINUTE_MS = 60000, NOISE = 200, NOBODY = 1000000 };

static struct checkkit kit;
static struct oracle oracle;

static const struct check_status *status_at(const struct oracle_row *r, int64_t now_ms, struct arena *a,
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

/* Everything of the row's evidence but line `without`, and more lines; the state three hours later. */
static enum check_state state_with(const struct oracle_row *r, const struct case_context *links,
                                   size_t without, bool with_evidence, const struct str_list *extra,
                                   struct arena *a)
{
    struct caseload *c CLEANUP_CASELOAD = checkkit_barking(&kit);
    struct case_context context = *links;
    struct case_reading *reading = NEW_ARRAY(a, struct case_reading, ORACLE_LINES_MAX);
    struct case_facts facts;
    struct check_report report;
    struct err e = {0};
    struct view view = {r->opens_ms + 3 * MS_PER_HOUR, UINT64_MAX};
    struct record_id death = {S("main"), KIND_DEATH, r->death};
    context.reading = reading;
    for (size_t i = 0, n = 0; with_evidence && i < oracle.evidences; i++) {
        struct str_list word = str_split(a, oracle.evidence[i].text, ' ');
        if (!str_eq(oracle.evidence[i].row, r->number) || n++ == without) continue;
        if (str_eq(word.item[0], S("reading"))) {
            reading[context.readings++] = (struct case_reading){oracle_record(word.item[1]), word.item[2],
                                                                r->opens_ms + 2 * MS_PER_HOUR};
            continue;
        }
        Str json = oracle_line_at(a, oracle.evidence[i].text, r->opens_ms);
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
    return oracle_state(r, &report);
}

static size_t only_its_evidence_closes(const struct oracle_row *r, const struct case_context *links)
{
    struct arena *a CLEANUP_ARENA = arena_new("evidence", (size_t)256 << 20);
    struct rng rng;
    size_t failed = 0, lines = oracle_evidences(&oracle, r);
    rng_seed(&rng, 7);
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
        struct str_list noise = oracle_noise(a, &rng, r, S("NOISE"));
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
    struct moment_of_row at[2 * ORACLE_ROWS_MAX];
    size_t moments = 0, failed = 0;
    (void)state;
    for (size_t i = 0; i < oracle.rows; i++) {
        if (!oracle.row[i].must_open) continue;
        at[moments++] = (struct moment_of_row){oracle.row[i].opens_ms - MINUTE_MS, i};
        at[moments++] = (struct moment_of_row){oracle.row[i].opens_ms, i};
    }
    qsort(at, moments, sizeof *at, compare_moments);
    for (size_t m = 0; m < moments; m++) {
        struct arena *a CLEANUP_ARENA = arena_new("oracle", (size_t)256 << 20);
        const struct oracle_row *r = &oracle.row[at[m].row];
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
        for (size_t n = 0; n < oracle.rows; n++) {
            if (oracle.row[n].must_open || at[m].at_ms >= oracle.row[n].never_before_ms) continue;
            if (status_at(&oracle.row[n], at[m].at_ms, a, &report)) {
                print_error("%.*s, %.*s: must not be open\n", STR_ARG(oracle.row[n].death),
                            STR_ARG(oracle.row[n].check));
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
    oracle_read(&oracle, kit.kit.arena);
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
