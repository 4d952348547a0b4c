/* What comes from outside stays text. */
#include "web/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

static void expect(const struct buf *b, const char *wanted)
{
    assert_string_equal(b->len > 0 ? b->ptr : "", wanted);
}

static void text_is_escaped(void **state)
{
    struct buf b CLEANUP_BUF;
    (void)state;
    buf_init(&b, 1 << 12);
    html(&b, "<td>");
    html_text(&b, S("<script>alert('x')</script> & \"more\""));
    html(&b, "</td>");
    expect(&b, "<td>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;</td>");
    buf_clear(&b);
    html_text(&b, (Str){"a\0b\x01"
                        "c\nd",
                        7});
    expect(&b, "abc\nd");
}

static void formats_escape_what_they_put_in(void **state)
{
    struct buf b CLEANUP_BUF;
    Str name = S("<b>long name</b>");
    (void)state;
    buf_init(&b, 1 << 12);
    htmlf(&b, "<p title=\"%s\">%.*s: %d of %zu, %5.1f %% %lld %llu %u</p>", "\" onclick=\"x", STR_ARG(name),
          -3, (size_t)7, 12.25, -5LL, 6ULL, 8U);
    expect(&b,
           "<p title=\"&quot; onclick=&quot;x\">&lt;b&gt;long name&lt;/b&gt;: -3 of 7,  12.2 % -5 6 8</p>");
    buf_clear(&b);
    htmlf(&b, "<i>%.*s</i>", STR_ARG(STR_NONE));
    expect(&b, "<i></i>");
}

static void prose_keeps_its_lines(void **state)
{
    struct buf b CLEANUP_BUF;
    (void)state;
    buf_init(&b, 1 << 12);
    html_prose(&b, S("one\ntwo <x>\n\n\nthree\n"));
    expect(&b, "<p>one<br>two &lt;x&gt;</p><p>three</p>");
    buf_clear(&b);
    html_prose(&b, S("\n \n"));
    expect(&b, "");
}

static void addresses_are_encoded(void **state)
{
    struct arena *a CLEANUP_ARENA = arena_new("test", 1 << 16);
    struct buf b CLEANUP_BUF;
    (void)state;
    buf_init(&b, 1 << 12);
    Url u = url(a, "/deaths/%s/checks", "KG/2014 <0619>?");
    assert_true(str_eq(u.ready, S("/deaths/KG%252F2014%20%3C0619%3E%3F/checks")));
    u = url_with(a, u, S("q"), S("a&b=\xc3\xa9"));
    u = url_with(a, u, S("none"), S(""));
    u = url_with(a, u, S("view"), S("map"));
    assert_true(str_eq(u.ready, S("/deaths/KG%252F2014%20%3C0619%3E%3F/checks?q=a%26b%3D%C3%A9&view=map")));
    html_link(&b, url_with(a, url(a, "/x"), S("b"), S("1")), S("<y>"));
    expect(&b, "<a href=\"/x?b=1\">&lt;y&gt;</a>");
    assert_true(str_eq(url(a, "/deaths/%s", "..").ready, S("/deaths/%252E%252E")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(formats_escape_what_they_put_in),
        cmocka_unit_test(prose_keeps_its_lines),
        cmocka_unit_test(addresses_are_encoded),
    };
    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
