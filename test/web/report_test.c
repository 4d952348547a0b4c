/* Reporting a death in pages: drafts, every step, what is hostile, sending twice; adding and correcting. */
#include "site.h"

#include "app/near.h"
#include "app/report_steps.h"
#include "base/caldate.h"
#include "compare/place.h"

#include <stdio.h>
#include <stdlib.h>

static struct site *site;

static int set_up(void **state)
{
    (void)state;
    site = site_open(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_close(site);
    return 0;
}

/* A literal with one %.*s in it. */
#define text(format, a) ((const char *)str_cstr(site->arena, str_format(site->arena, format, STR_ARG(a))))

/* The id of a new draft of the response officer. */
static Str draft_begin(int role)
{
    struct site_answer a = site_post(site, role, "/deaths/new", "");
    assert_int_equal(a.status, 303);
    assert_true(str_starts(a.location, S("/deaths/new/")));
    Str rest = str_slice(a.location, strlen("/deaths/new/"), a.location.len);
    return str_slice(rest, 0, str_find_char(rest, '/'));
}

static const char *step_path(Str draft, const char *step)
{
    return str_cstr(site->arena, str_format(site->arena, "/deaths/new/%.*s/%s", STR_ARG(draft), step));
}

static struct site_answer step_post(Str draft, const char *step, const char *form)
{
    return site_post(site, ROLE_RESPONSE, step_path(draft, step), form);
}

/* What stands on each step after it was saved. */
static const struct {
    const char *step, *form, *stands;
} STEPS[] = {
    {"place",
     "field=place&place-lat=51.5351&place-lon=0.0791&place-radius=20&field=address&address=By+the+gate",
     "value=\"51.5351\""},
    {"setting", "field=setting&setting=street", "value=\"street\" selected"},
    {"times",
     "field=found&found-from-date=2014-08-28&found-from-time=05%3A00&field=reported_at&reported_at-date=2014-"
     "08-28&reported_at-time=05%3A05",
     "value=\"05:05\""},
    {"person", "field=deceased_name&deceased_name=Gil+Test&field=age&age=22&field=sex&sex=M",
     "value=\"Gil Test\""},
    {"finder",
     "field=found_by&found_by=passer_by&field=finder-name&finder-name=Walker&field=finderphone-value&"
     "finderphone-value=07700+900+111",
     "value=\"07700 900 111\""},
    {"caller",
     "caller_is_finder=yes&field=caller-name&caller-name=&field=callerphone-value&callerphone-value=",
     "value=\"yes\" checked"},
    {"position", "field=posture&posture=seated_propped&field=signs_moved&signs_moved=no",
     "value=\"no\" checked"},
    {"phone", "phone=not_seen&field=ownphone-value&ownphone-value=", "value=\"not_seen\" checked"},
    {"things", "field=present&present=drug_container&present=sunglasses&field=absent&absent=wallet",
     "value=\"sunglasses\" checked"},
    {"body", "field=injuries&injuries=none_seen&field=substances&substances=GHB", "GHB"},
    {"account",
     "field=narrative&narrative=Found+by+the+gate.&field=account-text&account-text=I+walk+here&field=account_"
     "conflict",
     "Found by the gate."},
    {"told",
     "there=yes&field=arrival-from&arrival-from-date=2014-08-28&arrival-from-time=05%3A20&field=told-officer&"
     "told-officer=O-1"
     "&field=told-told_at&told-told_at-date=2014-08-28&told-told_at-time=05%3A25",
     "value=\"O-1\" selected"},
};

static void fill_all(Str draft)
{
    for (size_t i = 0; i < COUNT_OF(STEPS); i++) {
        struct site_answer a = step_post(draft, STEPS[i].step, STEPS[i].form);
        if (a.status != 303) fail_msg("%s: %u\n%.*s", STEPS[i].step, a.status, STR_ARG(a.body));
    }
}

static void every_step_is_kept_and_comes_back(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(STEPS), REPORT_STEPS);
    Str draft = draft_begin(ROLE_RESPONSE);
    fill_all(draft);
    for (size_t i = 0; i < COUNT_OF(STEPS); i++) {
        struct site_answer a = site_get(site, ROLE_RESPONSE, step_path(draft, STEPS[i].step));
        assert_int_equal(a.status, 200);
        if (!site_says(&a, STEPS[i].stands)) fail_msg("%s does not say %s", STEPS[i].step, STEPS[i].stands);
    }
    struct site_answer list = site_get(site, ROLE_RESPONSE, "/deaths/new");
    assert_true(site_says(&list, "By the gate") && site_says(&list, "12 of 12 steps answered"));
    assert_int_equal(site_post(site, ROLE_RESPONSE, step_path(draft, "discard"), "").status, 303);
    assert_int_equal(site_get(site, ROLE_RESPONSE, step_path(draft, "place")).status, 404);
}

