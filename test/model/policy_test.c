/* Reading vocabularies and source ranks, and what the shipped files must hold. */
#include "model/field.h"
#include "model/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_BYTES ((size_t)64 << 20)
#define HEAD        "code\tlabel\tparents\tsynonyms\tgroup\n"

static Str find_file(void *state, Str path)
{
    struct arena *a = state;
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    FILE *f = fopen(str_cstr(a, str_format(a, "%s/%.*s", root != NULL ? root : ".", STR_ARG(path))), "rb");
    if (f == NULL) return STR_NONE;
    size_t room = (size_t)1 << 20;
    char *text = NEW_ARRAY(a, char, room);
    size_t n = fread(text, 1, room, f);
    fclose(f);
    assert_true(n < room);
    return (Str){text, n};
}

static struct policy load_shipped(struct arena *a)
{
    struct policy p = {0};
    struct err e = {0};
    if (policy_load(a, find_file, a, &p, &e) != OK) fail_msg("%s", e.text);
    return p;
}

static struct vocabulary *load(struct arena *a, const char *text, enum status want, struct err *e)
{
    struct vocabulary *v = NULL;
    err_clear(e);
    enum status status = vocabulary_load(a, S("policy/test.tsv"), str_of(text), &v, e);
    if (status != want) fail_msg("%s: %s, not %s: %s", text, status_name(status), status_name(want), e->text);
    assert_true((v != NULL) == (want == OK)); /* untouched on failure */
    return v;
}

static void assert_str(Str got, const char *want)
{
    if (!str_eq(got, str_of(want))) fail_msg("got \"%.*s\", not \"%s\"", STR_ARG(got), want);
}

static void words_lead_to_codes(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("vocabulary", ARENA_BYTES);
    struct err e = {0};
    const struct vocabulary *v =
        load(a,
             "# a comment\n\n" HEAD "heroin\tdiamorphine (heroin)\topiate\tSmack|brown  sugar\topioid\r\n"
             "6_mam\t6-MAM\theroin\t6-monoacetylmorphine\topioid\n"
             "opiate\topiate\t\t\topioid\n"
             "alpha_pvp\talpha-PVP\t\tα-PVP\n",
             OK, &e);
    static const char *const pair[][2] = {
        {"heroin", "heroin"},
        {"HEROIN", "heroin"},
        {"smack", "heroin"},
        {" brown-sugar ", "heroin"},
        {"BrownSugar", "heroin"},
        {"héroin", "heroin"},
        {"6 mam", "6_mam"},
        {"6MAM", "6_mam"},
        {"α-PVP", "alpha_pvp"},
        {"Α pvp", "alpha_pvp"},
        {"a-pvp", ""},
        {"heroine", ""},
        {"", ""},
        {" - ", ""},
        {"…", ""},
        {"heroin smack", ""},
        {"diamorphine", ""},
        {"diamorphine heroin", "heroin"},
    };
    for (size_t i = 0; i < COUNT_OF(pair); i++) {
        Str code = vocabulary_find(v, str_of(pair[i][0]));
        if (!str_eq(code, str_of(pair[i][1]))) fail_msg("\"%s\" gave \"%.*s\"", pair[i][0], STR_ARG(code));
        assert_true(str_present(code) == (pair[i][1][0] != '\0'));
    }
    assert_true(vocabulary_has(v, S("6_mam")));
    assert_false(vocabulary_has(v, S("6-mam")));
    assert_false(vocabulary_has(v, S("smack")));
    assert_str(vocabulary_label(v, S("heroin")), "diamorphine (heroin)");
    assert_str(vocabulary_label(v, S("nothing")), "nothing");
    assert_str(vocabulary_group(v, S("alpha_pvp")), "");
    assert_false(str_present(vocabulary_group(v, S("nothing"))));
    assert_int_equal(vocabulary_count(v), 4);
    assert_str(vocabulary_code(v, 2), "opiate");
}

