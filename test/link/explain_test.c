/* The words of an explanation: true to the numbers, without codes, safe in Markdown, and the same both ways.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stream.h"
#include "link/explain.h"
#include "model/kinds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX ((size_t)1 << 20)

static struct record_id event_id(const char *id)
{
    return (struct record_id){S("main"), KIND_DEATH, str_of(id)};
}

static struct record_id person_id(const char *id)
{
    return (struct record_id){S("main"), KIND_PERSON, str_of(id)};
}

static Str name_of(void *state, const struct record_id *id)
{
    (void)state;
    return str_eq(id->id, S("P-PELL")) ? S("Stuart Pell") : STR_NONE;
}

/* Agreement on a value at the deepest node. */
static struct reason shared(enum feature f, const char *value, int db, uint64_t count, uint64_t base)
{
    Str v = str_of(value);
    return (struct reason){.feature = f,
                           .verdict = SAME,
                           .weight_db = db,
                           .full_weight_db = db,
                           .value = v,
                           .value_a = v,
                           .value_b = v,
                           .count = count,
                           .base = base,
                           .frequency = (double)count / (double)base,
                           .level = NODE_SETTING,
                           .measure = (double)NAN,
                           .radius = (double)NAN};
}

static struct reason measured(enum feature f, double measure, double radius, int db, uint64_t count)
{
    struct reason r = shared(f, NULL, db, count, 214);
    r.measure = measure;
    r.radius = radius;
    return r;
}

static struct reason missing(enum feature f, const char *a, const char *b)
{
    return (struct reason){.feature = f,
                           .verdict = NOT_RECORDED,
                           .value_a = str_of(a),
                           .value_b = str_of(b),
                           .measure = (double)NAN,
                           .radius = (double)NAN};
}

static struct reason differing(enum feature f, const char *a, const char *b, int db)
{
    struct reason r = missing(f, a, b);
    r.verdict = DIFFERENT;
    r.weight_db = r.full_weight_db = db;
    return r;
}

static struct reason identifier(const char *type, const char *value, int db, uint64_t holders)
{
    struct reason r = shared(FEATURE_IDENTIFIER, value, db, holders, 8112);
    r.identifier_type = str_of(type);
    return r;
}

static struct pair_evidence pair(struct reason *reason, size_t count)
{
    struct pair_evidence ev = {.a = event_id("D1"),
                               .b = event_id("D2"),
                               .known_a_ms = INT64_C(1403154000000),
                               .known_b_ms = INT64_C(1409216400000),
                               .level = NODE_SETTING,
                               .mechanism = S("overdose"),
                               .setting = S("street"),
                               .setting_group = S("@open_air"),
                               .comparable = 214,
                               .events = 8112,
                               .prior_odds = 3.6e-7,
                               .probability = 0.4,
                               .counts_at_ms = INT64_C(1409184000000),
                               .model = S("deaths 1"),
                               .rank_ab = 1,
                               .rank_ba = 3,
                               .reason = reason,
                               .count = count};
    for (size_t i = 0; i < count; i++)
        ev.score_db += reason[i].weight_db;
    return ev;
}

static const char *say_reason(struct buf *out, struct reason r, const struct explain_options *options)
{
    struct pair_evidence ev = pair(&r, 1);
    buf_clear(out);
    explain_reason(out, NULL, &ev, &r, options);
    return buf_str(out).ptr;
}

static const char *say_headline(struct buf *out, struct reason *r, size_t count,
                                const struct explain_options *options)
{
    struct pair_evidence ev = pair(r, count);
    buf_clear(out);
    explain_headline(out, NULL, &ev, options);
    return buf_str(out).ptr;
}

