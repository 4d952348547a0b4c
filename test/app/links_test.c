/* Suggested links as people work on them: who sees which, who answers, who must agree, what opens it again.
 */
#include "app/links.h"
#include "base/alloc.h"
#include "live_kit.h"
#include "model/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BACKGROUND = 900 };

/* A bed with staff, and one person who looks. */
struct desk {
    struct bed *b;
    struct roll *roll;
    struct session session;
    struct links_viewer v;
};

static int setup(void **state)
{
    struct desk *d = alloc_zero(1, sizeof *d);
    void *bed = NULL;
    (void)bed_setup(&bed);
    d->b = bed;
    d->roll = roll_new();
    *state = d;
    bed_background(d->b, BACKGROUND);
    static const char *const OFFICER[][2] = {{"O1", "KG"}, {"O2", "KG"}, {"O3", "NW"}, {"O4", "HO"}};
    for (size_t i = 0; i < COUNT_OF(OFFICER); i++) {
        char json[300];
        (void)snprintf(json, sizeof json,
                       "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"officer\",\"id\":\"%s\",\"source\":"
                       "\"staff\",\"set\":{\"name\":\"Officer %s\",\"unit\":\"%s\"}}",
                       OFFICER[i][0], OFFICER[i][0], OFFICER[i][1]);
        (void)bed_line(d->b, json);
    }
    (void)bed_line(d->b, "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"unit\",\"id\":\"KG\",\"source\":"
                         "\"staff\",\"set\":{\"name\":\"North\",\"kind\":\"response\"}}");
    bed_live(d->b);
    return 0;
}

static void leave(struct desk *d)
{
    if (d->v.sight == NULL) return;
    sight_done(d->v.sight);
    d->v.sight = NULL;
    roll_release(d->roll);
}

static int teardown(void **state)
{
    struct desk *d = *state;
    void *bed = d->b;
    leave(d);
    roll_free(d->roll);
    (void)bed_teardown(&bed);
    alloc_free(d);
    return 0;
}

/* Somebody looks from here on. */
static const struct links_viewer *as(struct desk *d, const char *officer, const char *unit, enum role role)
{
    struct err e = {0};
    leave(d);
    if (roll_follow(d->roll, d->b->store, &e) != OK) fail_msg("%s", e.text);
    d->session = (struct session){.arena = d->b->kit.arena, .policy = d->b->kit.policy, .env = d->b->env};
    d->session.store = d->b->store;
    d->session.actor = (struct actor){.name = str_format(d->b->kit.arena, "account-%s", officer),
                                      .role = str_of(ROLES[role].code)};
    struct viewer viewer = {role, str_of(officer), str_of(unit)};
    roll_hold(d->roll);
    d->v = (struct links_viewer){.session = &d->session,
                                 .live = d->b->live,
                                 .policy = &d->b->work,
                                 .roll = d->roll,
                                 .sight = sight_new(d->roll, &viewer, d->b->kit.arena),
                                 .role = role,
                                 .officer = str_of(officer),
                                 .unit = str_of(unit),
                                 .now_ms = d->b->now_ms};
    return &d->v;
}

static struct links_listing list(struct desk *d, enum links_which which)
{
    struct links_listing out;
    struct err e = {0};
    if (links_list(&d->v, which, S(""), d->b->kit.arena, &out, &e) != OK) fail_msg("%s", e.text);
    assert_int_equal(out.count, out.of[which]);
    return out;
}

static struct link_row only(struct desk *d)
{
    struct links_listing all = list(d, LINKS_ALL);
    assert_int_equal(all.count, 1);
    return all.row[0];
}

static void two_deaths(struct desk *d)
{
    bed_wait(d->b, bed_sharer(d->b, "S1", "2014-03-01T08:00:00Z", 1));
    bed_wait(d->b, bed_sharer(d->b, "S2", "2014-03-02T08:00:00Z", 1));
}

static struct links_answer answer_to(const struct link_row *row, enum link_answer_kind kind,
                                     const char *reason)
{
    return (struct links_answer){.link = row->note.id,
                                 .answers_seen = row->answers_seen,
                                 .version = row->note.version,
                                 .kind = kind,
                                 .why = kind == ANSWER_NOT_LINKED ? S("chance") : S(""),
                                 .reason = str_of(reason),
                                 .owner = S("")};
}

static enum status give(struct desk *d, const struct links_answer *x, bool *waits, struct err *e)
{
    struct record_id decision;
    bool none;
    *e = (struct err){0};
    return links_answer(&d->v, x, d->b->kit.arena, &decision, waits != NULL ? waits : &none, e);
}

