/* replay: the past, day by day. */
#include "app/linking.h"
#include "app/replay.h"
#include "app/session.h"
#include "cli/begin.h"

#include "base/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define REPLAY_JSON_BYTES_MAX ((size_t)1 << 32)

static void story_line(void *state, Str line)
{
    struct cli *c = state;
    struct err ignored = {0};
    size_t indent = 0; /* what the story indents stays so when it wraps */
    while (indent < line.len && line.ptr[indent] == ' ')
        indent++;
    print_wrapped(c->out, line, indent, indent + 4);
    /* Told as it happens; a failing output is noticed at the end as well. */
    if (screen_flush(c->out, &ignored) != OK) buf_clear(&c->out->buf);
}

static void sizes_print(struct cli *c, const struct replay_summary *s)
{
    static const char *const size[8] = {"", "2", "3", "4", "5", "6 to 9", "10 to 19", "20 or more"};
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 12);
    for (size_t i = 1; i < COUNT_OF(size); i++)
        if (s->sizes[i] > 0)
            buf_addf(&text, "%s%llu of %s", text.len > 0 ? ", " : "", (unsigned long long)s->sizes[i],
                     size[i]);
    if (text.len > 0)
        print_wrapped(
            c->out, str_format(c->arena, "alerts by number of members: %.*s", STR_ARG(buf_str(&text))), 0, 4);
}

static void summary_print(struct cli *c, const struct replay_options *o, const struct replay_summary *s,
                          double seconds)
{
    struct arena *a = c->arena;
    print_line(c->out, "%s", "");
    print_line(c->out, "%.*s, %.*s refused; %.*s over %.0f weeks; %.*s weighed; %.1f s",
               STR_ARG(count_of(a, s->lines, "line", "lines")), STR_ARG(count_words(a, s->refused)),
               STR_ARG(count_of(a, s->events, "event", "events")), s->weeks,
               STR_ARG(count_of(a, s->pairs_weighed, "pair", "pairs")), seconds);
    if (o->truth)
        print_line(c->out, "%.*s: %.*s, %llu benign, %llu false: %.2f false a week",
                   STR_ARG(count_of(a, s->alerts, "alert", "alerts")),
                   STR_ARG(count_of(a, s->hits, "hit", "hits")), (unsigned long long)s->benign,
                   (unsigned long long)s->false_alerts, s->false_per_week);
    else
        print_line(c->out, "%.*s", STR_ARG(count_of(a, s->alerts, "alert", "alerts")));
    sizes_print(c, s);
    if (o->back_until_ms != INT64_MIN)
        print_line(c->out, "of the back-records %.*s, %llu hits; %.*s still waiting",
                   STR_ARG(count_of(a, s->back_told, "alert was told", "alerts were told")),
                   (unsigned long long)s->back_hits, STR_ARG(count_words(a, s->back_waiting)));
}

/* JSON for standard output goes through a file of its own, because it is written whole. */
static enum status json_to_screen(struct cli *c, struct replay_options *o, const struct policy *policy,
                                  const struct link_model *model, struct err *e)
{
    struct replay_summary summary = {0};
    const char *tmp = getenv("TMPDIR");
    char *dir =
        str_cstr(c->arena, str_format(c->arena, "%s/colligate-XXXXXX", tmp && tmp[0] != '\0' ? tmp : "/tmp"));
    struct buf text CLEANUP_BUF;
    buf_init(&text, REPLAY_JSON_BYTES_MAX);
    if (!mkdtemp(dir)) return ERR(e, E_IO, "", "%s cannot be made: %s.", dir, strerror(errno));
    const char *path = str_cstr(c->arena, str_format(c->arena, "%s/replay.json", dir));
    o->json = path;
    o->story = false;
    enum status status = replay_run(o, policy, model, NULL, NULL, &summary, e);
    if (status == OK) status = file_read(path, &text, e);
    unlink(path);
    rmdir(dir);
    if (status == OK) buf_add(&c->out->buf, buf_str(&text));
    return status;
}

enum status cmd_replay(struct cli *c, struct err *e)
{
    struct policy policy;
    struct link_model model;
    struct second_look look;
    struct replay_summary summary = {0};
    const char *json = cli_path(c, "json");
    struct replay_options options = {
        .feed = c->operand,
        .feed_count = c->operand_count,
        .truth = cli_path(c, "truth"),
        .json = json,
        .look = &look,
        .top = (size_t)cli_option(c, "top")->whole,
        .price_per_week = cli_option(c, "price")->real,
        .back_until_ms = cli_option(c, "back-until")->given ? cli_option(c, "back-until")->whole : INT64_MIN,
        .back_daily = (size_t)cli_option(c, "back-daily")->whole,
        .story = true,
    };
    TRY(session_policy(c->arena, &policy, e));
    TRY(linking_model(c->arena, cli_path(c, "model"), &model, e));
    TRY(linking_second_look(c->arena, cli_path(c, "second-look"), &look, e));
    if (json && strcmp(json, "-") == 0) return json_to_screen(c, &options, &policy, &model, e);
    int64_t began_us = clock_ticks_us();
    TRY(replay_run(&options, &policy, &model, story_line, c, &summary, e));
    summary_print(c, &options, &summary, (double)(clock_ticks_us() - began_us) / 1e6);
    return OK;
}
