/* Planted series: what a plan file may say, and that a planted death is told like any other. */
#include "base/buf.h"
#include "base/caldate.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/stream.h"
#include "base/table.h"
#include "synth/planted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DEATHS    1500
#define DAYS      1500
#define FIRST_DAY 18000
#define WARM_DAYS 182

static struct arena *arena;

/* ---- plan files -----------------------------------------------------------------------------------------
 */

#define HEAD  "[plan]\nname = x\nnature = series\nabout = a\nsource = s\n"
#define WHOLE HEAD "count = 2\nmembers = 3-4\ngap_days = 5-9\n"
#define DRESSING                                                                                             \
    "[plan]\nname = d\nnature = dressing\nabout = a\nsource = s\n[record]\nthorough = 0.5-1\n[company]\n"

static void faults_are_told(void **state)
{
    static const struct {
        const char *text, *told;
    } rule[] = {
        {"", "the plan lacks name"},
        {"[plan]\nname = Big\n", "line 2: a name is made of small letters"},
        {"[plan]\nname = x\nnature = real\n", "line 3: nature is series, look_alike"},
        {"[plan]\nwhat\n", "line 2: write a [section], or KEY = VALUE"},
        {HEAD, "the plan lacks count"},
        {HEAD "count = many\n", "line 6: count wants how many"},
        {HEAD "count = 3 each\n", "line 6: count: \"each\" is too much"},
        {HEAD "count = 3\nmembers = 6-3\n", "line 7: members wants a range such as 3-6"},
        {HEAD "count = 3\nmembers = 3-6\n", "the plan lacks gap_days or within_days"},
        {HEAD "count = until 3\nmembers = 3-6\ngap_days = 1-2\n", "the plan lacks count without until"},
        {WHOLE "[who]\npick = murder\n", "line 10: pick: there is no \"murder\""},
        {WHOLE "[who]\nage = 0.5 around 3\n", "line 10: age: the word \"within\" is wanted here"},
        {WHOLE "[where]\nplace = 0.5 under 30\n", "line 10: place is anywhere, SHARE near METRES"},
        {WHOLE "[where]\nanchor = harbour\n", "line 10: anchor is own, river or care_home"},
        {WHOLE "[how]\nposture = 1.5 of supine:1\n", "line 10: posture wants a share, a number from 0 to 1"},
        {WHOLE "[how]\nposture = 0.5 of supine\n", "write each choice as word:weight"},
        {WHOLE "[how]\nposture = 0.5 of standing:1\n", "posture: there is no \"standing\""},
        {WHOLE "[how]\nposture = 0.5 of\n", "posture names nothing to choose from"},
        {WHOLE "[how]\nposture = 0.5 of supine:1\nposture = 0.5 of prone:1\n", "posture stands twice"},
        {WHOLE "[how]\nabsent = 1 of phone+cash+keys+shoes+wallet:1\n", "more than 4 words in one choice"},
        {WHOLE "[how]\ncontact = 0.5 of phone:1\n",
         "[how] of a plan of the nature series has no \"contact\""},
        {WHOLE "[record]\nthin = 0.5\n", "[record] of a plan of the nature series has no \"thin\""},
        {WHOLE "[words]\nsays = 0.5 [a|b\n", "the phrase lacks a closing bracket"},
        {WHOLE "[words]\nsays = 0.5 a]\n", "the phrase closes a bracket that is not open"},
        {WHOLE "[words]\nsays = 0.5 {who} lay\n", "the phrase names a word that is none of"},
        {WHOLE "[words]\nsays = 0.5\n", "the phrase is empty"},
        {DRESSING "person = king has 0.5 told 0.5 in any ages 1-9 from strangers\n",
         "there is no role \"king\""},
        {DRESSING "person = carer has 0.5 told 0.5 in moon ages 1-9 from staff\n", "there is no \"moon\""},
        {DRESSING "person = carer has 0.5 told 0.5 in any ages 1-9 from heaven\n", "not from \"heaven\""},
        {DRESSING "contact = has 0.5 told 0.5 of phone:1\n", "the word \"when\" is wanted here"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rule); i++) {
        struct pattern p;
        struct err e = {0};
        assert_int_equal(synth_pattern_parse(arena, "x.plan", str_of(rule[i].text), &p, &e), E_INVALID);
        if (strstr(e.text, rule[i].told) == NULL || strncmp(e.text, "x.plan", 6) != 0)
            fail_msg("\"%s\" was told as: %s", rule[i].told, e.text);
    }
}

