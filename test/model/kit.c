#include "kit.h"

#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct str_list kit_lines(struct arena *a, const char *path)
{
    struct buf b CLEANUP_BUF = {0};
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    struct err e = {0};
    Str full = str_format(a, "%s/%s", root ? root : ".", path);
    struct str_list lines;

    buf_init(&b, (size_t)1 << 24);
    if (file_read(full.ptr, &b, &e) != OK) fail_msg("%s", e.text);
    lines = str_split(a, str_copy(a, buf_str(&b)), '\n');
    while (lines.count > 0 && str_empty(lines.item[lines.count - 1]))
        lines.count--;
    return lines;
}

Str kit_field(Str *rest)
{
    Str piece = *rest;
    size_t at = str_starts(*rest, S("| ")) ? 0 : str_find(*rest, S(" | "));

    if (at == STR_NPOS) {
        *rest = S("");
    } else {
        piece = str_slice(*rest, 0, at);
        *rest = str_slice(*rest, at + (at > 0 ? 3 : 2), rest->len);
    }
    return str_trim(piece);
}

bool kit_holds_all(Str text, Str pieces)
{
    Str piece;

    while (str_next(&pieces, ';', &piece)) {
        if (str_find(text, str_trim(piece)) == STR_NPOS) return false;
    }
    return true;
}

struct policy kit_policy(struct arena *a)
{
    struct source_rank *rank = NEW_ARRAY(a, struct source_rank, 3);
    struct vocabulary *v = NULL;
    struct err e = {0};
    Str tsv = S("code\tlabel\tparents\tsynonyms\tgroup\n"
                "ghb\tGHB\t\tgamma hydroxybutyrate|liquid ecstasy\tdrug\n"
                "gbl\tGBL\tghb\tgamma butyrolactone\tdrug\n"
                "cocaine\tCocaine\t\tcharlie\tdrug\n");

    if (vocabulary_load(a, S("substances"), tsv, &v, &e) != OK) fail_msg("%s", e.text);
    rank[0] = (struct source_rank){S("call"), S("a call"), 20};
    rank[1] = (struct source_rank){S("death_report"), S("the report"), 60};
    rank[2] = (struct source_rank){S("lab"), S("a laboratory"), 80};
    return (struct policy){.substances = v, .source = rank, .source_count = 3, .default_region = S("GB")};
}

struct change kit_change(struct arena *a, const struct policy *policy, Str line)
{
    struct change c = {0};
    struct err e = {0};

    if (feed_parse_line(a, policy, line, S(""), &c, &e) != OK)
        fail_msg("%.*s: %s: %s", STR_ARG(line), e.field, e.text);
    return c;
}

Str kit_feed(struct arena *a, const struct change *c, bool with_ns)
{
    struct buf b CLEANUP_BUF = {0};

    buf_init(&b, (size_t)1 << 24);
    change_write_feed(&b, c, with_ns);
    assert_int_equal(buf_status(&b, NULL), OK);
    return str_copy(a, buf_str(&b));
}

Str kit_body(struct arena *a, const struct change *c)
{
    struct buf b CLEANUP_BUF = {0};

    buf_init(&b, (size_t)1 << 24);
    change_write_body(&b, c);
    assert_int_equal(buf_status(&b, NULL), OK);
    return str_copy(a, buf_str(&b));
}
