/* A feed, plain or compressed; what is taken reads back the same as a body and as a line. */
#include "model/feed.h"
#include "intake/source.h"
#include "target.h"

static void check_change(struct arena *a, const struct change *c)
{
    struct buf b CLEANUP_BUF = {0};
    struct change again = {0};
    struct err e = {0};
    buf_init(&b, (size_t)64 << 20);
    change_write_body(&b, c);
    MUST(change_read_body(a, buf_str(&b), &again, &e) == OK);
    MUST(change_same(c, &again));
    if (c->known_at_implied) return; /* a line of the feed always says when */
    buf_clear(&b);
    change_write_feed(&b, c, true);
    MUST(feed_parse_line(a, target_policy(), buf_str(&b), S(""), &again, &e) == OK);
    MUST(change_same(c, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *own CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    struct arena *each CLEANUP_ARENA = arena_new("fuzz item", (size_t)256 << 20);
    struct intake_options o = {.policy = target_policy(), .in_process = true};
    struct intake_item item = {0};
    struct source *source = NULL;
    struct err e = {0};
    int fd = target_file(data, size);
    struct stream *stream = target_stream(fd);
    if (stream && source_open(own, stream, &o, &source, &e) == OK) {
        while (item.kind != INTAKE_DONE) {
            arena_reset(each);
            if (source_next(source, each, &item, &e) != OK) break;
            if (item.kind == INTAKE_CHANGE) check_change(each, &item.change);
        }
    }
    source_close(source);
    target_close(fd);
    return 0;
}
