#include "cli/command.h"
#include "cli/sink.h"
#include "synth/synth.h"

enum status cmd_synth(struct cli *c, struct err *e)
{
    struct sink feed CLEANUP_SINK = {.fd = -1}, truth CLEANUP_SINK = {.fd = -1};
    const char *truth_path = cli_path(c, "truth");
    struct synth_options options = {
        .from_ms = cli_option(c, "from")->whole,
        .to_ms = cli_option(c, "to")->whole,
        .per_day = cli_option(c, "per-day")->real,
        .seed = (uint64_t)cli_option(c, "seed")->whole,
    };
    TRY(sink_open(&feed, cli_path(c, "output"), e));
    if (truth_path) TRY(sink_open(&truth, truth_path, e));
    TRY(synth_write(&options, sink_line, &feed, truth_path ? sink_line : NULL, &truth, e));
    TRY(sink_finish(&feed, e));
    return truth_path ? sink_finish(&truth, e) : OK;
}