static void long_words_are_not_listed(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("vocabulary", ARENA_BYTES);
    struct err e = {0};
    const struct vocabulary *v = load(a, HEAD "heroin\theroin\t\t\t\n", OK, &e);
    size_t n = 100000;
    char *text = NEW_ARRAY(a, char, n);
    memset(text, 'x', n);
    assert_false(str_present(vocabulary_find(v, (Str){text, n})));
    memset(text, 0xC3, n); /* not even UTF-8 */
    for (size_t len = 1; len <= n; len *= 7)
        assert_false(str_present(vocabulary_find(v, (Str){text, len})));
    /* Blanks do not make a word longer. */
    memset(text, ' ', n);
    memcpy(text + n - 6, "heroin", 6);
    assert_str(vocabulary_find(v, (Str){text, n}), "heroin");
}

static void parents_stand_nearest_first(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("vocabulary", ARENA_BYTES);
    struct err e = {0};
    const struct vocabulary *v =
        load(a, HEAD "d\td1\tb, c\t\t\nb\tb1\ta\t\t\nc\tc1\ta\t\t\na\ta1\t\t\t\n", OK, &e);
    struct str_list parents = vocabulary_parents(v, S("d"));
    assert_int_equal(parents.count, 3);
    assert_str(parents.item[0], "b");
    assert_str(parents.item[1], "c");
    assert_str(parents.item[2], "a");
    assert_int_equal(vocabulary_parents(v, S("a")).count, 0);
    assert_int_equal(vocabulary_parents(v, S("nothing")).count, 0);
}

static void spellings_leave_common_words_out(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("vocabulary", ARENA_BYTES);
    struct err e = {0};
    const struct vocabulary *v =
        load(a, HEAD "road\tRoad collision\t\t~Road|RTC|rtc|hit by a car\t\n", OK, &e);
    struct str_list spellings = vocabulary_spellings(v, 0);
    assert_int_equal(spellings.count, 3);
    assert_str(spellings.item[0], "hit by a car");
    assert_str(spellings.item[1], "road collision");
    assert_str(spellings.item[2], "rtc");
    assert_str(vocabulary_find(v, S("road")), "road");
    assert_true(vocabulary_has(v, S("road")));
}

static void faults_name_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        const char *says;
    } row[] = {
        {"", E_INVALID, "empty"},
        {"# only a comment\n", E_INVALID, "empty"},
        {HEAD, E_INVALID, "no code"},
        {"code\tname\n", E_INVALID, "no column label"},
        {HEAD "Heroin\th\t\t\t\n", E_INVALID, "line 2, column code"},
        {HEAD "_x\th\t\t\t\n", E_INVALID, "line 2, column code"},
        {HEAD "\th\t\t\t\n", E_INVALID, "line 2, column code"},
        {HEAD "a\t\t\t\t\n", E_INVALID, "line 2, column label"},
        {"# x\n" HEAD "a\ta1\t\t?!|b\t\n", E_INVALID, "line 3, column synonyms"},
        {HEAD "a\ta1\t\t\t\ttoo\tmany\n", E_INVALID, "line 2: more cells"},
        {HEAD "a\ta1\tb\t\t\n", E_INVALID, "line 2, column parents: b"},
        {HEAD "a\ta1\tb1\t\t\nb\tb1\t\t\t\n", E_INVALID, "column parents: b1"},
        {HEAD "a\ta1\ta\t\t\n", E_INVALID, "own ancestor"},
        {HEAD "a\ta1\tb\t\t\nb\tb1\tc\t\t\nc\tc1\ta\t\t\n", E_INVALID, "own ancestor"},
        {HEAD "a\ta1\t\tx y\t\nb\tb1\t\tX-Y\t\n", E_CONFLICT, "line 3, column synonyms"},
        {HEAD "a\ta1\t\t\t\na\ta2\t\t\t\n", E_CONFLICT, "line 2"},
        {HEAD "a_b\tx\t\t\t\nab\ty\t\t\t\n", E_CONFLICT, "line 3"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct arena *a CLEANUP_ARENA = arena_new("vocabulary", ARENA_BYTES);
        struct err e = {0};
        load(a, row[i].text, row[i].status, &e);
        if (strstr(e.text, row[i].says) == NULL)
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, e.text, row[i].says);
        assert_non_null(strstr(e.text, "policy/test.tsv"));
    }
}

/* One file of policy/ replaced or taken away. */
struct altered {
    struct arena *a;
    const char *path;
    Str text;
};

static Str find_altered(void *state, Str path)
{
    struct altered *x = state;
    return str_eq(path, str_of(x->path)) ? x->text : find_file(x->a, path);
}