static void not_known_is_an_answer_and_leaves_what_was_typed(void **state)
{
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    struct site_answer a =
        step_post(draft, "position", "not_known=yes&field=posture&posture=prone&field=signs_moved");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_RESPONSE, step_path(draft, "position"));
    assert_true(site_says(&a, "value=\"prone\" selected") && site_says(&a, "value=\"unknown\" checked"));
    assert_int_equal(
        step_post(draft, "person", "not_known=yes&field=sex&field=age&field=deceased_name").status, 303);
    /* and nothing at all can be sent */
    a = site_post(site, ROLE_RESPONSE, step_path(draft, "check"), "");
    assert_int_equal(a.status, 303);
    assert_true(str_starts(a.location, S("/deaths/D-")));
}

static void a_bad_value_is_told_at_its_field(void **state)
{
    static const struct {
        const char *step, *form, *id;
    } BAD[] = {
        {"person", "field=age&age=old", "href=\"#age\""},
        {"person", "field=age&age=-3", "href=\"#age\""},
        {"person", "field=sex&sex=Q", "href=\"#sex\""},
        {"place", "field=place&place-lat=north&place-lon=1", "href=\"#place-lat\""},
        {"place", "field=place&place-lat=95&place-lon=1", "href=\"#place-lat\""},
        {"times", "field=found&found-from-date=yesterday", "href=\"#found-from-date\""},
        {"phone", "phone=perhaps", "href=\"#phone\""},
        {"told", "field=told-officer&told-officer=O-99", "href=\"#told-officer\""},
    };
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct site_answer a = step_post(draft, BAD[i].step, BAD[i].form);
        if (a.status != 200 || !site_says(&a, "There is a problem") || !site_says(&a, BAD[i].id))
            fail_msg("%s with %s: %u", BAD[i].step, BAD[i].form, a.status);
    }
    assert_int_equal(step_post(draft, "person", "field=age&age=30&unheard=1").status, 400);
}

/* Kept or refused, and never run. */
static void hostile_values_are_text(void **state)
{
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    char *names = arena_alloc(site->arena, 10001, 1, 1);
    memset(names, 'a', 10000);
    struct site_answer a =
        step_post(draft, "person", text("field=deceased_name&deceased_name=%.*s", str_of(names)));
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "href=\"#deceased_name\""));
    a = step_post(draft, "account", text("field=narrative&narrative=%.*s", str_of(names)));
    assert_int_equal(a.status, 303);
    a = step_post(
        draft, "person",
        "field=deceased_name&deceased_name=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%F0%9F%98%80%07");
    assert_int_equal(a.status, 303);
    assert_int_equal(step_post(draft, "person", "field=deceased_name&deceased_name=a%00b").status, 400);
    a = site_get(site, ROLE_RESPONSE, step_path(draft, "check"));
    assert_int_equal(a.status, 200);
    assert_false(site_says(&a, "<script>alert"));
    assert_true(site_says(&a, "&lt;script&gt;alert(1)") && site_says(&a, "\xF0\x9F\x98\x80"));
    a = site_post(site, ROLE_RESPONSE, step_path(draft, "check"), "");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_RESPONSE, text("%.*s", a.location));
    assert_int_equal(a.status, 200);
    assert_false(site_says(&a, "<script>alert"));
    /* more than a draft may hold */
    Str big = draft_begin(ROLE_RESPONSE);
    char *long_text = arena_alloc(site->arena, 199001, 1, 1);
    memset(long_text, '"', 199000);
    a = step_post(big, "account", text("field=narrative&narrative=%.*s", str_of(long_text)));
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "too long"));
}