static void numbers_are_no_more_exact_than_they_are(void **state)
{
    static const struct {
        double metres;
        const char *words;
    } METRES[] = {
        {0, "less than 50 m"},       {49.9, "less than 50 m"}, {50, "about 50 m"},
        {254, "about 250 m"},        {276, "about 300 m"},     {601, "about 600 m"},
        {974, "about 1000 m"},       {975, "about 1 km"},      {1444, "about 1.4 km"},
        {4800, "about 5 km"},        {9499, "about 9.5 km"},   {9501, "about 10 km"},
        {14300, "about 14 km"},      {97600, "about 100 km"},  {123456, "about 120 km"},
        {5570000, "about 5,600 km"},
    };
    static const struct {
        double days;
        const char *words;
    } DAYS[] = {
        {0, "on the same day"},        {1, "1 day apart"},
        {2, "2 days apart"},           {119, "119 days apart"},
        {120, "about 4 months apart"}, {729, "about 24 months apart"},
        {731, "about 2 years apart"},
    };
    static const struct {
        double frequency;
        const char *words;
    } SHARES[] = {
        {0, "none"},           {1, "nearly all"},        {0.9, "nearly all"},
        {0.5, "1 in 2"},       {0.51, "more than half"}, {1 / 4.5, "1 in 4.5"},
        {1.0 / 36, "1 in 36"}, {1 / 412.0, "1 in 410"},  {1 / 2777778.0, "1 in 2,800,000"},
    };
    (void)state;
    struct buf out CLEANUP_BUF;
    buf_init(&out, 4096);
    for (size_t i = 0; i < COUNT_OF(METRES); i++) {
        buf_clear(&out);
        explain_metres(&out, METRES[i].metres);
        assert_string_equal(out.ptr, METRES[i].words);
    }
    for (size_t i = 0; i < COUNT_OF(DAYS); i++) {
        buf_clear(&out);
        explain_days_apart(&out, DAYS[i].days);
        assert_string_equal(out.ptr, DAYS[i].words);
    }
    for (size_t i = 0; i < COUNT_OF(SHARES); i++) {
        buf_clear(&out);
        explain_one_in(&out, SHARES[i].frequency);
        assert_string_equal(out.ptr, SHARES[i].words);
    }
    buf_clear(&out);
    explain_count(&out, UINT64_MAX);
    buf_add_char(&out, ' ');
    explain_count(&out, 1000);
    buf_add_char(&out, ' ');
    explain_count(&out, 0);
    buf_add_char(&out, ' ');
    explain_steps(&out, -3, true);
    buf_add_char(&out, ' ');
    explain_steps(&out, 64, true);
    buf_add_char(&out, ' ');
    explain_steps(&out, 0, true);
    assert_string_equal(out.ptr, "18,446,744,073,709,551,615 1,000 0 -0.3 +6.4 0.0");
}

static void a_share_is_told_as_it_was_counted(void **state)
{
    (void)state;
    struct explain_options plain = {0};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r = shared(FEATURE_POSTURE, "seated_propped", 13, 6, 214);
    assert_string_equal(
        say_reason(&out, r, &plain),
        "Both were found seated and propped up; so were 6 of 214 overdoses in the street, 1 in 36.");
    r.frequency = 0.05; /* pulled up by the groups above */
    assert_string_equal(say_reason(&out, r, &plain),
                        "Both were found seated and propped up; so were 6 of 214 "
                        "overdoses in the street, 1 in 36 (1 in 20 with "
                        "deaths of a wider kind counted in).");
    r.count = 3;
    assert_string_equal(
        say_reason(&out, r, &plain),
        "Both were found seated and propped up; so were 3 of 214 overdoses in the street (1 in 20 with "
        "deaths of a wider kind counted in).");
    r.count = 1; /* which may be the other half of this pair: it must not be called a third */
    assert_string_equal(
        say_reason(&out, r, &plain),
        "Both were found seated and propped up. By the last count that goes for 1 of 214 overdoses in the "
        "street, perhaps one of these two (1 in 20 with deaths of a wider kind counted in).");
    r.count = 0;
    r.level = NODE_ALL;
    assert_string_equal(
        say_reason(&out, r, &plain),
        "Both were found seated and propped up. By the last count that goes for none of 214 deaths and "
        "incidents (1 in 20, counted with care, being few).");
    r.base = 0;
    assert_non_null(strstr(say_reason(&out, r, &plain), "nothing of its kind yet"));
}

