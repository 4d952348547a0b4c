/* The commands as one table: name, operands, options, help, examples and what runs. Parsing, help, the manual
 * page, shell completion and doc/cli.md are all made from these rows. To add a command: a row in commands.c
 * and a file cmd_NAME.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/print.h"
#include "model/record.h"

/* What an option's value must be; checked before a command runs. */
enum option_type {
    OPTION_FLAG, /* has no value */
    OPTION_TEXT,
    OPTION_FILE,
    OPTION_FOLDER,
    OPTION_COUNT,  /* a whole number from 1 */
    OPTION_WHOLE,  /* a whole number from 0 */
    OPTION_NUMBER, /* above 0 */
    OPTION_TIME,   /* RFC 3339, or a day, which means its end */
    OPTION_DAY,    /* 2014-08-28 */
    OPTION_KINDS,  /* kinds of record, comma between */
    OPTION_FEED,   /* a namespace */
};

struct option {
    const char *name; /* without the two dashes; NULL ends a list */
    char letter;      /* 0: has no short form */
    enum option_type type;
    bool required;
    const char *value; /* how help calls its value: "FILE" */
    const char
        *fallback;   /* the default as it would be typed; "$NAME": that environment variable; NULL: none */
    const char *doc; /* a sentence */
};

struct example {
    const char *line; /* NULL ends a list */
    const char *about;
};

/* What stands after the options, for completion. */
enum operand {
    OPERAND_NONE,
    OPERAND_FILE,
    OPERAND_FOLDER,
    OPERAND_WORD,
    OPERAND_COMMAND,
    OPERAND_KIND,
    OPERAND_SHELL
};

struct cli;
struct command {
    const char *name;     /* one word, or two where one does several things: "evaluate pairs" */
    const char *operands; /* "ID", "FILE..." as in help; "" when there are none */
    enum operand operand;
    size_t operands_min, operands_max; /* SIZE_MAX: any number */
    const char *summary;               /* one line, no full stop */
    const char *about;                 /* paragraphs, "\n\n" between */
    const struct option *option;
    const struct example *example;
    enum status (*run)(struct cli *c, struct err *e);
};

extern const struct command commands[];       /* in the order of help; a NULL name ends it */
const struct command *command_find(Str name); /* NULL when there is none */
/* The second word of a command whose first is this; NULL for any other. */
const char *command_branch(const struct command *command, Str first);

#define OPTIONS_MAX 40

struct option_value {
    bool given; /* typed, or filled from the default */
    Str text;
    int64_t whole;  /* of COUNT, WHOLE; milliseconds of TIME and DAY */
    double real;    /* of NUMBER */
    uint64_t kinds; /* of KINDS: bit 1 << kind_id */
};

/* One run of the program. */
struct cli {
    const struct command *command;
    struct option_value value[OPTIONS_MAX]; /* in the order of command->option */
    const char *const *operand;
    size_t operand_count;
    struct arena *arena; /* lives as long as the run */
    struct screen *out;  /* standard output */
    int exit_code;       /* of a run that went well but found something; 0 */
};

/* Fills c->value and c->operand. E_INVALID: a sentence for people, with the nearest name for a misspelt one.
 */
MUST_USE enum status options_parse(struct cli *c, int argc, const char *const *argv, struct err *e);

/* The value of an option of this command; asking for one that is not in its list is a defect. */
const struct option_value *cli_option(const struct cli *c, const char *name);
bool cli_flag(const struct cli *c, const char *name);
/* As a C string, NULL when not given. */
const char *cli_path(const struct cli *c, const char *name);
/* What was given, or: STR_NONE; 0; `none`; INT64_MIN. Days are since 1970-01-01. */
Str cli_text(const struct cli *c, const char *name);
size_t cli_count(const struct cli *c, const char *name);
double cli_number(const struct cli *c, const char *name, double none);
int64_t cli_day(const struct cli *c, const char *name);
Str cli_operand(const struct cli *c, size_t i);
/* The operands with single blanks between. */
Str cli_operands(const struct cli *c);

/* One function a command, in cmd_NAME.c. */
enum status cmd_init(struct cli *c, struct err *e);
enum status cmd_serve(struct cli *c, struct err *e);
enum status cmd_import(struct cli *c, struct err *e);
enum status cmd_export(struct cli *c, struct err *e);
enum status cmd_show(struct cli *c, struct err *e);
enum status cmd_search(struct cli *c, struct err *e);
enum status cmd_checks(struct cli *c, struct err *e);
enum status cmd_links(struct cli *c, struct err *e);
enum status cmd_explain(struct cli *c, struct err *e);
enum status cmd_link(struct cli *c, struct err *e);
enum status cmd_extract(struct cli *c, struct err *e);
enum status cmd_table(struct cli *c, struct err *e);
enum status cmd_series(struct cli *c, struct err *e);
enum status cmd_scan(struct cli *c, struct err *e);
enum status cmd_rates(struct cli *c, struct err *e);
enum status cmd_replay(struct cli *c, struct err *e);
enum status cmd_synth(struct cli *c, struct err *e);
enum status cmd_evaluate_groups(struct cli *c, struct err *e);
enum status cmd_evaluate_measures(struct cli *c, struct err *e);
enum status cmd_evaluate_pairs(struct cli *c, struct err *e);
enum status cmd_evaluate_planted(struct cli *c, struct err *e);
enum status cmd_evaluate_identity(struct cli *c, struct err *e);
enum status cmd_learn(struct cli *c, struct err *e);
enum status cmd_join(struct cli *c, struct err *e);
enum status cmd_part(struct cli *c, struct err *e);
enum status cmd_joins(struct cli *c, struct err *e);
enum status cmd_unresolved(struct cli *c, struct err *e);
enum status cmd_batches(struct cli *c, struct err *e);
enum status cmd_withdraw(struct cli *c, struct err *e);
enum status cmd_erase(struct cli *c, struct err *e);
enum status cmd_verify(struct cli *c, struct err *e);
enum status cmd_checkpoint(struct cli *c, struct err *e);
enum status cmd_rebuild(struct cli *c, struct err *e);
enum status cmd_kinds(struct cli *c, struct err *e);
enum status cmd_help(struct cli *c, struct err *e);
enum status cmd_man(struct cli *c, struct err *e);
enum status cmd_completion(struct cli *c, struct err *e);
enum status cmd_version(struct cli *c, struct err *e);

/* The program: returns the exit code. */
int cli_main(int argc, const char *const *argv);

#endif