static void every_file_is_asked_for_and_checked(void **state)
{
    (void)state;
    static const char *const path[] = {
        "policy/substances.tsv", "policy/settings.tsv", "policy/mechanisms.tsv", "policy/injuries.tsv",
        "policy/items.tsv",      "policy/roles.tsv",    "policy/sources.tsv"};
    for (size_t i = 0; i < COUNT_OF(path); i++) {
        struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
        struct policy p = {.vocabulary_version = 7};
        struct err e = {0};
        struct altered x = {a, path[i], STR_NONE};
        assert_int_equal(policy_load(a, find_altered, &x, &p, &e), E_NOT_FOUND);
        assert_non_null(strstr(e.text, path[i]));
        assert_int_equal(p.vocabulary_version, 7); /* untouched */
        err_clear(&e);
        x.text = S("rubbish\n");
        assert_int_equal(policy_load(a, find_altered, &x, &p, &e), E_INVALID);
    }
}

static void faulty_ranks_and_regions_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
        enum status status;
    } row[] = {
        {"policy/sources.tsv", "source\trank\tlabel\nlab\tx\tthe lab\n", E_INVALID},
        {"policy/sources.tsv", "source\trank\tlabel\nlab\t-1\tthe lab\n", E_INVALID},
        {"policy/sources.tsv", "source\trank\tlabel\nlab\t101\tthe lab\n", E_INVALID},
        {"policy/sources.tsv", "source\trank\tlabel\n\t1\tthe lab\n", E_INVALID},
        {"policy/sources.tsv", "source\trank\tlabel\nlab\t1\ta\nlab\t2\tb\n", E_CONFLICT},
        {"policy/defaults.tsv", "name\tvalue\nregion\tFR\n", E_INVALID},
        {"policy/defaults.tsv", "name\tvalue\nregon\tGB\n", E_INVALID},
        {"policy/defaults.tsv", "name\tvalue\nregion\tUS\n", OK},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
        struct policy p = {0};
        struct err e = {0};
        struct altered x = {a, row[i].path, str_of(row[i].text)};
        enum status status = policy_load(a, find_altered, &x, &p, &e);
        if (status != row[i].status) fail_msg("row %zu: %s %s", i, status_name(status), e.text);
        if (status == OK) assert_str(p.default_region, "US");
    }
}

static void any_edit_changes_the_version(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy one = load_shipped(a), two = load_shipped(a), three = {0};
    assert_int_equal(one.vocabulary_version, two.vocabulary_version);
    Str items = find_file(a, S("policy/items.tsv"));
    struct altered x = {a, "policy/items.tsv", str_format(a, "%.*s# looked through\n", STR_ARG(items))};
    struct err e = {0};
    assert_int_equal(policy_load(a, find_altered, &x, &three, &e), OK);
    assert_int_not_equal(one.vocabulary_version, three.vocabulary_version);
}

static void sources_are_ranked(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy p = load_shipped(a);
    assert_true(policy_precedence(&p, S("coroner")) > policy_precedence(&p, S("lab")));
    assert_true(policy_precedence(&p, S("lab")) > policy_precedence(&p, S("death_report")));
    assert_true(policy_precedence(&p, S("death_report")) > policy_precedence(&p, S("call")));
    assert_int_equal(policy_precedence(&p, S("a source nobody listed")), PRECEDENCE_DEFAULT);
    assert_int_equal(policy_precedence(&p, S("")), PRECEDENCE_DEFAULT);
    assert_str(policy_source_label(&p, S("lab")), "the laboratory");
    assert_str(policy_source_label(&p, S("nobody")), "nobody");
    assert_str(p.default_region, "GB");
}