static void the_group_compared_with_is_named(void **state)
{
    static const struct {
        enum node_level level;
        const char *words;
    } GROUPS[] = {
        {NODE_ALL, "20 of 100 deaths and incidents, 1 in 5."},
        {NODE_MECHANISM, "20 of 100 overdoses, 1 in 5."},
        {NODE_SETTING_GROUP, "20 of 100 overdoses in the open air, 1 in 5."},
        {NODE_SETTING, "20 of 100 overdoses in the street, 1 in 5."},
        {NODE_GROUP_ALONE, "20 of 100 deaths in the open air, 1 in 5."},
        {NODE_SETTING_ALONE, "20 of 100 deaths in the street, 1 in 5."},
    };
    (void)state;
    struct explain_options plain = {0};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < COUNT_OF(GROUPS); i++) {
        struct reason r = shared(FEATURE_TIE, "none", 4, 20, 100);
        r.level = GROUPS[i].level;
        const char *said = say_reason(&out, r, &plain);
        if (!strstr(said, GROUPS[i].words)) fail_msg("%s", said);
    }
}

static void an_hour_that_incidents_share_is_not_when_they_were_found(void **state)
{
    (void)state;
    struct explain_options plain = {0};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r = shared(FEATURE_DAY_PART, "night", 4, 20, 100);
    struct pair_evidence ev = pair(&r, 1);
    ev.b.kind = KIND_INCIDENT;
    explain_reason(&out, NULL, &ev, &r, &plain);
    assert_non_null(strstr(out.ptr, "Both happened between midnight and 6am; so did 20 of 100"));
}

static void what_adds_little_shares_a_line(void **state)
{
    (void)state;
    struct explain_options plain = {0};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r[] = {shared(FEATURE_POSTURE, "seated_propped", 13, 6, 214),
                         shared(FEATURE_SUBSTANCES, "GHB", 12, 9, 214),
                         shared(FEATURE_ABSENT, "phone", 9, 9, 214),
                         shared(FEATURE_COVERING, "blanket", 2, 60, 214),
                         shared(FEATURE_HOUSING, "hostel", 2, 60, 214),
                         shared(FEATURE_FOUND_BY, "friend", 2, 60, 214),
                         shared(FEATURE_SEX, "M", 2, 150, 214),
                         shared(FEATURE_ACCESS, "public", 1, 150, 214)};
    struct pair_evidence ev = pair(r, COUNT_OF(r));
    explain_text(&out, NULL, &ev, &plain);
    assert_non_null(strstr(out.ptr, "  +0.2  Both were found under a blanket; so were"));
    assert_non_null(
        strstr(out.ptr, "  +0.3  Each adding little: both living in a hostel; who could get in."));
    assert_null(strstr(out.ptr, "Both were living in a hostel; so were"));
    ev = pair(r, COUNT_OF(r) - 2); /* six: none is left out */
    buf_clear(&out);
    explain_text(&out, NULL, &ev, &plain);
    assert_null(strstr(out.ptr, "Each adding little"));
    ev = pair(r, COUNT_OF(r) - 1); /* one more is no list */
    buf_clear(&out);
    explain_text(&out, NULL, &ev, &plain);
    assert_null(strstr(out.ptr, "Each adding little"));
    assert_non_null(strstr(
        out.ptr, "Both were living in a hostel; so were 60 of 214 overdoses in the street, 1 in 3.6."));
}

static void ties_in_brief_are_a_line_a_feature(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("ties", TEXT_MAX);
    struct explain_options brief = {.brief = true};
    struct explained_tie *tie = NULL;
    struct reason setting = shared(FEATURE_SETTING, "@open_air", 6, 15, 214);
    setting.verdict = SIMILAR;
    setting.value_a = S("street");
    setting.value_b = S("churchyard");
    struct reason r[] = {measured(FEATURE_PLACE, 254, 300, 12, 7),
                         shared(FEATURE_ABSENT, "phone", 9, 10, 200),
                         setting,
                         shared(FEATURE_ABSENT, "keys", 1, 100, 200),
                         shared(FEATURE_POSTURE, "seated_propped", 2, 1, 214),
                         shared(FEATURE_ACCESS, "public", 0, 150, 214),
                         differing(FEATURE_DAY_PART, "night", "morning", -1)};
    struct pair_evidence ev = pair(r, COUNT_OF(r));
    static const struct {
        const char *text;
        int db;
    } WANTED[] = {{"They were found about 250 m apart (1 in 31).", 12},
                  {"Missing from both scenes: a phone and keys (1 in 20).", 10},
                  {"Both were found in the open air, in the street and in a churchyard (1 in 14).", 6},
                  {"Both were found seated and propped up (1 in 210).", 2}};
    assert_int_equal(explain_ties(NULL, &ev, &brief, a, &tie), COUNT_OF(WANTED));
    for (size_t i = 0; i < COUNT_OF(WANTED); i++) {
        assert_string_equal(str_cstr(a, tie[i].text), WANTED[i].text);
        assert_int_equal(tie[i].weight_db, WANTED[i].db);
    }
}