static size_t read_plans(struct pattern *out)
{
    static const char *const name[] = {
        "bad_batch",       "bridge_falls",  "busy_carer",        "care_home_deaths",    "care_home_item",
        "carer_in_common", "common_handle", "couples",           "dealer_phone",        "dressing",
        "long_gap_scene",  "river_deaths",  "scattered_contact", "same_place_and_drug", "water_downstream",
        "weir_drownings",  "winter_wave"};
    for (size_t i = 0; i < COUNT_OF(name); i++) {
        struct buf text CLEANUP_BUF;
        struct err e = {0};
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/demo/plans/%s.plan", getenv("COLLIGATE_SOURCE_ROOT"), name[i]);
        buf_init(&text, 1 << 20);
        if (file_read(path, &text, &e) != OK ||
            synth_pattern_parse(arena, name[i], str_copy(arena, buf_str(&text)), &out[i], &e) != OK)
            fail_msg("%s", e.text);
        assert_true(str_eq(out[i].name, str_of(name[i])));
    }
    return COUNT_OF(name);
}

/* ---- a made town ----------------------------------------------------------------------------------------
 */

struct told {
    uint64_t digest;
    struct table *death; /* id of a death -> 1 + place in line */
    struct table *truth; /* id of a death in a series -> 1 */
    size_t lines, series, twins, truth_rows;
    double scene[2], deaths[2]; /* scene fields given; of others, of series */
    Str *report;
    size_t reports;
    int64_t last_ms;
};

static void make_deaths(struct known_death *k)
{
    static const char *const mechanism[] = {"natural", "overdose", "fall", "gunshot", "drowning", "unknown"};
    static const double weight[] = {60, 20, 8, 4, 1, 7};
    struct rng r;
    rng_seed(&r, 5);
    for (size_t i = 0; i < DEATHS; i++) {
        size_t m = rng_pick(&r, weight, COUNT_OF(mechanism));
        bool home = m == 0 && rng_chance(&r, 0.2); /* one of five houses in which many die */
        uint64_t house = rng_below(&r, 5);
        k[i] = (struct known_death){.id = str_format(arena, "K%zu", i),
                                    .day = FIRST_DAY + (int64_t)rng_below(&r, DAYS),
                                    .sex = rng_chance(&r, 0.6) ? 'M' : 'F',
                                    .age = (int)rng_between(&r, m == 0 ? 50 : 18, m == 0 ? 95 : 70),
                                    .mechanism = synth_mechanism(str_of(mechanism[m])),
                                    .setting = SETTING_COUNT,
                                    .placed = true,
                                    .lat = 43 + 0.2 * rng_unit(&r),
                                    .lon = -88 + 0.2 * rng_unit(&r)};
        k[i].address = home
                           ? str_format(arena, "%d Elm Court, Made Town", (int)house + 1)
                           : str_format(arena, "%d W Marl Street, Made Town", (int)rng_between(&r, 1, 99999));
        if (m == 1) synth_intake_add(&k[i].found, rng_chance(&r, 0.6) ? "fentanyl" : "cocaine");
    }
}