static void numbers_have_words(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy p = load_shipped(a);
    assert_false(str_present(policy_scale_words(&p, SCALE_STRENGTH, 0.29)));
    assert_str(policy_scale_words(&p, SCALE_STRENGTH, 0.3), "weak support");
    assert_str(policy_scale_words(&p, SCALE_STRENGTH, 3.9), "strong support");
    assert_str(policy_scale_words(&p, SCALE_STRENGTH, 60), "extremely strong support");
    assert_str(policy_scale_words(&p, SCALE_PROBABILITY, 0), "a remote chance");
    assert_str(policy_scale_words(&p, SCALE_PROBABILITY, 0.6), "likely");
    assert_str(policy_scale_words(&p, SCALE_PROBABILITY, 1), "almost certain");
    assert_false(str_present(policy_scale_words(NULL, SCALE_PROBABILITY, 1)));
    static const char *const faulty[] = {
        "scale\tleast\twords\nluck\t1\tx\n", "scale\tleast\twords\nstrength\tx\ty\n",
        "scale\tleast\twords\nstrength\t2\ty\nstrength\t2\tz\n", "scale\tleast\twords\nstrength\t2\t\n"};
    for (size_t i = 0; i < COUNT_OF(faulty); i++) {
        struct arena *own CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
        struct err e = {0};
        struct altered x = {own, "policy/scales.tsv", str_of(faulty[i])};
        assert_int_equal(policy_load(own, find_altered, &x, &p, &e), E_INVALID);
        assert_non_null(strstr(e.text, "policy/scales.tsv, line"));
    }
}

/* Every code of the field has a row, and no row but those of the fields. */
static void check_codes(const struct vocabulary *v, const char *const (*field)[2], size_t count)
{
    for (size_t i = 0; i < vocabulary_count(v); i++) {
        bool known = false;
        for (size_t f = 0; f < count && !known; f++) {
            const struct kind *kind = kind_named(str_of(field[f][0]));
            int at = field_index(kind, str_of(field[f][1]));
            assert_true(at >= 0);
            known = field_value_listed(kind->field[at].values, vocabulary_code(v, i));
        }
        if (!known)
            fail_msg("%.*s is no code of %s.%s", STR_ARG(vocabulary_code(v, i)), field[0][0], field[0][1]);
    }
    for (size_t f = 0; f < count; f++) {
        const struct kind *kind = kind_named(str_of(field[f][0]));
        Str values = str_of(kind->field[field_index(kind, str_of(field[f][1]))].values), code;
        size_t codes = 0;
        while (str_next(&values, ' ', &code)) {
            if (code.len > 0 && !vocabulary_has(v, code))
                fail_msg("%s.%s: no row for %.*s", field[f][0], field[f][1], STR_ARG(code));
            codes++;
        }
        assert_true(codes > 5);
    }
}

static void shipped_codes_are_those_of_the_fields(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy p = load_shipped(a);
    static const char *const setting[][2] = {{"death", "setting"}}, *const mechanism[][2] = {
                                                                        {"death", "mechanism"}};
    static const char *const injury[][2] = {{"death", "injuries"}};
    static const char *const item[][2] = {{"death", "present"}, {"death", "absent"}, {"exhibit", "item"}};
    static const char *const role[][2] = {{"involvement", "role"}, {"identifier", "role"}};
    check_codes(p.settings, setting, COUNT_OF(setting));
    check_codes(p.mechanisms, mechanism, COUNT_OF(mechanism));
    check_codes(p.injuries, injury, COUNT_OF(injury));
    check_codes(p.items, item, COUNT_OF(item));
    check_codes(p.roles, role, COUNT_OF(role));
}