/* In every field that takes text, up to the record itself. */
static void a_script_in_any_field_is_never_run(void **state)
{
    static const struct {
        const char *step, *field;
    } FIELDS[] = {{"place", "address"},        {"person", "deceased_name"},
                  {"finder", "finder-name"},   {"finder", "finderphone-value"},
                  {"caller", "caller-name"},   {"caller", "callerphone-value"},
                  {"phone", "ownphone-value"}, {"body", "substances"},
                  {"account", "narrative"},    {"account", "account-text"},
                  {"links", "known-text"}};
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
        const char *form =
            str_cstr(site->arena,
                     str_format(site->arena, "field=%s&%s=%%22%%3E%%3Cimg+src%%3Dx+onerror%%3Dalert(1)%%3E",
                                FIELDS[i].field, FIELDS[i].field));
        struct site_answer a = step_post(draft, FIELDS[i].step, form);
        assert_true(a.status == 303 || a.status == 200);
        assert_false(site_says(&a, "<img src=x"));
        a = site_get(site, ROLE_RESPONSE, step_path(draft, FIELDS[i].step));
        assert_int_equal(a.status, 200);
        assert_false(site_says(&a, "<img src=x"));
    }
    struct site_answer a = site_get(site, ROLE_RESPONSE, step_path(draft, "check"));
    assert_true(site_says(&a, "&lt;img src=x"));
    assert_false(site_says(&a, "<img src=x"));
    a = site_post(site, ROLE_RESPONSE, step_path(draft, "check"), "");
    assert_int_equal(a.status, 303);
    const char *const pages[] = {"", "/history", "/add/statement", "/change/narrative"};
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        Str path = str_format(site->arena, "/deaths/D-%.*s%s", STR_ARG(draft), pages[i]);
        a = site_get(site, ROLE_RESPONSE, str_cstr(site->arena, path));
        assert_int_equal(a.status, 200);
        assert_true(site_says(&a, "&lt;img src=x"));
        assert_false(site_says(&a, "<img src=x"));
    }
}

/* What has no answer is named, and leads to its step and back. */
static void what_is_missing_is_named(void **state)
{
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    fill_all(draft);
    struct site_answer a = site_get(site, ROLE_RESPONSE, step_path(draft, "check"));
    assert_false(site_says(&a, "/setting?next=check\">What kind of place?"));
    assert_int_equal(step_post(draft, "setting", "field=setting&setting=").status, 303);
    a = site_get(site, ROLE_RESPONSE, step_path(draft, "check"));
    assert_true(site_says(&a, "Without an answer:"));
    assert_true(site_says(&a, text("/deaths/new/%.*s/setting?next=check\">What kind of place?", draft)));
    a = step_post(draft, "setting", "next=check&field=setting&setting=street");
    assert_true(str_ends(a.location, S("/check")));
    assert_int_equal(site_post(site, ROLE_RESPONSE, step_path(draft, "discard"), "").status, 303);
}

/* The second step asks first and then shows what is near. */
static void the_question_comes_before_what_is_near(void **state)
{
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    assert_int_equal(step_post(draft, "place", STEPS[0].form).status, 303);
    struct site_answer a = site_get(site, ROLE_RESPONSE, step_path(draft, "setting"));
    size_t near = str_find(a.body, S("id=\"near\"")), form = str_find(a.body, S("Save and continue"));
    assert_true(near != STR_NPOS && form != STR_NPOS && form < near);
}

static void a_draft_is_its_writers_alone(void **state)
{
    static const char *const PAGES[] = {"place", "links", "check"};
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
        assert_int_equal(site_get(site, ROLE_RESPONSE, step_path(draft, PAGES[i])).status, 200);
        assert_int_equal(site_get(site, ROLE_SUPERVISOR, step_path(draft, PAGES[i])).status, 404);
        assert_int_equal(site_post(site, ROLE_SUPERVISOR, step_path(draft, PAGES[i]), "").status, 404);
    }
    assert_int_equal(site_post(site, ROLE_SUPERVISOR, step_path(draft, "discard"), "").status, 404);
    assert_int_equal(site_get(site, ROLE_RESPONSE, step_path(draft, "place")).status, 200);
    assert_int_equal(site_get(site, ROLE_RESPONSE, "/deaths/new/..%2Fx/place").status, 404);
}