static void distance_and_gap_are_told_with_what_lies_as_near(void **state)
{
    (void)state;
    struct explain_options plain = {0};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    assert_string_equal(
        say_reason(&out, measured(FEATURE_PLACE, 254, 300, 12, 7), &plain),
        "They were found about 250 m apart. Within 300 m of one of them there are 7 of 214 overdoses in the "
        "street, 1 in 31.");
    assert_string_equal(
        say_reason(&out, measured(FEATURE_TIME, 70, 90, 3, 40), &plain),
        "They were found 70 days apart. Within 90 days of one of them there are 40 of 214 overdoses in the "
        "street, 1 in 5.4.");
    assert_non_null(strstr(say_reason(&out, measured(FEATURE_AGE, 1, 2, 3, 40), &plain),
                           "They were 1 year apart in age."));
    assert_non_null(
        strstr(say_reason(&out, measured(FEATURE_AGE, 0, 2, 3, 40), &plain), "They were of the same age."));
    /* two points on top of each other, known to a kilometre: nothing is said to the metre */
    assert_non_null(strstr(say_reason(&out, measured(FEATURE_PLACE, 0, 1000, 3, 40), &plain),
                           "As far as is known they were found within 1 km of each other."));
    assert_non_null(strstr(say_reason(&out, measured(FEATURE_TIME, 0, 30, 3, 40), &plain),
                           "within 30 days of each other."));
    struct reason far = differing(FEATURE_PLACE, NULL, NULL, -5);
    far.measure = 14300;
    assert_string_equal(say_reason(&out, far, &plain), "They were found about 14 km apart.");
}

static void a_shared_name_or_number_says_who_and_in_what_part(void **state)
{
    (void)state;
    struct explain_options plain = {0}, named = {.title = name_of};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r = identifier("person", "main:P-PELL", 36, 2);
    r.via_a = r.via_b = person_id("P-PELL");
    r.role_a = S("finder");
    r.role_b = S("accused");
    assert_string_equal(say_reason(&out, r, &named),
                        "Stuart Pell is the finder in D1 and the accused in D2. No other death or "
                        "incident on record shares this.");
    r.role_b = S("finder");
    r.count = 40;
    assert_string_equal(say_reason(&out, r, &plain),
                        "The same person is the finder in both. 40 of 8,112 deaths and incidents "
                        "share this, these two among them.");
    r = identifier("phone", "+447700900126", 36, 2);
    r.via_b = person_id("P-PELL");
    r.role_a = S("caller");
    r.role_b = S("accused");
    r.hop = true;
    assert_string_equal(
        say_reason(&out, r, &named),
        "The telephone number +447700900126 comes up in both: in D1 it is recorded as the caller; in D2 it "
        "belongs to Stuart Pell, the accused. The way leads through somebody who shares a telephone, device "
        "or "
        "DNA profile. No other death or incident on record shares this.");
    r = identifier("address", "flat 26|0|crane street|barking|", 36, 2);
    assert_non_null(
        strstr(say_reason(&out, r, &plain), "The address flat 26, crane street, barking comes up in both"));
}

