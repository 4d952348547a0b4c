/* How a linkage model of deaths moves with the decisions of a force: pairs that were confirmed or dismissed,
 * and series that were solved.
 *
 * Each m is the mean of a Beta distribution that the policy begins with `belief` decisions' worth of itself.
 * A confirmed pair that differs in a feature counts against copying; one that agrees counts for it by the
 * chance that the agreement was copied and not met by itself, m / (m + (1 - m) p), p being how often the
 * value occurs: expectation and maximisation in turn (A. P. Dempster, N. M. Laird, D. B. Rubin, J. R. Stat.
 * Soc. B 39, 1977, p. 1). Scales of age, time and place move as cumulative shares in the same way.
 *
 * Dismissed pairs speak of the other side. How often they agree, again with `belief` pairs' worth of p behind
 * it, says how much an agreement is really worth among pairs that are looked at; where that is less than p
 * says, the factor of the feature shrinks by the same share, at most to half: dismissed pairs were looked at
 * because they agree, so they overstate it.
 *
 * Addresses, identifiers and shared words only ever speak when they agree; their rows stay as policy has
 * them. */
#ifndef LINK_DECISIONS_H
#define LINK_DECISIONS_H

#include "base/buf.h"
#include "link/world.h"

struct decision {
    uint32_t a, b; /* events */
    bool linked;
    double weight; /* a pair of a series of n events counts 2 / n: n - 1 links tie it */
};

/* What was seen of a feature, weights added. */
struct feature_seen {
    double agreed, differed;                     /* confirmed pairs */
    double dismissed_agreed, dismissed_differed; /* dismissed ones */
};

/* The model after the decisions; all else as in the world's own model. `seen` tells by feature. */
void link_model_learn(struct world *w, const struct decision *d, size_t count, struct arena *a,
                      struct link_model *out, struct feature_seen seen[FEATURE_COUNT]);

/* The text of a learned model: the parent's, line by line, with the rows that moved, a name and version of
 * its own, the parent's label and the notes ("key TAB value") of its training. */
void link_model_write(Str parent_text, const struct link_model *learned, Str name, Str parent_label,
                      const struct str_list *notes, struct buf *out);

#endif
