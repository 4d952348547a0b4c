/* What the commands share that work on any table (link, learn, evaluate, series, scan, rates, extract): the
 * options --map, --refused and --rows, reading, and telling what was refused. Their rows of options stand in
 * commands.c as TABLE. */
#ifndef CLI_TABLE_OPTIONS_H
#define CLI_TABLE_OPTIONS_H

#include "app/file_world.h"
#include "app/row_pairs.h"
#include "app/sheets.h"
#include "cli/command.h"

/* Reads the table at `path` as the command's options say, into the run's arena. */
MUST_USE enum status cli_table(struct cli *c, const char *path, const struct policy *policy,
                               const struct sheet **out, struct sheets_account *account, struct err *e);
/* The same with another mapping than --map, for a second file of the command. NULL: as its header says. */
MUST_USE enum status cli_table_by(struct cli *c, const char *path, const char *mapping,
                                  const struct policy *policy, const struct sheet **out,
                                  struct sheets_account *account, struct err *e);

/* What a command works on that takes deaths and tables alike. */
struct cli_matter {
    bool rows;                           /* of a [table]; else the deaths that the mapping makes */
    const struct learned_model *learned; /* of rows: what colligate learn wrote; NULL: none */
};
/* Rows when --table says so, when --model is a learned one, or when the mapping makes no records. Refuses
 * what does not go together: --leave-out with deaths, a linkage model with rows. */
MUST_USE enum status cli_matter(struct cli *c, const struct policy *policy, struct cli_matter *out,
                                struct err *e);
/* The learned model of --model; E_INVALID when the file is none. */
MUST_USE enum status cli_learned_model(struct cli *c, const struct learned_model **out, struct err *e);
/* How rows are paired, by --top and --leave-out. */
MUST_USE enum status cli_row_pairs(struct cli *c, const struct learned_model *learned,
                                   struct row_pairs_options *out, struct err *e);

/* "490 rows read, 490 taken.", and by fault what was refused and dropped. */
void print_table_account(struct screen *s, struct arena *a, const struct sheets_account *account);
/* The same as members of the open object: rows, taken, merged, refused, refusals, dropped, drops. */
void json_table_account(struct json_writer *w, const struct sheets_account *account);

/* "490 rows read, 3 refused, 0 dropped."; and as rows, refused, dropped of the open object. */
void print_file_rows(struct screen *s, struct arena *a, const struct file_rows *rows);
void json_file_rows(struct json_writer *w, const struct file_rows *rows);

/* Refused rows by fault, an indented line each; and as "refusals": [...] of the open object. */
void print_refusals(struct screen *s, struct arena *a, const struct refusal_group *group, size_t count);
void json_refusals(struct json_writer *w, const struct refusal_group *group, size_t count);
/* Dropped rows by reason; and as "drops": [...]. */
void print_drops(struct screen *s, struct arena *a, const struct intake_drop *drop, size_t count);
void json_drops(struct json_writer *w, const struct intake_drop *drop, size_t count);

#endif
