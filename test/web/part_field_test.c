/* Fields of records through forms: what is drawn from a value and sent back as it stands is the same value;
 * what was typed is drawn again as it was typed; what cannot be read is refused with words. */
#include "model/kinds.h"
#include "page_reader.h"
#include "patterns.h"
#include "web/part_field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

static struct arena *memory;
static const struct policy *policy;

static struct http_pairs drawn(const struct part_field *f)
{
    struct buf out CLEANUP_BUF;
    struct page page = {0};
    struct http_pairs sent = {0};
    buf_init(&out, (size_t)4 << 20);
    part_field(&out, memory, f);
    assert_false(out.failed);
    page_read(memory, str_copy(memory, buf_str(&out)), &page);
    page_sends(memory, &page, &sent);
    return sent;
}

/* The canonical value of what a form sends; "null" for one that is empty. */
static Str read_back(const struct kind *kind, int field, const struct http_pairs *sent)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct fact fact = {0};
    struct err e = {0};
    if (part_field_read(memory, kind, field, S("p-"), sent, true, set.root, &e) != OK)
        fail_msg("%s.%s: %s", kind->name, kind->field[field].name, e.text);
    const Json *given = json_get(set.root, kind->field[field].name);
    if (given == NULL) fail_msg("%s.%s was not read", kind->name, kind->field[field].name);
    if (json_type(given) == JSON_NULL) return S("null");
    if (fact_make(memory, policy, kind, field, given, S("phone"), &fact, &e) != OK)
        fail_msg("%s.%s: %s", kind->name, kind->field[field].name, e.text);
    return fact.value;
}

static Str canonical(const struct kind *kind, int field, const char *json)
{
    struct json_doc doc CLEANUP_JSON = {0};
    struct fact fact = {0};
    struct err e = {0};
    Str whole = str_format(memory, "{\"v\":%s}", json);
    assert_int_equal(json_parse(whole, &doc, &e), OK);
    if (fact_make(memory, policy, kind, field, json_get(doc.root, "v"), S("phone"), &fact, &e) != OK)
        fail_msg("%s.%s: %s", kind->name, kind->field[field].name, e.text);
    return fact.value;
}

static void goes_round(const struct kind *kind, int field, Str value)
{
    struct part_field f = {.policy = policy, .kind = kind, .field = field, .prefix = S("p-"), .value = value};
    struct http_pairs sent = drawn(&f);
    Str back = read_back(kind, field, &sent);
    if (!str_eq(back, value))
        fail_msg("%s.%s: %.*s came back as %.*s", kind->name, kind->field[field].name, STR_ARG(value),
                 STR_ARG(back));
    /* and what is typed is drawn again */
    f.value = STR_NONE;
    f.typed = &sent;
    struct http_pairs again = drawn(&f);
    back = read_back(kind, field, &again);
    if (!str_eq(back, value))
        fail_msg("%s.%s: %.*s typed again came back as %.*s", kind->name, kind->field[field].name,
                 STR_ARG(value), STR_ARG(back));
}

