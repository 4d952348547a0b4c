/* Every part on the pattern pages: well-formed, escaped, ids unique, every input with its label, everything
 * that is referred to there. Assets: digests of what they hold. */
#include "base/hash.h"
#include "page_reader.h"
#include "patterns.h"
#include "web/asset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

static struct arena *memory;

static struct page pattern(size_t i)
{
    struct buf out CLEANUP_BUF;
    struct page p = {0};
    buf_init(&out, (size_t)8 << 20);
    pattern_pages[i].write(&out, memory);
    assert_false(out.failed);
    page_read(memory, str_copy(memory, buf_str(&out)), &p);
    return p;
}

static void ids_are_unique(void **state)
{
    (void)state;
    for (size_t n = 0; n < pattern_page_count; n++) {
        struct page p = pattern(n);
        for (size_t i = 0; i < p.count; i++) {
            Str id = element_attribute(&p.element[i], "id");
            if (str_present(id) && page_by_id(&p, id) != &p.element[i])
                fail_msg("%s: the id %.*s twice", pattern_pages[n].name, STR_ARG(id));
        }
    }
}

static bool is_input(const struct element *e)
{
    Str type = element_attribute(e, "type");
    if (str_eq(e->name, S("textarea")) || str_eq(e->name, S("select"))) return true;
    return str_eq(e->name, S("input")) && !str_eq(type, S("hidden")) && !str_eq(type, S("submit"));
}

static size_t labels_for(const struct page *p, Str id)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->element[i].name, S("label")) && str_eq(element_attribute(&p->element[i], "for"), id)) {
            assert_true(str_trim(p->element[i].text).len > 0);
            count++;
        }
    return count;
}

static void every_input_has_one_label(void **state)
{
    size_t inputs = 0;
    (void)state;
    for (size_t n = 0; n < pattern_page_count; n++) {
        struct page p = pattern(n);
        for (size_t i = 0; i < p.count; i++) {
            if (!is_input(&p.element[i])) continue;
            Str id = element_attribute(&p.element[i], "id");
            inputs++;
            if (!str_present(id) || labels_for(&p, id) != 1)
                fail_msg("%s: input %.*s has %zu labels", pattern_pages[n].name, STR_ARG(id),
                         labels_for(&p, id));
        }
    }
    assert_true(inputs > 150);
}

static void check_references(const struct page *p, const struct element *e, const char *attribute)
{
    Str ids = element_attribute(e, attribute), id;
    while (str_present(ids) && str_next(&ids, ' ', &id))
        if (page_by_id(p, id) == NULL) fail_msg("%s=\"%.*s\" leads nowhere", attribute, STR_ARG(id));
}

static void references_lead_somewhere(void **state)
{
    (void)state;
    for (size_t n = 0; n < pattern_page_count; n++) {
        struct page p = pattern(n);
        for (size_t i = 0; i < p.count; i++) {
            const struct element *e = &p.element[i];
            check_references(&p, e, "aria-describedby");
            check_references(&p, e, "aria-labelledby");
            check_references(&p, e, "aria-controls");
            check_references(&p, e, "data-aria-controls");
            check_references(&p, e, "for");
            check_references(&p, e, "list");
            Str href = element_attribute(e, "href");
            if (str_starts(href, S("#")) && page_by_id(&p, str_slice(href, 1, href.len)) == NULL)
                fail_msg("%.*s leads nowhere", STR_ARG(href));
        }
    }
}

/* The content security policy forbids both. */
static void nothing_is_inline(void **state)
{
    (void)state;
    for (size_t n = 0; n < pattern_page_count; n++) {
        struct page p = pattern(n);
        for (size_t i = 0; i < p.count; i++) {
            const struct element *e = &p.element[i];
            assert_false(element_has(e, "style"));
            assert_false(str_eq(e->name, S("style")));
            if (str_eq(e->name, S("script"))) assert_true(element_has(e, "src"));
            for (size_t k = 0; k < e->attributes; k++)
                assert_false(str_starts(e->attribute[k].name, S("on")));
        }
    }
}

static void one_title_and_one_main(void **state)
{
    (void)state;
    for (size_t n = 0; n < pattern_page_count; n++) {
        struct page p = pattern(n);
        size_t mains = 0, titles = 0;
        for (size_t i = 0; i < p.count; i++) {
            mains += str_eq(p.element[i].name, S("main"));
            if (!str_eq(p.element[i].name, S("title")) ||
                !str_eq(p.element[p.element[i].parent].name, S("head")))
                continue;
            titles++;
            assert_true(str_ends(p.element[i].text, S(" – Colligate")));
        }
        assert_int_equal(mains, 1);
        assert_int_equal(titles, 1);
    }
}

/* ---- assets ----------------------------------------------------------------------------------------- */

static void assets_are_served_under_their_digest(void **state)
{
    struct web_asset asset, again;
    size_t count = 0;
    (void)state;
    for (; web_asset_number(count, &asset); count++) {
        struct buf hex CLEANUP_BUF;
        Sha256 h = sha256(asset.content);
        buf_init(&hex, 100);
        buf_add_hex(&hex, h.byte, 8);
        assert_true(str_eq(buf_str(&hex), asset.digest));
        Url url = web_asset_url(memory, asset.name);
        assert_true(web_asset_at(url.ready, &again));
        assert_true(str_eq(again.name, asset.name));
    }
    assert_int_equal(count, 6);
    assert_false(web_asset_at(S("/assets/colligate-0123456789abcdef.css"), &again));
    assert_false(web_asset_at(S("/assets/colligate.css"), &again));
    assert_false(web_asset_at(S("/assets/../do"), &again));
    assert_false(web_asset_named(S("colligate.css.gz"), &again));
    assert_false(web_asset_named(S(""), &again));
}

static int begin(void **state)
{
    (void)state;
    memory = arena_new("parts_test", (size_t)256 << 20);
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
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(every_input_has_one_label),
        cmocka_unit_test(references_lead_somewhere),
        cmocka_unit_test(nothing_is_inline),
        cmocka_unit_test(one_title_and_one_main),
        cmocka_unit_test(assets_are_served_under_their_digest),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