static void a_headline_is_short_and_holds_no_number_of_a_person(void **state)
{
    (void)state;
    struct explain_options named = {.title = name_of};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r[] = {
        measured(FEATURE_PLACE, 254, 300, 15, 3),    shared(FEATURE_SUBSTANCES, "GHB", 14, 9, 214),
        shared(FEATURE_ABSENT, "phone", 13, 6, 214), shared(FEATURE_POSTURE, "seated_propped", 12, 6, 214),
        measured(FEATURE_TIME, 70, 90, 2, 40),       shared(FEATURE_SEX, "M", 1, 150, 214)};
    assert_string_equal(
        say_headline(&out, r, COUNT_OF(r), &named),
        "about 250 m and 70 days apart; both GHB; both without a phone; both found seated and propped up");
    struct reason same_day[] = {measured(FEATURE_PLACE, 254, 300, 15, 3), measured(FEATURE_TIME, 0, 1, 9, 4)};
    assert_string_equal(say_headline(&out, same_day, 2, &named), "about 250 m apart, on the same day");
    struct reason who[] = {identifier("phone", "+447700900126", 36, 2),
                           identifier("person", "main:P-PELL", 30, 2),
                           identifier("address", "flat 26|0|crane street|barking|", 6, 2)};
    who[1].via_a = who[1].via_b = person_id("P-PELL");
    assert_string_equal(say_headline(&out, who, 3, &named), "the same telephone number; Stuart Pell in both");
    struct reason nothing[] = {differing(FEATURE_SEX, "M", "F", -2), missing(FEATURE_AGE, NULL, NULL)};
    assert_string_equal(say_headline(&out, nothing, 2, &named), "nothing unusual in common");
    assert_string_equal(say_headline(&out, NULL, 0, &named), "nothing unusual in common");
}

static void what_is_missing_says_where_and_the_most_telling_first(void **state)
{
    (void)state;
    struct explain_options plain = {0};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r[] = {missing(FEATURE_SEX, "M", NULL), missing(FEATURE_ABSENT, NULL, "recorded"),
                         missing(FEATURE_POSTURE, NULL, NULL), missing(FEATURE_AGE, NULL, NULL)};
    struct pair_evidence ev = pair(r, COUNT_OF(r));
    explain_text(&out, NULL, &ev, &plain);
    const char *absent = strstr(out.ptr, "- Things missing: not recorded for D1.");
    const char *posture = strstr(out.ptr, "- Position of the body: not recorded for either.");
    const char *sex = strstr(out.ptr, "- Sex: not recorded for D2.");
    assert_non_null(strstr(out.ptr, "- Age: not recorded for one of them or both."));
    assert_true(absent && posture && sex && absent < posture && posture < sex);
    assert_non_null(strstr(out.ptr, "Nothing they share is unusual."));
    /* nobody asks how the body of an incident lay */
    ev.b.kind = KIND_INCIDENT;
    buf_clear(&out);
    explain_text(&out, NULL, &ev, &plain);
    assert_null(strstr(out.ptr, "Position of the body"));
}

static void every_compared_code_has_words(void **state)
{
    (void)state;
    const struct kind *death = kind_of(KIND_DEATH);
    size_t checked = 0;
    for (size_t i = 0; i < death->field_count; i++) {
        const struct field *field = &death->field[i];
        int f = feature_named(field->compare, strlen(field->compare));
        bool coded = field->type == FT_CODE || field->type == FT_CODES || field->type == FT_YESNO;
        if (f < 0 || !coded || field->values[0] == '@') continue;
        Str rest = str_of(field->values), code;
        while (str_next(&rest, ' ', &code)) {
            if (str_empty(code) || feature_value_is_silent(code.ptr, code.len)) continue;
            if (!explain_has_words((enum feature)f, code))
                fail_msg("%s: no words for %.*s", field->name, STR_ARG(code));
            checked++;
        }
    }
    assert_true(checked > 100);
}

/* What the page says is not used must not be used. */
static void what_is_said_not_to_be_used_is_not(void **state)
{
    static const char *const CONCLUSIONS[] = {"category", "manner", "coroner_conclusion", "priority"};
    (void)state;
    size_t restricted = 0;
    for (int k = 0; k < KIND_COUNT; k++) {
        const struct kind *kind = kind_of((enum kind_id)k);
        for (size_t i = 0; i < kind->field_count; i++) {
            if (kind->field[i].sensitivity != SENS_RESTRICTED) continue;
            assert_string_equal(kind->field[i].compare, "");
            restricted++;
        }
    }
    assert_true(restricted >= 6);
    const struct kind *death = kind_of(KIND_DEATH);
    for (size_t i = 0; i < COUNT_OF(CONCLUSIONS); i++) {
        int field = field_index(death, str_of(CONCLUSIONS[i]));
        assert_true(field >= 0);
        assert_string_equal(death->field[field].compare, "");
    }
}

