#include "app/words.h"
#include "cli/begin.h"

/* The found words stand between \x02 and \x03: in capitals of a kind, *so*, for people; without marks in
 * JSON. */
static Str marked(struct arena *a, Str snippet, const char *mark)
{
    struct buf out CLEANUP_BUF;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < snippet.len; i++) {
        char c = snippet.ptr[i];
        if (c == '\x02' || c == '\x03')
            buf_add_cstr(&out, mark);
        else
            buf_add_char(&out, c == '\n' ? ' ' : c);
    }
    return str_copy(a, buf_str(&out));
}

static void found_put(struct json_writer *w, Str snippet)
{
    json_put_key(w, S("found"));
    json_open(w, '[');
    for (;;) {
        size_t from = str_find_char(snippet, '\x02'), to = str_find_char(snippet, '\x03');
        if (from == STR_NPOS || to == STR_NPOS || to < from) break;
        json_put_str(w, str_slice(snippet, from + 1, to));
        snippet = str_slice(snippet, to + 1, snippet.len);
    }
    json_close(w, ']');
}

static const char *field_label(const struct search_hit *hit)
{
    const struct kind *kind = kind_of(hit->id.kind);
    int field = field_index(kind, hit->field);
    return field < 0 ? "a number or a reference" : kind->field[field].label;
}

static void hits_json(struct cli *c, const struct search_hit *hit, size_t count, uint64_t behind)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_i64(&w, S("behind"), (int64_t)behind);
    json_put_key(&w, S("hits"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_kv_i64(&w, S("rank"), (int64_t)i + 1);
        json_put_record(&w, &hit[i].id);
        json_kv_str(&w, S("title"), hit[i].title);
        json_kv_str(&w, S("field"), hit[i].field);
        json_kv_str(&w, S("snippet"), marked(c->arena, hit[i].snippet, ""));
        found_put(&w, hit[i].snippet);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

static void hits_print(struct cli *c, const struct search_hit *hit, size_t count, size_t limit)
{
    enum { INDENT = 5 };
    for (size_t i = 0; i < count; i++) {
        Str id = words_id(c->arena, &hit[i].id);
        bool titled = !str_empty(hit[i].title) && !str_eq(hit[i].title, hit[i].id.id);
        Str title = titled ? str_format(c->arena, " (%.*s)", STR_ARG(hit[i].title)) : S("");
        print_labelled(c->out, str_format(c->arena, "%3zu", i + 1), INDENT,
                       str_format(c->arena, "%.*s%.*s", STR_ARG(id), STR_ARG(title)));
        print_wrapped(c->out,
                      str_format(c->arena, "%s: %.*s", field_label(&hit[i]),
                                 STR_ARG(marked(c->arena, hit[i].snippet, "*"))),
                      INDENT, INDENT);
    }
    if (count == 0) print_line(c->out, "Nothing holds all of these words.");
    if (count == limit) print_line(c->out, "There may be more: --limit %zu.", 2 * limit);
}

enum status cmd_search(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct search_hit *hit = NULL;
    size_t count = 0, limit = (size_t)cli_option(c, "limit")->whole;
    uint64_t behind = 0;
    TRY(cli_session(c, STORE_READ, &s, e));
    TRY(store_search(s.store, &s.actor, cli_operands(c), limit, c->arena, &hit, &count, &behind, e));
    if (cli_flag(c, "json")) {
        hits_json(c, hit, count, behind);
        return OK;
    }
    hits_print(c, hit, count, limit);
    if (behind > 0)
        print_line(c->out, "The search index has %.*s yet to read; the newest records may be missing.",
                   STR_ARG(count_of(c->arena, behind, "entry", "entries")));
    return OK;
}
