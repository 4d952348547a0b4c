#include "app/feed_lines.h"

#include "base/alloc.h"
#include "base/stream.h"
#include "model/feed.h"

#include <stdlib.h>

#define LINE_MAX_BYTES ((size_t)4 << 20)

struct placed {
    struct change change;
    size_t feed;
};

struct reading {
    struct arena *arena;
    const struct policy *policy;
    struct placed *line;
    size_t count, room;
    struct feed_lines *out;
};

static void refuse(struct reading *r, const char *path, uint64_t number, const struct err *why)
{
    if (r->out->refused++ == 0)
        r->out->complaint =
            str_format(r->arena, "%s, line %llu is left out: %s", path, (unsigned long long)number,
                       why->text[0] ? why->text : "it does not say when it became known");
}

static enum status read_one(struct reading *r, const char *path, size_t feed, struct err *e)
{
    struct stream *s;
    Str text;
    bool more = true;
    enum status status = OK;
    TRY(stream_open(path, NULL, &s, e));
    for (uint64_t number = 1; more; number++) {
        struct err why = {0};
        status = stream_line(s, LINE_MAX_BYTES, &text, &more, e);
        if (status != OK || !more) break;
        if (str_empty(str_trim(text))) continue;
        ARENA_ROOM(r->arena, r->line, r->room, r->count + 1, 1024);
        struct placed *into = &r->line[r->count];
        into->feed = feed;
        if (feed_parse_line(r->arena, r->policy, str_copy(r->arena, text), S("main"), &into->change, &why) !=
                OK ||
            into->change.known_at_implied) {
            refuse(r, path, number, &why);
            continue;
        }
        into->change.line = number;
        r->count++;
    }
    stream_close(s);
    return status;
}

static int earlier(const void *x, const void *y)
{
    const struct placed *a = x, *b = y;
    if (a->change.known_at_ms != b->change.known_at_ms)
        return a->change.known_at_ms < b->change.known_at_ms ? -1 : 1;
    if (a->feed != b->feed) return a->feed < b->feed ? -1 : 1;
    return a->change.line < b->change.line ? -1 : a->change.line > b->change.line;
}

enum status feed_lines_read(struct arena *a, const struct policy *policy, const char *const *path,
                            size_t count, struct feed_lines *out, struct err *e)
{
    *out = (struct feed_lines){.complaint = S("")};
    struct reading r = {.arena = a, .policy = policy, .out = out};
    for (size_t i = 0; i < count; i++)
        TRY(read_one(&r, path[i], i, e));
    if (r.count > 0) qsort(r.line, r.count, sizeof *r.line, earlier);
    out->line = NEW_ARRAY(a, struct change, r.count + 1);
    out->count = r.count;
    for (size_t i = 0; i < r.count; i++)
        out->line[i] = r.line[i].change;
    return OK;
}
