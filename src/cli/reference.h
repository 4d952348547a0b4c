/* What help, the manual page and doc/cli.md say beside the rows of the commands. */
#ifndef CLI_REFERENCE_H
#define CLI_REFERENCE_H

#include "cli/command.h"

#define REFERENCE_ONE_LINE "notice which deaths belong together, and say why"

/* Paragraphs, each a literal; NULL ends them. */
extern const char *const reference_about[];
extern const char *const reference_actor[];

struct reference_row {
    const char *name; /* NULL ends a list */
    const char *doc;
};
extern const struct reference_row reference_exits[];
extern const struct reference_row reference_environment[];

/* "-d, --data DIR" */
Str reference_option_form(struct arena *a, const struct option *o);
/* The sentence and the default: "The most that is listed. Default: 20." */
Str reference_option_doc(struct arena *a, const struct option *o);
/* "colligate show [OPTIONS] ID" */
Str reference_usage(struct arena *a, const struct command *command);

/* The whole reference as Markdown, the manual page in mdoc(7), completion for bash. */
void reference_markdown(struct buf *out, struct arena *a);
void reference_man(struct buf *out, struct arena *a);
void reference_completion_bash(struct buf *out);

#endif