static bool line_too_long(const char *text, size_t width)
{
    size_t column = 0;
    for (; *text; text++) {
        column = *text == '\n' ? 0 : column + (((unsigned char)*text & 0xc0) != 0x80);
        if (column > width) return true;
    }
    return false;
}

static void nothing_in_a_record_becomes_markup(void **state)
{
    (void)state;
    struct explain_options options = {.markdown = true, .title_a = S("D1 (<b>A*_B</b>\n# x)")};
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct reason r[] = {shared(FEATURE_OCCUPATION, "[look](http://x)", 9, 6, 214)};
    struct pair_evidence ev = pair(r, 1);
    explain_text(&out, NULL, &ev, &options);
    assert_int_equal(buf_status(&out, NULL), OK);
    assert_non_null(strstr(out.ptr, "D1 (\\<b\\>A\\*\\_B\\</b\\> \\# x)"));
    assert_non_null(strstr(out.ptr, "“\\[look\\](http://x)”"));
    assert_non_null(strstr(out.ptr, "\n## What ties them\n"));
    assert_non_null(strstr(out.ptr, "- **+0.9** Both had"));
}

static void read_golden(const char *name, struct buf *text)
{
    struct err e = {0};
    struct arena *a CLEANUP_ARENA = arena_new("golden file", (size_t)1 << 20);
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    Str path = str_format(a, "%s/test/link/%s", root ? root : ".", name);
    if (file_read(str_cstr(a, path), text, &e) != OK) fail_msg("%s", e.text);
}

static void a_shared_term_says_where_it_stands(void **state)
{
    (void)state;
    struct explain_options options = {.narrative_a = S("Bottles, a bottle of clear  liquid."),
                                      .narrative_b = S("Clear-liquid \xC3\xA9 CLEAR LIQUID")};
    struct reason r[] = {shared(FEATURE_TEXT, "clear liquid", 6, 9, 900),
                         shared(FEATURE_SEX, "M", 0, 150, 214)};
    struct pair_evidence ev = pair(r, COUNT_OF(r));
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct json_writer w = json_writer(&out, false);
    explain_json(&w, NULL, &ev, &options);
    assert_non_null(strstr(out.ptr, "\"spots_a\":[{\"start\":21,\"length\":13,\"text\":\"clear  liquid\"}]"));
    assert_non_null(strstr(out.ptr, "\"spots_b\":[{\"start\":0,\"length\":12,\"text\":\"Clear-liquid\"},"
                                    "{\"start\":16,\"length\":12,\"text\":\"CLEAR LIQUID\"}]"));
    assert_null(strstr(strstr(out.ptr, "spots_b") + 1, "spots"));
}

static void the_whole_page_reads_as_agreed(void **state)
{
    (void)state;
    struct explain_options options = {.width = 100,
                                      .title_a = S("D1 (Aidan Warden, KG/2014/0619)"),
                                      .title_b = S("D2 (Matei Radu, KG/2014/0828)"),
                                      .narrative_a = S("A small bottle of clear liquid was in the bag."),
                                      .title = name_of};
    struct reason phone = identifier("phone", "+447700900126", 9, 3),
                  who = identifier("person", "main:P-PELL", 28, 2);
    phone.full_weight_db = 28;
    phone.role_a = S("caller");
    phone.via_b = who.via_a = who.via_b = person_id("P-PELL");
    who.role_a = who.role_b = phone.role_b = S("finder");
    struct reason text = shared(FEATURE_TEXT, "clear liquid", 6, 9, 900),
                  bottle = shared(FEATURE_TEXT, "bottl", 1, 60, 900);
    text.level = bottle.level = NODE_ALL;
    bottle.full_weight_db = 3;
    struct reason address = shared(FEATURE_ADDRESS, NULL, 0, 2, 8112);
    address.full_weight_db = 25;
    struct reason r[] = {who,
                         measured(FEATURE_PLACE, 254, 300, 15, 7),
                         shared(FEATURE_SUBSTANCES, "GHB", 14, 9, 180),
                         shared(FEATURE_ABSENT, "phone", 13, 3, 96),
                         shared(FEATURE_POSTURE, "seated_propped", 12, 6, 214),
                         phone,
                         text,
                         measured(FEATURE_TIME, 70, 90, 2, 40),
                         bottle,
                         address,
                         shared(FEATURE_SEX, "M", 0, 150, 214),
                         differing(FEATURE_TIE, "none", "lives_near", -2),
                         differing(FEATURE_PRESENT, "recorded", "recorded", -1),
                         missing(FEATURE_SITE, "recorded", NULL),
                         missing(FEATURE_MOVED, NULL, NULL)};
    struct pair_evidence ev = pair(r, COUNT_OF(r));
    ev.unverified_explanation = true;
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    explain_text(&out, NULL, &ev, &options);
    assert_false(line_too_long(out.ptr, 100));
    struct buf expected CLEANUP_BUF;
    buf_init(&expected, TEXT_MAX);
    read_golden("explain_pair.txt", &expected);
    if (!str_eq(buf_str(&out), buf_str(&expected))) fputs(out.ptr, stdout);
    assert_true(str_eq(buf_str(&out), buf_str(&expected)));
    options.width = 20; /* narrower than some words: still ends, and loses nothing */
    buf_clear(&out);
    explain_text(&out, NULL, &ev, &options);
    assert_non_null(strstr(out.ptr, "+447700900126"));
}