static enum status take_line(void *state, Str line, struct err *e)
{
    struct told *t = state;
    t->digest = hash64_mix(t->digest, hash64(line));
    t->lines++;
    if (str_find(line, S("\"kind\":\"death\"")) == STR_NPOS) return OK;
    struct json_doc doc CLEANUP_JSON = {.root = NULL};
    TRY(json_parse(line, &doc, e));
    Str source = json_str(json_get(doc.root, "source"));
    t->twins += str_eq(source, S("ambulance"));
    if (!str_eq(source, S("death_report")) || json_get(json_get(doc.root, "set"), "category") == NULL)
        return OK;
    bool fresh;
    *table_at(t->death, json_str(json_get(doc.root, "id")), &fresh) = ++t->reports;
    assert_true(fresh);
    t->report[t->reports - 1] = str_copy(arena, line);
    return OK;
}

static enum status take_truth(void *state, Str line, struct err *e)
{
    struct told *t = state;
    (void)e;
    struct str_list cell = str_split(arena, line, '\t');
    t->digest = hash64_mix(t->digest, hash64(line));
    t->truth_rows++;
    if (str_eq(cell.item[1], S("series"))) *table_at(t->truth, cell.item[2], NULL) = 1;
    return OK;
}

static const char *const scene[] = {"posture", "injuries", "found_by", "signs_moved", "covering", "clothing"};

static void tell(const struct known_death *k, uint64_t seed, size_t series, const char *only, struct told *t,
                 struct planted *out)
{
    static struct pattern pattern[32];
    struct err e = {0};
    size_t patterns = read_plans(pattern);
    *t = (struct told){.death = table_new(1 << 16), .truth = table_new(1 << 16)};
    t->report = NEW_ARRAY(arena, Str, DEATHS);
    struct planted_options o = {.seed = seed,
                                .plant = {.series = series, .only = str_of(only), .warm_days = WARM_DAYS}};
    if (synth_planted_write(k, DEATHS, pattern, patterns, &o, take_line, t, take_truth, t, arena, out, &e) !=
        OK)
        fail_msg("%s", e.text);
    for (size_t i = 0; i < table_count(t->death); i++) {
        struct json_doc doc CLEANUP_JSON = {.root = NULL};
        if (json_parse(t->report[i], &doc, &e) != OK) fail_msg("%s", e.text);
        Str id = json_str(json_get(doc.root, "id"));
        bool planted = table_find(t->truth, id) != NULL;
        t->deaths[planted]++;
        for (size_t f = 0; f < COUNT_OF(scene); f++)
            t->scene[planted] += json_get(json_get(doc.root, "set"), scene[f]) != NULL;
    }
}

static void forget(struct told *t)
{
    table_free(t->death);
    table_free(t->truth);
}

static void every_death_is_told_once_and_planted_ones_alike(void **state)
{
    (void)state;
    struct known_death *k = NEW_ARRAY(arena, struct known_death, DEATHS);
    struct told t;
    struct planted out;
    make_deaths(k);
    tell(k, 3, 8, NULL, &t, &out);
    /* a report that is written after the last day is not in the feed */
    assert_in_range(t.reports, DEATHS - 10, DEATHS);
    assert_int_equal(out.deaths, DEATHS);
    size_t members = 0, groups = 0;
    for (size_t i = 0; i < out.count; i++) {
        if (out.group[i].nature != NATURE_SERIES) continue;
        assert_in_range(out.group[i].members, 3, 6);
        members += out.group[i].members;
        groups++;
    }
    assert_int_equal(members, out.in_series);
    assert_in_range(groups, 30, 48);
    double planted = t.scene[1] / t.deaths[1], others = t.scene[0] / t.deaths[0];
    print_message("scene fields of %d: planted %.2f, others %.2f\n", (int)COUNT_OF(scene), planted, others);
    assert_true(planted > others - 0.5 && planted < others + 0.5);
    /* 20 to 40 % of what there was to see is missing, as the dressing says */
    assert_true(others / COUNT_OF(scene) > 0.5 && others / COUNT_OF(scene) < 0.8);
    forget(&t);
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    struct known_death *k = NEW_ARRAY(arena, struct known_death, DEATHS);
    struct told first, again, other;
    struct planted out;
    make_deaths(k);
    tell(k, 7, 2, NULL, &first, &out);
    tell(k, 7, 2, NULL, &again, &out);
    tell(k, 8, 2, NULL, &other, &out);
    assert_true(first.digest == again.digest);
    assert_true(first.digest != other.digest);
    forget(&first);
    forget(&again);
    forget(&other);
}

