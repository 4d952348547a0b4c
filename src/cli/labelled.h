/* What learn and evaluate groups share: a table, labels of its rows, and their pairs measured. */
#ifndef CLI_LABELLED_H
#define CLI_LABELLED_H

#include "app/label_file.h"
#include "cli/table_options.h"
#include "learn/model_file.h"

struct labelled {
    const struct sheet *rows;
    struct sheets_account account, labels_account;
    struct label_file file;
    struct measure_spec *spec;
    size_t specs;
    struct pair_table table; /* of file.labels, with their weights; parts are groups */
};
/* Reads the first operand by --map, the labels at `path` by the mapping `map` (NULL: as its header says), and
 * measures with --threads what `model` measures, or what --measures says (NULL). */
MUST_USE enum status cli_labelled(struct cli *c, const char *path, const char *map,
                                  const struct learned_model *model, struct labelled *out, struct err *e);
/* "390 rows with a known group, 149 with a mate ..." and which labels were left out. */
void print_labelled_rows(struct cli *c, const struct labelled *l);

/* Evidence of every labelled pair by models that never saw its parts: seen[i] from end a, seen_b[i] from end
 * b, and their mean as scored items; returns how many were judged. within: only pairs inside a fold. */
MUST_USE enum status labelled_judge(const struct labelled *l, const struct train_options *o, size_t folds,
                                    size_t threads, bool within, double *seen, double *seen_b,
                                    struct scored *item, size_t *judged, struct err *e);

/* The same by a model as it stands: evidence and the probability that it gives, of every labelled pair. */
void labelled_judge_by(const struct labelled *l, const struct learned_model *m, double *seen,
                       struct scored *probability);

#endif
