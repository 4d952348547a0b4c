/* The checks that were missed in Barking (demo/missed-checks.tsv): each opens at its moment, on its death,
 * and not a minute earlier; nothing but its evidence closes it; the rows that must never open do not. */
#include "checkkit.h"

#include "base/caldate.h"
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

static void oracle_read(void)
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    char path[1024];
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    (void)snprintf(path, sizeof path, "%s/demo/missed-checks.tsv", root ? root : ".");
    buf_init(&text, 1 << 20);
    if (file_read(path, &text, &e) != OK) fail_msg("%s", e.text);
    Str rest = str_copy(kit.kit.arena, buf_str(&text)), line = STR_NONE;
    while (str_next(&rest, '\n', &line)) {
        if (str_empty(line) || line.ptr[0] == '#' || str_starts(line, S("n\t"))) continue;
        struct str_list cell = str_split(kit.kit.arena, line, '\t');
        assert_int_equal(cell.count, COLUMNS);
        struct row *r = &rows[row_count++];
        *r = (struct row){.number = cell.item[0],
                          .death = cell.item[1],
                          .title = cell.item[2],
                          .check = check_named(cell.item[2]),
                          .must_open = !str_eq(cell.item[0], S("-"))};
        if (r->must_open)
            r->opens_ms = time_in(cell.item[3]);
        else
            r->never_before_ms = time_in(cell.item[3]);
    }
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
    enum { SAMPLE = 1000 };
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
    print_message("%zu deaths, %.1f checks each\n", deaths, (double)all / (double)deaths);
    for (size_t c = 0; c < kit.pack.count; c++)
        print_message("  %-28.*s opened %5.1f %%  open %5.1f %%\n", STR_ARG(kit.pack.check[c].id),
                      100.0 * (double)opened[c] / (double)deaths, 100.0 * (double)open[c] / (double)deaths);
}

static int open_kit(void **state)
{
    (void)state;
    checkkit_open(&kit, 3, "2014-01-01", "2015-10-20");
    oracle_read();
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
