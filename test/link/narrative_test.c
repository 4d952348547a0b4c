/* What a narrative tells that its fields leave open. */
#include "worldkit.h"

#include "link/narrative.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct worldkit kit;

static struct narrative_facts read_text(const char *text)
{
    struct narrative_facts out;
    narrative_read(narrative_phrases(kit.arena, &kit.policy), str_of(text), kit.arena, &out);
    return out;
}

static bool has(const struct str_list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], str_of(code))) return true;
    return false;
}

static void it_reads_the_mechanism_and_the_posture(void **state)
{
    (void)state;
    struct narrative_facts f = read_text(
        "Male found in churchyard by dog walker, leaning on wall. Apparent overdose, bottle nearby.");
    assert_true(str_eq(f.mechanism, S("overdose")));
    assert_true(str_eq(f.posture, S("seated_propped")));
    assert_true(str_eq(f.found_by, S("passer_by")));
    assert_int_equal(f.absent.count, 0);
}

static void what_is_denied_is_absent_or_silent(void **state)
{
    (void)state;
    struct narrative_facts f =
        read_text("No phone found. Wallet missing. His keys were with him. No sign of overdose.");
    assert_true(has(&f.absent, "phone"));
    assert_true(has(&f.absent, "wallet"));
    assert_true(has(&f.present, "keys"));
    assert_false(str_present(f.mechanism));
}

static void the_longest_spelling_wins(void **state)
{
    (void)state;
    struct narrative_facts f = read_text("Toxicology suggests acetyl fentanyl.");
    assert_int_equal(f.substances.count, 1);
    assert_false(has(&f.substances, "fentanyl"));
}

static void an_empty_text_says_nothing(void **state)
{
    (void)state;
    struct narrative_facts f = read_text("");
    assert_false(str_present(f.mechanism) || str_present(f.posture) || str_present(f.found_by));
    assert_int_equal(f.present.count + f.absent.count + f.substances.count, 0);
}

int main(void)
{
    worldkit_open(&kit);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_the_mechanism_and_the_posture),
        cmocka_unit_test(what_is_denied_is_absent_or_silent),
        cmocka_unit_test(the_longest_spelling_wins),
        cmocka_unit_test(an_empty_text_says_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worldkit_close(&kit);
    return failed;
}