static void sent_twice_it_is_one_death(void **state)
{
    (void)state;
    Str draft = draft_begin(ROLE_RESPONSE);
    fill_all(draft);
    struct site_answer check = site_get(site, ROLE_RESPONSE, step_path(draft, "check"));
    assert_true(site_says(&check, "17 of the 17") || site_says(&check, "16 of the 17"));
    /* the earliest alone is the moment, not a beginning */
    assert_true(site_says(&check, "28 August 2014, 5:00am") && !site_says(&check, "from 28 August"));
    size_t before = roll_count(site->service.roll);
    struct site_answer first = site_post(site, ROLE_RESPONSE, step_path(draft, "check"), "");
    struct site_answer second = site_post(site, ROLE_RESPONSE, step_path(draft, "check"), "");
    assert_int_equal(first.status, 303);
    assert_int_equal(second.status, 303);
    assert_true(str_eq(first.location, second.location));
    struct site_answer sent = site_get(site, ROLE_RESPONSE, text("%.*s", first.location));
    assert_int_equal(roll_count(site->service.roll), before + 1);
    assert_true(site_says(&sent, text("A/2014/%.*s", str_slice(draft, 0, 5))));
    struct site_answer record = site_get(site, ROLE_RESPONSE, text("/deaths/D-%.*s", draft));
    assert_true(site_says(&record, "Gil Test") && site_says(&record, "The finder") &&
                site_says(&record, "The caller"));
    assert_true(site_says(&record, "I walk here"));
    /* what is not there counts twice: said at the step of the phone, and kept beside what else is missing */
    assert_true(site_says(&record, "phone, wallet"));
    assert_int_equal(site_get(site, ROLE_RESPONSE, step_path(draft, "place")).status, 404);
}

/* ---- near by ---------------------------------------------------------------------------------------- */

static void near_lines_make(void)
{
    struct rng rng;
    struct buf lines CLEANUP_BUF;
    rng_seed(&rng, 20140828);
    buf_init(&lines, (size_t)1 << 22);
    for (int i = 0; i < 300; i++) {
        char day[32];
        caldate_format_day(SITE_START_MS - rng_between(&rng, 1, 1100) * MS_PER_DAY, day);
        buf_addf(&lines,
                 "{\"known_at\":\"%sT12:00:00Z\",\"kind\":\"death\",\"id\":\"N%d\",\"source\":\"death_"
                 "report\",\"set\":"
                 "{\"unit\":\"%s\",\"deceased_name\":\"Name%dX\",\"found\":{\"from\":\"%s\",\"to\":\"%s\"},"
                 "\"posture\":\"%s\","
                 "\"place\":{\"lat\":%.5f,\"lon\":%.5f}}}\n",
                 day, i, i % 3 == 0 ? "B" : "A", i, day, day, i % 2 == 0 ? "prone" : "supine",
                 40 + rng_unit(&rng) * 0.02, 10 + rng_unit(&rng) * 0.02);
        if (i % 7 == 0)
            buf_addf(
                &lines,
                "{\"known_at\":\"2014-08-01T12:00:00Z\",\"kind\":\"restriction\",\"id\":\"NR%d\",\"source\":"
                "\"staff\",\"set\":{\"events\":[\"N%d\"],\"reason\":\"x\",\"cleared\":[\"O-9\"]}}\n",
                i, i);
    }
    site_feed(site, str_cstr(site->arena, buf_str(&lines)));
}

static void near_is_what_looking_at_each_gives(void **state)
{
    (void)state;
    near_lines_make();
    (void)site_get(site, ROLE_RESPONSE, "/deaths"); /* the roll follows */
    const struct roll *roll = site->service.roll;
    struct viewer viewer = {ROLE_RESPONSE, S("O-1"), S("A")};
    roll_hold(site->service.roll);
    struct sight *sight = sight_new(roll, &viewer, site->arena);
    for (int q = 0; q < 40; q++) {
        struct near_query query = {.place = {40 + 0.0005 * q, 10.01, 0, true},
                                   .now_ms = SITE_START_MS,
                                   .posture = S("prone"),
                                   .most = 1000};
        struct near_answer n;
        size_t expected = 0;
        near_find(roll, sight, &site->service.session.policy, &query, site->arena, &n);
        for (uint32_t i = 0; i < roll_count(roll); i++) {
            const struct roll_death *d = roll_death(roll, i);
            bool in = !d->gone && d->place.present && d->when_ms >= SITE_START_MS - 730 * MS_PER_DAY &&
                      place_distance_m(query.place.lat, query.place.lon, d->place.lat, d->place.lon) <= 500;
            bool found = false;
            for (size_t k = 0; k < n.count; k++)
                found = found || n.item[k].death == i;
            assert_int_equal(found, in && sight_of_death(sight, d) != SIGHT_NONE);
            expected += found;
        }
        assert_int_equal(n.all, expected);
        for (size_t k = 0; k < n.count; k++) {
            assert_false(roll_death(roll, n.item[k].death)->restricted);
            if (k == 0) continue;
            double a = n.item[k - 1].distance_m - 100.0 * (double)n.item[k - 1].alike.count;
            double b = n.item[k].distance_m - 100.0 * (double)n.item[k].alike.count;
            assert_true(a <= b);
        }
    }
    sight_done(sight);
    roll_release(site->service.roll);
}