static void one_kind_alone_leaves_the_look_alikes(void **state)
{
    (void)state;
    struct known_death *k = NEW_ARRAY(arena, struct known_death, DEATHS);
    struct told t;
    struct planted out;
    make_deaths(k);
    tell(k, 3, 4, "water_downstream", &t, &out);
    size_t series = 0, look_alikes = 0;
    for (size_t i = 0; i < out.count; i++) {
        bool is = out.group[i].nature == NATURE_SERIES;
        series += is;
        look_alikes += out.group[i].nature == NATURE_LOOK_ALIKE;
        assert_true(!is || str_eq(out.group[i].pattern, S("water_downstream")));
    }
    assert_int_equal(series, 4);
    assert_true(look_alikes > 0);
    forget(&t);
}

/* ---- where and when -------------------------------------------------------------------------------------
 */

static void the_plan_is_kept_to(void **state)
{
    (void)state;
    struct known_death *k = NEW_ARRAY(arena, struct known_death, DEATHS);
    struct pattern pattern[32];
    size_t patterns = read_plans(pattern), near = 0, moved = 0;
    struct town town;
    struct planting planting;
    struct rng root;
    make_deaths(k);
    rng_seed(&root, 11);
    synth_town_make(&town, arena, k, DEATHS, &root);
    struct plant_options o = {.series = 6, .warm_days = WARM_DAYS};
    synth_plant(&planting, arena, &town, pattern, patterns, &o, &root);
    for (size_t g = 0; g < planting.count; g++) {
        const struct group *group = &planting.group[g];
        for (size_t m = 0; m < group->count; m++) {
            const struct townsman *who = &town.row[group->member[m]];
            assert_int_equal(planting.group_of[group->member[m]], g + 1);
            assert_int_equal(planting.member_of[group->member[m]], m);
            if (m > 0) assert_true(town.row[group->member[m - 1]].known->day <= who->known->day);
            if (group->pattern->nature == NATURE_SERIES)
                assert_true(who->known->day >=
                            FIRST_DAY + WARM_DAYS - 64); /* a fitting death is looked for around the day */
            if (!str_eq(group->pattern->name, S("same_place_and_drug")) || m == 0) continue;
            struct given given = {.age = who->known->age,
                                  .place = {.lat = who->known->lat, .lon = who->known->lon, .radius_m = 50}};
            struct rng own = rng_fork(&root, group->member[m]);
            enum cause_kind cause = who->cause;
            synth_member_given(&town, group, (uint32_t)m, &own, arena, &given, &cause);
            moved++;
            near += synth_distance_km(given.place.lat, given.place.lon, group->anchor.lat,
                                      group->anchor.lon) < 1.5;
        }
    }
    assert_true(moved > 10);
    /* 0.85 near, of which a lognormal with the median of 350 m leaves two in a hundred beyond 1.5 km */
    assert_true(near > 0.6 * (double)moved && near < moved);
    assert_true(town.care_homes >= 5 && town.river_m > 5000);
    double lat, lon, further_lat, further_lon;
    synth_town_river(&town, 0, &lat, &lon);
    synth_town_river(&town, 1000, &further_lat, &further_lon);
    double km = synth_distance_km(lat, lon, further_lat, further_lon);
    assert_true(km > 0.4 && km < 1.6);
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new("test", (size_t)1 << 30);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(faults_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_death_is_told_once_and_planted_ones_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_seed_gives_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_kind_alone_leaves_the_look_alikes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_plan_is_kept_to, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
