/* A linkage model of deaths that moves with decisions: a table of deaths and labels in, a model file out. */
#ifndef APP_LEARN_DEATHS_H
#define APP_LEARN_DEATHS_H

#include "app/file_world.h"
#include "app/label_file.h"
#include "link/decisions.h"

/* Does the mapping make records of deaths and no [table]? Then its model is that of deaths. */
MUST_USE enum status learn_deaths_asked(const char *map, const struct policy *policy, bool *out,
                                        struct err *e);

struct learn_deaths_options {
    const char *file, *map;
    const char *parent;         /* a model of deaths to start from; NULL: the one inside the program */
    const struct sheet *labels; /* as label_file_take reads it */
    Str name;
    const struct str_list *notes; /* of training, "key TAB value" */
};
struct learn_deaths_result {
    struct file_rows rows;
    struct label_file labels;
    size_t confirmed, dismissed; /* pairs learned from */
    struct link_model before, after;
    struct feature_seen seen[FEATURE_COUNT];
};
/* Pairs count as they are judged; of groups, all pairs within one are confirmed, those of a series of n
 * counting 2 / n, and nothing is dismissed. The text of the model goes to `out`, and is read back to prove
 * that it can be. */
MUST_USE enum status learn_deaths(const struct learn_deaths_options *options, const struct policy *policy,
                                  struct arena *a, struct learn_deaths_result *result, struct buf *out,
                                  struct err *e);

#endif