/* Values of every type but codes, awkward ones among them. */
static const struct {
    enum field_type type;
    const char *json;
} samples[] = {
    {FT_TEXT, "\"O'Brien & <b>Sons</b> \\\"Ltd\\\"\""},
    {FT_NARRATIVE, "\"\\u201CNo.\\u201D\\n\\n</textarea><script>alert(1)</script>\\nlast\""},
    {FT_NAME, "\"Zo\\u00eb d'Arc\""},
    {FT_ADDRESS, "\"Flat 2, 62 Cooke Street\""},
    {FT_IDENTIFIER, "\"07700 900417\""},
    {FT_POSTCODE, "\"IG11 8EA\""},
    {FT_YESNO, "\"yes\""},
    {FT_YESNO, "\"unknown\""},
    {FT_TIME, "\"2014-08-28T08:00:00Z\""},
    {FT_TIME, "\"2014-08-28T23:59:59.250Z\""},
    {FT_TIME, "\"2014-08-28\""},
    {FT_SPAN, "{\"from\":\"2014-08-27\",\"to\":\"2014-08-28T04:18:00Z\"}"},
    {FT_SPAN, "{\"from\":\"2014-08-27T21:00:00Z\"}"},
    {FT_SPAN, "{\"to\":\"2014-08-27\"}"},
    {FT_DATE, "\"1990\""},
    {FT_DATE, "\"1990-05\""},
    {FT_DATE, "\"1990-05-17\""},
    {FT_NUMBER, "23"},
    {FT_NUMBER, "0.5"},
    {FT_PLACE, "{\"lat\":51.536,\"lon\":-0.0789,\"radius_m\":150}"},
    {FT_PLACE, "{\"lat\":-33,\"lon\":0}"},
    {FT_REF, "\"OTHER:D-1/2\""},
    {FT_TEXTS, "[\"one, two\",\"<three>\"]"},
    {FT_NAMES, "[\"Joe Dean\",\"Zo\\u00eb\"]"},
    {FT_REFS, "[\"D1\",\"P-2\"]"},
    {FT_ADDRESSES, "[\"62 Cooke Street\",\"Barking Abbey\"]"},
    {FT_LEVELS,
     "[{\"substance\":\"ghb\",\"mg_per_l\":350.5,\"specimen\":\"blood\"},{\"substance\":\"alcohol\"}]"},
    {FT_DATED, "[{\"name\":\"Scenes of crime\",\"passed\":\"2012-03\",\"expires\":\"2015-03-31\"}]"},
};

static size_t try_codes(const struct kind *kind, int field)
{
    const struct field *row = &kind->field[field];
    Str rest = str_of(row->values[0] == '\0'  ? "one_word"
                      : row->values[0] == '@' ? "ghb cocaine"
                                              : row->values),
        code;
    struct buf all CLEANUP_BUF;
    size_t count = 0;
    buf_init(&all, 1 << 14);
    while (str_next(&rest, ' ', &code)) {
        const char *pattern = row->type == FT_CODE ? "\"%.*s\"" : "[\"%.*s\"]";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        goes_round(kind, field,
                   canonical(kind, field, str_cstr(memory, str_format(memory, pattern, STR_ARG(code)))));
#pragma GCC diagnostic pop
        buf_addf(&all, "%s\"%.*s\"", count++ > 0 ? "," : "[", STR_ARG(code));
    }
    buf_add_char(&all, ']');
    if (row->type == FT_CODES) goes_round(kind, field, canonical(kind, field, all.ptr));
    return count;
}

static void every_field_goes_round(void **state)
{
    size_t tried = 0;
    (void)state;
    for (int k = 0; k < KIND_COUNT; k++) {
        const struct kind *kind = kind_of((enum kind_id)k);
        for (int field = 0; field < (int)kind->field_count; field++) {
            enum field_type type = kind->field[field].type;
            size_t before = tried;
            if (type == FT_CODE || type == FT_CODES) tried += try_codes(kind, field);
            for (size_t i = 0; i < COUNT_OF(samples); i++)
                if (samples[i].type == type) {
                    goes_round(kind, field, canonical(kind, field, samples[i].json));
                    tried++;
                }
            if (tried == before) fail_msg("no sample for %s.%s", kind->name, kind->field[field].name);
            struct arena_mark mark = arena_mark(memory);
            struct part_field empty = {.policy = policy, .kind = kind, .field = field, .prefix = S("p-")};
            struct http_pairs sent = drawn(&empty);
            assert_true(str_eq(read_back(kind, field, &sent), S("null")));
            arena_release(memory, mark);
        }
    }
    assert_true(tried > 600);
}

static void what_was_not_on_the_form_is_left_alone(void **state)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct http_pair pair = {.name = S("age"), .value = S("23")};
    struct http_pairs sent = {&pair, 1, 1};
    struct err e = {0};
    (void)state;
    int age = field_index(kind_of(KIND_DEATH), S("age"));
    assert_int_equal(part_field_read(memory, kind_of(KIND_DEATH), age, S(""), &sent, true, set.root, &e), OK);
    assert_int_equal(json_count(set.root), 0);
}

