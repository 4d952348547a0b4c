#include "app/records.h"
#include "cli/begin.h"
#include "cli/sink.h"

enum status cmd_export(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct sink sink CLEANUP_SINK = {.fd = -1};
    const struct option_value *kind = cli_option(c, "kind");
    const char *path = cli_path(c, "output");
    uint64_t lines = 0, kinds = kind->given ? kind->kinds : (UINT64_C(1) << KIND_COUNT) - 1;
    TRY(cli_session(c, STORE_READ, &s, e));
    TRY(sink_open(&sink, path, e));
    TRY(records_export(&s, cli_view(c), kinds, sink_line, &sink, &lines, e));
    TRY(sink_finish(&sink, e));
    if (strcmp(path, "-") != 0)
        print_line(c->out, "%.*s written to %s.", STR_ARG(count_of(c->arena, lines, "line", "lines")), path);
    return OK;
}
