/* How the commands that work on a store begin. */
#ifndef CLI_BEGIN_H
#define CLI_BEGIN_H

#include "app/linking.h"
#include "app/session.h"
#include "cli/command.h"

/* Opens the store for the actor of --as and --role. Close with session_close, also after a failure. */
MUST_USE enum status cli_session(const struct cli *c, enum store_mode mode, struct session *out,
                                 struct err *e);
/* --at and --ledger; now without them. */
struct view cli_view(const struct cli *c);
/* "as known on 28 August 2014, 11:59pm" for headings; "" for now. */
Str cli_view_words(const struct cli *c);

/* The linker filled from the store at the view, by the model of --model. */
MUST_USE enum status cli_world(const struct cli *c, struct session *s, struct link_model *model,
                               struct world **out, struct err *e);

/* Reads into the search index what was just written, so that the next search finds it. */
MUST_USE enum status cli_catch_up(struct session *s, struct err *e);

/* JSON on standard output; ends the line at json_close of the outermost bracket by itself: cli_json_end. */
struct json_writer cli_json(struct cli *c);
void cli_json_end(struct cli *c);
/* "ns", "kind" and "id" of a record, inside an open object. */
void json_put_record(struct json_writer *w, const struct record_id *id);
/* A time in RFC 3339. */
void json_kv_time(struct json_writer *w, Str key, int64_t ms);

#endif
