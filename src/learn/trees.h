/* A sum of decision trees over the measures of a pair: what many small questions, asked one after the other,
 * say together. Where curves (learn/curves.h) weigh each measure by itself, a tree may ask for one measure
 * only among pairs of which it knows another: two deaths in one care home are nothing, two of which a ring is
 * gone are something, and neither weight says so alone. */
#ifndef LEARN_TREES_H
#define LEARN_TREES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define TREE_LEAF      UINT16_MAX
#define TREES_MAX      4096
#define TREE_NODES_MAX (1U << 20)

/* The nodes of a tree stand one behind the other: a question, then all that follows where it is answered
 * with yes, then all that follows otherwise. */
struct tree_node {
    uint16_t measure; /* TREE_LEAF: no question; `value` is what it weighs, in tenfold steps */
    bool missing_yes; /* a value that is not there counts as a yes */
    uint32_t no;      /* place of what follows otherwise; the yes stands right behind */
    double value;     /* is the measure at most so much? */
};

struct trees {
    size_t count, nodes;
    uint32_t *root; /* place of each tree's first node */
    struct tree_node *node;
};

/* The sum of the leaves that the values lead to (NAN: missing), in tenfold steps. */
double trees_score(const struct trees *t, const double *value);
/* The share of the questions that ask for a measure. */
double trees_share(const struct trees *t, size_t measure);

#endif