static void the_hint_names_no_death_of_another_unit(void **state)
{
    size_t own = 0, other = 0;
    (void)state;
    for (int q = 0; q < 20; q++) {
        const char *path =
            str_cstr(site->arena,
                     str_format(site->arena, "/api/v1/near?place-lat=%.4f&place-lon=10.01", 40 + 0.001 * q));
        struct site_answer a = site_get(site, ROLE_RESPONSE, path);
        assert_int_equal(a.status, 200);
        Str rest = a.body, item;
        while (str_next(&rest, '{', &item)) {
            size_t at = str_find(item, S("/deaths/N"));
            if (at == STR_NPOS) continue;
            bool of_other = str_find(item, S("A death of")) != STR_NPOS;
            assert_int_equal(of_other, str_find(item, S("Name")) == STR_NPOS);
            own += !of_other;
            other += of_other;
        }
    }
    assert_true(own > 0 && other > 0);
    assert_int_equal(site_get(site, ROLE_ANALYST, "/api/v1/near?place-lat=40.01&place-lon=10.01").status,
                     403);
    struct site_answer nowhere = site_get(site, ROLE_RESPONSE, "/api/v1/near?place-lat=x&place-lon=10.01");
    assert_true(site_says(&nowhere, "\"count\":0"));
}

/* ---- adding and correcting -------------------------------------------------------------------------- */

static Str hidden(const struct site_answer *a, const char *name)
{
    Str mark = str_format(site->arena, "name=\"%s\" value=\"", name);
    size_t at = str_find(a->body, mark);
    assert_true(at != STR_NPOS);
    Str rest = str_slice(a->body, at + mark.len, a->body.len);
    return str_slice(rest, 0, str_find_char(rest, '"'));
}

static void a_fact_is_corrected_and_the_old_one_stays(void **state)
{
    (void)state;
    struct site_answer form = site_get(site, ROLE_RESPONSE, "/deaths/OWN/change/age");
    Str version = hidden(&form, "version");
    const char *typed = text("field=age&age=24&source=death_report&version=%.*s", version);
    assert_int_equal(site_post(site, ROLE_RESPONSE, "/deaths/OWN/change/age", typed).status, 303);
    struct site_answer a = site_get(site, ROLE_RESPONSE, "/deaths/OWN");
    assert_true(site_says(&a, "24 years"));
    a = site_get(site, ROLE_RESPONSE, "/deaths/OWN/history");
    assert_true(site_says(&a, "23 years") && site_says(&a, "24 years"));
    /* written on what has changed since */
    a = site_post(site, ROLE_RESPONSE, "/deaths/OWN/change/age",
                  text("field=age&age=25&source=death_report&version=%.*s", version));
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "Somebody else changed") && site_says(&a, "value=\"25\""));
    a = site_post(site, ROLE_RESPONSE, "/deaths/OWN/change/age", "field=age&age=x&source=nobody&version=1");
    assert_true(a.status == 200 && site_says(&a, "href=\"#age\"") && site_says(&a, "href=\"#source\""));
    assert_int_equal(site_get(site, ROLE_RESPONSE, "/deaths/OWN/change/unit").status, 404);
    assert_int_equal(site_get(site, ROLE_RESPONSE, "/deaths/OWN/change/nothing").status, 404);
}