static void shipped_words_lead_where_they_should(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy p = load_shipped(a);
    const struct {
        const struct vocabulary *v;
        const char *word, *code;
    } row[] = {
        {p.substances, "Gamma-Hydroxybutyrate", "ghb"},
        {p.substances, "GBL", "gbl"},
        {p.substances, "1,4-BD", "butanediol"},
        {p.substances, "Fentanly", "fentanyl"},
        {p.substances, "4-ANPP", "4_anpp"},
        {p.substances, "despropionyl fentanyl", "4_anpp"},
        {p.substances, "ETHANOL", "alcohol"},
        {p.substances, "acetaminophen", "paracetamol"},
        {p.substances, "Xanax", "alprazolam"},
        {p.substances, "methadne", "methadone"},
        {p.substances, "oxycodene", "oxycodone"},
        {p.substances, "crystal meth", "methamphetamine"},
        {p.substances, "isotonitazine", "isotonitazene"},
        {p.substances, "carbon monoxide", "carbon_monoxide"},
        {p.substances, "dothiepin", "dosulepin"},
        {p.substances, "unknown_sedative", "unknown_sedative"},
        {p.settings, "motel", "hotel"},
        {p.settings, "Residence", "private_home"},
        {p.settings, "graveyard", "churchyard"},
        {p.mechanisms, "OD", "overdose"},
        {p.mechanisms, "hanged", "hanging"},
        {p.mechanisms, "Handgun", "gunshot"},
        {p.mechanisms, "RTC", "road"},
        {p.injuries, "Bruising below both arms", "bruising_underarms"},
        {p.items, "suicide note", "note"},
        {p.items, "mobile", "phone"},
        {p.roles, "found by", "finder"},
        {p.roles, "GP", "certifier"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        Str code = vocabulary_find(row[i].v, str_of(row[i].word));
        if (!str_eq(code, str_of(row[i].code))) fail_msg("\"%s\" gave \"%.*s\"", row[i].word, STR_ARG(code));
    }
    assert_false(str_present(vocabulary_find(p.substances, S("toxicity"))));
    assert_true(vocabulary_count(p.substances) >= 450);
}

static bool has_parent(const struct vocabulary *v, const char *code, const char *parent)
{
    struct str_list parents = vocabulary_parents(v, str_of(code));
    for (size_t i = 0; i < parents.count; i++)
        if (str_eq(parents.item[i], str_of(parent))) return true;
    return false;
}

static void shipped_substances_have_their_parents(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy p = load_shipped(a);
    static const char *const pair[][2] = {
        {"6_mam", "heroin"},
        {"6_mam", "opioid"},
        {"norfentanyl", "fentanyl"},
        {"benzoylecgonine", "cocaine"},
        {"benzoylecgonine", "stimulant"},
        {"ghb", "gamma_hydroxy"},
        {"gbl", "gamma_hydroxy"},
        {"butanediol", "gamma_hydroxy"},
        {"carfentanil", "fentanyls"},
        {"metonitazene", "nitazene"},
        {"nordiazepam", "benzodiazepine"},
        {"paraquat", "pesticide"},
        {"co_codamol", "codeine"},
    };
    for (size_t i = 0; i < COUNT_OF(pair); i++)
        if (!has_parent(p.substances, pair[i][0], pair[i][1]))
            fail_msg("%s under %s", pair[i][0], pair[i][1]);
    assert_false(has_parent(p.substances, "heroin", "6_mam"));
    /* Every substance says to which group it belongs. */
    for (size_t i = 0; i < vocabulary_count(p.substances); i++)
        assert_true(vocabulary_group(p.substances, vocabulary_code(p.substances, i)).len > 0);
}

/* A first name, a street's word or a verb must not become a finding because a story holds it. */
static void shipped_spellings_spare_common_words(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("policy", ARENA_BYTES);
    struct policy p = load_shipped(a);
    static const char *const common[] = {"road",  "charlie", "tina",    "gina",  "molly", "ice",
                                         "speed", "horse",   "can",     "watch", "ring",  "fell",
                                         "lead",  "natural", "unknown", "other", "g",     "h"};
    const struct vocabulary *const all[] = {p.substances, p.mechanisms, p.items};
    for (size_t v = 0; v < COUNT_OF(all); v++)
        for (size_t i = 0; i < vocabulary_count(all[v]); i++) {
            struct str_list spellings = vocabulary_spellings(all[v], i);
            for (size_t s = 0; s < spellings.count; s++)
                for (size_t c = 0; c < COUNT_OF(common); c++)
                    if (str_eq(spellings.item[s], str_of(common[c])))
                        fail_msg("\"%s\" is a spelling", common[c]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lead_to_codes),
        cmocka_unit_test(long_words_are_not_listed),
        cmocka_unit_test(parents_stand_nearest_first),
        cmocka_unit_test(spellings_leave_common_words_out),
        cmocka_unit_test(faults_name_line_and_column),
        cmocka_unit_test(every_file_is_asked_for_and_checked),
        cmocka_unit_test(faulty_ranks_and_regions_are_refused),
        cmocka_unit_test(any_edit_changes_the_version),
        cmocka_unit_test(sources_are_ranked),
        cmocka_unit_test(numbers_have_words),
        cmocka_unit_test(shipped_codes_are_those_of_the_fields),
        cmocka_unit_test(shipped_words_lead_where_they_should),
        cmocka_unit_test(shipped_substances_have_their_parents),
        cmocka_unit_test(shipped_spellings_spare_common_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