static void the_sum_of_the_reasons_is_the_score(void **state)
{
    (void)state;
    struct explain_options plain = {0};
    struct reason r[] = {
        shared(FEATURE_POSTURE, "seated_propped", 12, 6, 214), measured(FEATURE_PLACE, 254, 300, 15, 7),
        differing(FEATURE_TIE, "none", "lives_near", -2), missing(FEATURE_MOVED, NULL, NULL)};
    struct pair_evidence ev = pair(r, COUNT_OF(r));
    ev.counts_at_ms = INT64_MIN; /* before the first midnight */
    struct buf out CLEANUP_BUF;
    buf_init(&out, TEXT_MAX);
    struct json_writer w = json_writer(&out, false);
    explain_json(&w, NULL, &ev, &plain);
    struct json_doc doc CLEANUP_JSON = {0};
    struct err e = {0};
    if (json_parse(buf_str(&out), &doc, &e) != OK) fail_msg("%s", e.text);
    const Json *reasons = json_get(doc.root, "reasons");
    int64_t sum = 0;
    for (size_t i = 0; i < json_count(reasons); i++) {
        sum += json_integer(json_get(json_at(reasons, i), "weight_db"));
        assert_true(json_str(json_get(json_at(reasons, i), "text")).len > 10);
    }
    assert_int_equal(json_count(reasons), 4);
    assert_int_equal(sum, json_integer(json_get(doc.root, "score_db")));
    assert_int_equal(sum, 25);
    assert_int_equal(json_type(json_get(doc.root, "counts_at")), JSON_NULL);
    assert_true(json_get(json_at(reasons, 3), "count") == NULL);
    assert_int_equal(json_type(json_get(json_at(reasons, 3), "value")), JSON_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_no_more_exact_than_they_are),
        cmocka_unit_test(a_share_is_told_as_it_was_counted),
        cmocka_unit_test(the_group_compared_with_is_named),
        cmocka_unit_test(an_hour_that_incidents_share_is_not_when_they_were_found),
        cmocka_unit_test(what_adds_little_shares_a_line),
        cmocka_unit_test(ties_in_brief_are_a_line_a_feature),
        cmocka_unit_test(distance_and_gap_are_told_with_what_lies_as_near),
        cmocka_unit_test(a_shared_name_or_number_says_who_and_in_what_part),
        cmocka_unit_test(a_headline_is_short_and_holds_no_number_of_a_person),
        cmocka_unit_test(what_is_missing_says_where_and_the_most_telling_first),
        cmocka_unit_test(every_compared_code_has_words),
        cmocka_unit_test(what_is_said_not_to_be_used_is_not),
        cmocka_unit_test(nothing_in_a_record_becomes_markup),
        cmocka_unit_test(a_shared_term_says_where_it_stands),
        cmocka_unit_test(the_whole_page_reads_as_agreed),
        cmocka_unit_test(the_sum_of_the_reasons_is_the_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