static void strong_evidence_takes_two_and_new_facts_open_it_again(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    bool waits = false;
    two_deaths(d);
    as(d, "O1", "KG", ROLE_ANALYST);
    struct link_row row = only(d);
    assert_true(row.mine);
    assert_int_equal(row.work.stage, STAGE_NEW);
    assert_int_equal(row.work.owner, OWNER_UNIT_ANALYST);
    assert_true(row.note.score_db >= d->b->work.rules.strong_db);
    struct links_answer x = answer_to(&row, ANSWER_NOT_LINKED, "");
    assert_int_equal(give(d, &x, NULL, &e), E_INVALID); /* no reason */
    x = answer_to(&row, ANSWER_NOT_LINKED, "three numbers of one switchboard");
    x.why = S("mood");
    assert_int_equal(give(d, &x, NULL, &e), E_INVALID); /* not of the short list */
    x.why = S("common");
    x.version++;
    assert_int_equal(give(d, &x, NULL, &e), E_CONFLICT); /* another link than the one looked at */
    x.version--;
    assert_int_equal(give(d, &x, &waits, &e), OK);
    assert_true(waits);
    assert_int_equal(give(d, &x, NULL, &e), E_CONFLICT); /* sent twice: answered since */
    row = only(d);
    assert_int_equal(row.work.stage, STAGE_SECOND);
    assert_int_equal(links_agree(&d->v, &row.note.id, row.answers_seen, d->b->kit.arena, &e), E_DENIED);
    as(d, "O2", "KG", ROLE_SUPERVISOR);
    e = (struct err){0};
    assert_int_equal(links_agree(&d->v, &row.note.id, 0, d->b->kit.arena, &e),
                     E_CONFLICT); /* seen before it */
    assert_int_equal(links_agree(&d->v, &row.note.id, row.answers_seen, d->b->kit.arena, &e), OK);
    row = only(d);
    assert_int_equal(row.work.stage, STAGE_NOT_LINKED);
    assert_string_equal(str_cstr(d->b->kit.arena, row.work.standing->approved_by), "O2");
    assert_int_equal(list(d, LINKS_OPEN).count, 0);
    /* both lay at one address */
    static const char *const LATER[][2] = {{"S1", "2014-03-04"}, {"S2", "2014-03-05"}};
    for (size_t i = 0; i < COUNT_OF(LATER); i++) {
        char json[400];
        (void)snprintf(
            json, sizeof json,
            "{\"known_at\":\"%sT08:00:00Z\",\"kind\":\"death\",\"id\":\"%s\",\"source\":\"scene\","
            "\"set\":{\"address\":\"Flat 3, 9 Elm Row, Ely\",\"place\":{\"lat\":51.5,\"lon\":0.1}}}",
            LATER[i][1], LATER[i][0]);
        bed_wait(d->b, bed_line(d->b, json));
    }
    as(d, "O1", "KG", ROLE_ANALYST);
    row = only(d);
    assert_int_equal(row.work.stage, STAGE_NEW);
    assert_true(row.work.reopened);
    assert_int_equal(row.answers, 1); /* and what was said is still there */
}

static void the_specialist_team_is_asked_and_answers(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    two_deaths(d);
    as(d, "O1", "KG", ROLE_ANALYST);
    struct link_row row = only(d);
    struct links_answer x = answer_to(&row, ANSWER_ACCEPTS, "yes");
    assert_int_equal(give(d, &x, NULL, &e), E_INVALID); /* not asked */
    x = answer_to(&row, ANSWER_REQUESTS, "two deaths with one telephone");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    assert_false(only(d).mine);
    as(d, "O4", "HO", ROLE_SPECIALIST);
    row = only(d);
    assert_true(row.mine);
    assert_int_equal(row.work.stage, STAGE_REQUESTED);
    x = answer_to(&row, ANSWER_ACCEPTS, "");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    assert_int_equal(only(d).work.stage, STAGE_ACCEPTED);
}