static void who_may_not_record_is_not_offered_it(void **state)
{
    (void)state;
    struct site_answer may = site_get(site, ROLE_DETECTIVE, "/deaths/OWN"),
                       may_not = site_get(site, ROLE_AUDITOR, "/deaths/OWN"),
                       before = site_get(site, ROLE_DETECTIVE, "/deaths/OWN?at=2014-06-20");
    assert_true(site_says(&may, "/deaths/OWN/change/age") && site_says(&may, "/deaths/OWN/add/person"));
    assert_int_equal(may_not.status, 200);
    assert_false(site_says(&may_not, "/change/") || site_says(&may_not, "/add/"));
    assert_int_equal(before.status, 200);
    assert_false(site_says(&before, "/change/") || site_says(&before, "/add/"));
}

static void every_kind_can_be_added_once(void **state)
{
    static const struct {
        const char *kind, *form, *shown;
    } ADDED[] = {
        {"person", "field=name&name=Pat+Aunt&field=part-role&part-role=family", "Pat Aunt"},
        {"identifier",
         "field=type&type=phone&field=value&value=07700900222&field=holder&holder=OWN&field=role&role=own",
         "07700900222"},
        {"statement", "field=type&type=interview&field=text&text=Heard+a+car", "Heard a car"},
        {"attendance", "field=officer&officer=O-1&field=capacity&capacity=forensic", "PC One"},
        {"scene", "field=photographed&photographed=yes", "Photographed"},
        {"search", "field=of&of=clothing&field=nothing_found&nothing_found=yes", "Nothing found"},
        {"submission", "field=test&test=toxicology", "Toxicology"},
        {"result", "field=test&test=histology&field=text&text=Nothing+new", "Nothing new"},
        {"action", "field=type&type=cctv&field=state&state=open&field=result&result=Asked+the+shop",
         "Asked the shop"},
        {"advice", "field=adviser&adviser=Gail+Group&field=kind&kind=lgbt", "Gail Group"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ADDED); i++) {
        const char *path =
            str_cstr(site->arena, str_format(site->arena, "/deaths/OWN/add/%s", ADDED[i].kind));
        struct site_answer form = site_get(site, ROLE_DETECTIVE, path);
        assert_int_equal(form.status, 200);
        Str key = hidden(&form, "key");
        const char *typed =
            str_cstr(site->arena, str_format(site->arena, "key=%.*s&%s", STR_ARG(key), ADDED[i].form));
        for (int twice = 0; twice < 2; twice++) {
            struct site_answer a = site_post(site, ROLE_DETECTIVE, path, typed);
            if (a.status != 303) fail_msg("%s: %u\n%.*s", path, a.status, STR_ARG(a.body));
        }
        struct site_answer record = site_get(site, ROLE_DETECTIVE, "/deaths/OWN");
        if (!site_says(&record, ADDED[i].shown))
            fail_msg("%s is not shown: %s", ADDED[i].kind, ADDED[i].shown);
        struct site_answer empty = site_post(site, ROLE_DETECTIVE, path, text("key=%.*s", key));
        assert_true(empty.status == 200 && site_says(&empty, "Nothing was filled in"));
    }
    struct site_answer record = site_get(site, ROLE_DETECTIVE, "/deaths/OWN.json");
    Str mark = S("Pat Aunt");
    size_t at = str_find(record.body, mark);
    assert_true(at != STR_NPOS);
    assert_int_equal(str_find(str_slice(record.body, at + mark.len, record.body.len), mark), STR_NPOS);
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/OWN/add/decision").status, 404);
    assert_int_equal(site_post(site, ROLE_DETECTIVE, "/deaths/OWN/add/restriction", "").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_is_kept_and_comes_back),
        cmocka_unit_test(not_known_is_an_answer_and_leaves_what_was_typed),
        cmocka_unit_test(a_bad_value_is_told_at_its_field),
        cmocka_unit_test(hostile_values_are_text),
        cmocka_unit_test(a_script_in_any_field_is_never_run),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(the_question_comes_before_what_is_near),
        cmocka_unit_test(a_draft_is_its_writers_alone),
        cmocka_unit_test(sent_twice_it_is_one_death),
        cmocka_unit_test(near_is_what_looking_at_each_gives),
        cmocka_unit_test(the_hint_names_no_death_of_another_unit),
        cmocka_unit_test(a_fact_is_corrected_and_the_old_one_stays),
        cmocka_unit_test(who_may_not_record_is_not_offered_it),
        cmocka_unit_test(every_kind_can_be_added_once),
    };
    return cmocka_run_group_tests_name("web/report", tests, set_up, tear_down);
}