static const struct {
    const char *field;
    const char *name[3], *value[3];
    const char *says; /* part of the message */
} refused[] = {
    {"age", {"age"}, {"old"}, "\"old\" is not a number"},
    {"reported_at", {"reported_at-time"}, {"08:00"}, "Fill in the day"},
    {"reported_at", {"reported_at-date"}, {"28 August"}, "is not a day"},
    {"reported_at", {"reported_at-date"}, {"2014-02-30"}, "is not a day"},
    {"reported_at",
     {"reported_at-date", "reported_at-time"},
     {"2014-08-28", "25:00"},
     "is not a time of day"},
    {"reported_at",
     {"reported_at-date", "reported_at-time"},
     {"2014-08-28", "8:00:00.1x"},
     "is not a time of day"},
    {"dob", {"dob-day", "dob-month"}, {"1", "5"}, "must have its year"},
    {"dob", {"dob-year"}, {"87"}, "is not a year"},
    {"dob", {"dob-day", "dob-year"}, {"1", "1987"}, "must have its month"},
    {"dob", {"dob-day", "dob-month", "dob-year"}, {"1", "May", "1987"}, "in figures"},
    {"place", {"place-lat"}, {"51.5"}, "both its latitude and its longitude"},
    {"place", {"place-radius"}, {"100"}, "needs its latitude and longitude"},
    {"place", {"place-lat", "place-lon"}, {"51.5", "east"}, "Longitude: \"east\" is not a number"},
};

static void what_cannot_be_read_is_said(void **state)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct json_doc set CLEANUP_JSON = {json_build_object()};
        struct http_pair pair[4] = {{.name = S("field"), .value = str_of(refused[i].field)}};
        struct http_pairs sent = {pair, 1, 4};
        struct err e = {0};
        for (size_t k = 0; k < 3 && refused[i].name[k]; k++)
            pair[sent.count++] =
                (struct http_pair){.name = str_of(refused[i].name[k]), .value = str_of(refused[i].value[k])};
        int field = field_index(kind, str_of(refused[i].field));
        assert_int_equal(part_field_read(memory, kind, field, S(""), &sent, false, set.root, &e), E_INVALID);
        if (strstr(e.text, refused[i].says) == NULL) fail_msg("%s: %s", refused[i].says, e.text);
        assert_string_equal(e.field, refused[i].field);
        assert_int_equal(json_count(set.root), 0);
    }
}

/* An error stands at the field, and the summary's link leads to an input. */
static void errors_lead_to_an_input(void **state)
{
    (void)state;
    for (int k = 0; k < KIND_COUNT; k++) {
        const struct kind *kind = kind_of((enum kind_id)k);
        for (int field = 0; field < (int)kind->field_count; field++) {
            struct buf out CLEANUP_BUF;
            struct page page = {0};
            struct arena_mark mark = arena_mark(memory);
            buf_init(&out, (size_t)4 << 20);
            part_field(
                &out, memory,
                &(struct part_field){.policy = policy, .kind = kind, .field = field, .error = S("Say so")});
            page_read(memory, str_copy(memory, buf_str(&out)), &page);
            const struct element *input = page_by_id(&page, part_field_id(memory, kind, field, S("")));
            if (input == NULL || !element_has(input, "name"))
                fail_msg("%s.%s: its error leads nowhere", kind->name, kind->field[field].name);
            assert_non_null(page_by_id(&page, str_format(memory, "%s-error", kind->field[field].name)));
            arena_release(memory, mark);
        }
    }
}

static int begin(void **state)
{
    (void)state;
    memory = arena_new("part_field_test", (size_t)1 << 30);
    policy = patterns_policy(memory);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_goes_round),
        cmocka_unit_test(what_was_not_on_the_form_is_left_alone),
        cmocka_unit_test(what_cannot_be_read_is_said),
        cmocka_unit_test(errors_lead_to_an_input),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