static void what_is_restricted_is_nobody_elses(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    size_t unseen = 0;
    struct links_likewise like;
    bed_wait(d->b, bed_sharer(d->b, "S1", "2014-03-01T08:00:00Z", 1));
    (void)bed_line(d->b,
                   "{\"known_at\":\"2014-03-01T09:00:00Z\",\"kind\":\"restriction\",\"id\":\"R1\",\"source\":"
                   "\"staff\",\"set\":{\"events\":[\"S2\"],\"reason\":\"an inquiry\",\"cleared\":[\"O4\"]}}");
    bed_wait(d->b, bed_sharer(d->b, "S2", "2014-03-02T08:00:00Z", 1));
    (void)bed_links_with(d->b, "S1 S2"); /* once the world of restricted records is made */
    struct record_id s1 = {S("main"), KIND_DEATH, S("S1")};
    struct link_row *rows;
    size_t count = 0;
    as(d, "O1", "KG", ROLE_ANALYST);
    for (int w = 0; w < LINKS_WHICH_COUNT; w++)
        assert_int_equal(list(d, LINKS_ALL).of[w], 0);
    assert_int_equal(links_of(&d->v, &s1, NULL, d->b->kit.arena, &rows, &count, &e), OK);
    assert_int_equal(count, 0);
    assert_int_equal(links_likewise(&d->v, 70, &like, &e), OK);
    assert_int_equal(like.answered, 0);
    as(d, "O4", "HO", ROLE_SPECIALIST);
    struct link_row row = only(d);
    assert_true(row.restricted);
    assert_int_equal(row.work.owner, OWNER_CLEARED);
    assert_true(row.mine);
    assert_int_equal(links_unseen(&d->v, &unseen, &e), OK);
    assert_int_equal(unseen, 0); /* it has reached somebody */
    struct record_id link = row.note.id;
    as(d, "O1", "KG", ROLE_ANALYST);
    assert_int_equal(links_read(&d->v, &link, d->b->kit.arena, &row, &e), E_NOT_FOUND);
    /* the one who is cleared has an interest in it: now nobody sees it, and that can be told */
    (void)bed_line(d->b,
                   "{\"known_at\":\"2014-03-03T09:00:00Z\",\"kind\":\"conflict\",\"id\":\"C1\",\"source\":"
                   "\"staff\",\"set\":{\"officer\":\"O4\",\"with\":[\"S1\"],\"why\":\"a friend\"}}");
    as(d, "O1", "KG", ROLE_ANALYST);
    assert_int_equal(links_unseen(&d->v, &unseen, &e), OK);
    assert_int_equal(unseen, 1);
}

/* The alarm hears of a decision at midnight, and of its being taken back at the next. */
static void wait_decided(struct desk *d, size_t links)
{
    struct live_status s = {.decided = SIZE_MAX};
    for (int i = 0; i < 600 && s.decided != links; i++) {
        (void)live_wait(d->b->live, UINT64_MAX, 50);
        live_status(d->b->live, &s);
    }
    assert_int_equal(s.decided, links);
}

static void what_is_decided_is_not_counted_in_the_price(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    struct live_status s;
    two_deaths(d);
    as(d, "O1", "KG", ROLE_ANALYST);
    struct link_row row = only(d);
    struct links_answer x = answer_to(&row, ANSWER_LINKED, "one telephone");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    live_status(d->b->live, &s);
    assert_int_equal(s.decided, 0);
    bed_clock(d->b, "2014-03-03T09:00:00Z");
    wait_decided(d, 1);
    as(d, "O2", "KG", ROLE_ANALYST);
    row = only(d);
    x = answer_to(&row, ANSWER_NEEDS_WORK, "the telephone was sold in between");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    bed_clock(d->b, "2014-03-04T09:00:00Z");
    wait_decided(d, 0);
}

static void the_second_look_is_blind(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    d->b->work.blind_percent = 100;
    two_deaths(d);
    as(d, "O1", "KG", ROLE_ANALYST);
    struct link_row row = only(d);
    assert_false(row.blind); /* nobody has answered yet */
    struct links_answer x = answer_to(&row, ANSWER_LINKED, "one telephone");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    assert_int_equal(only(d).work.stage, STAGE_LINKED);
    as(d, "O2", "KG", ROLE_ANALYST);
    row = only(d);
    assert_true(row.blind);
    assert_int_equal(row.answers, 0); /* as if nobody had */
    assert_int_equal(row.work.stage, STAGE_NEW);
    assert_true(row.mine);
    x = answer_to(&row, ANSWER_NEEDS_WORK, "ask for the call data");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    row = only(d);
    x = answer_to(&row, ANSWER_LINKED, "one telephone");
    assert_int_equal(give(d, &x, NULL, &e), OK);
    row = only(d);
    assert_false(row.blind);
    assert_int_equal(row.answers, 3);
    assert_int_equal(row.work.stage, STAGE_LINKED);
    struct links_likewise like;
    assert_int_equal(links_likewise(&d->v, row.note.score_db, &like, &e), OK);
    assert_int_equal(like.answered, 1);
    assert_int_equal(like.confirmed, 1);
    assert_int_equal(links_likewise(&d->v, row.note.score_db + 6, &like, &e), OK);
    assert_int_equal(like.answered, 0);
}

static void a_person_suggests_a_link(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    struct record_id pair[] = {{S("main"), KIND_DEATH, S("B1")}, {S("main"), KIND_DEATH, S("B3")}}, link;
    struct record_id nobody[] = {{S("main"), KIND_DEATH, S("B1")}, {S("main"), KIND_DEATH, S("ZZ")}};
    as(d, "O1", "KG", ROLE_ANALYST);
    assert_int_equal(links_suggest(&d->v, pair, 1, S("why"), d->b->kit.arena, &link, &e), E_INVALID);
    assert_int_equal(links_suggest(&d->v, pair, 2, S(" "), d->b->kit.arena, &link, &e), E_INVALID);
    assert_int_equal(links_suggest(&d->v, nobody, 2, S("why"), d->b->kit.arena, &link, &e), E_NOT_FOUND);
    e = (struct err){0};
    assert_int_equal(
        links_suggest(&d->v, pair, 2, S("both nursed by one person"), d->b->kit.arena, &link, &e), OK);
    struct link_row row = only(d);
    assert_string_equal(str_cstr(d->b->kit.arena, row.note.raised_by), "person");
    assert_int_equal(row.work.stage, STAGE_NEW);
    /* the linker weighs it by and by */
    for (int i = 0; i < 600 && only(d).note.facts == 0; i++)
        (void)live_wait(d->b->live, UINT64_MAX, 50);
    assert_true(only(d).note.facts != 0);
}

static void overdue_work_goes_on_by_the_clock_alone(void **state)
{
    struct desk *d = *state;
    two_deaths(d);
    bed_clock(d->b, "2014-03-03T09:00:00Z");
    as(d, "O1", "KG", ROLE_ANALYST);
    struct link_row row = only(d);
    assert_int_equal(row.work.owner, OWNER_CENTRAL_DESK);
    assert_true(row.work.overdue);
    assert_int_equal(list(d, LINKS_OVERDUE).count, 1);
    assert_int_equal(list(d, LINKS_MINE).count, 0);
}

static void the_morning_meeting_has_its_list_and_minutes(void **state)
{
    struct desk *d = *state;
    struct err e = {0};
    struct links_day day;
    struct record_id meeting;
    two_deaths(d);
    as(d, "O1", "KG", ROLE_ANALYST);
    assert_int_equal(links_day(&d->v, S("KG"), INT64_MAX, d->b->kit.arena, &day, &e), OK);
    assert_int_equal(day.deaths, 0);
    assert_int_equal(day.open.count, 1);
    assert_int_equal(links_day(&d->v, S("NW"), INT64_MIN, d->b->kit.arena, &day, &e), OK);
    assert_int_equal(day.deaths, 0);
    assert_int_equal(day.open.count, 0);
    assert_int_equal(links_day(&d->v, S("KG"), INT64_MIN, d->b->kit.arena, &day, &e), OK);
    assert_int_equal(day.deaths, BACKGROUND + 2);
    struct links_meeting m = {.unit = S("KG"),
                              .at_ms = d->b->now_ms,
                              .chair = S("O1"),
                              .death = &day.death[0]->id,
                              .deaths = 1,
                              .link = &day.open.row[0].note.id,
                              .links = 1,
                              .minutes = S("")};
    assert_int_equal(links_meeting_record(&d->v, &m, d->b->kit.arena, &meeting, &e), E_INVALID);
    m.minutes = S("S1 and S2: the analyst asks for the call data by Friday.");
    e = (struct err){0};
    if (links_meeting_record(&d->v, &m, d->b->kit.arena, &meeting, &e) != OK) fail_msg("%s", e.text);
    struct record r;
    assert_int_equal(store_get(d->b->store, &d->b->officer, VIEW_NOW, &meeting, d->b->kit.arena, &r, &e), OK);
    assert_int_equal(((const struct meeting *)r.data)->links.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(strong_evidence_takes_two_and_new_facts_open_it_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_specialist_team_is_asked_and_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_restricted_is_nobody_elses, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_decided_is_not_counted_in_the_price, setup, teardown),
        cmocka_unit_test_setup_teardown(the_second_look_is_blind, setup, teardown),
        cmocka_unit_test_setup_teardown(a_person_suggests_a_link, setup, teardown),
        cmocka_unit_test_setup_teardown(overdue_work_goes_on_by_the_clock_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(the_morning_meeting_has_its_list_and_minutes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
