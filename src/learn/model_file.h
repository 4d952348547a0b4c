/* A learned model as a file: readable text, one key a line, values behind tabs. It holds the measures with
 * their curves, what it was trained on, how it judged what it never saw, and its calibration. Writing what
 * was read gives the same bytes.
 *
 *     format     learned 1
 *     name       NAME                          version  N          method  NAME
 *     training   KEY  VALUE                    what it was trained on: file, digest, rows, pairs, linked,
 * seed ... measured   KEY  VALUE                    on held-out folds base       NUMBER log10 odds of a link
 * among the training pairs measure    TITLE  SHAPE  DIRECTION  MISSING     then its points, rising: point
 * VALUE  WEIGHT                 tenfold steps calibration  WAY  PREVALENCE             then its points:
 * calibrated  SCORE  LOG10_ODDS record     KEY  VALUE                    population, own_decisions, pairs,
 * linked, error, brier; then: bin        LOW  HIGH  PROBABILITY  LINKED_SHARE  ITEMS  LINKED
 *
 * TITLE is kind(column), as measures_parse reads it. */
#ifndef LEARN_MODEL_FILE_H
#define LEARN_MODEL_FILE_H

#include "base/buf.h"
#include "learn/calibrate.h"
#include "learn/measures.h"
#include "learn/validate.h"

#define MODEL_NOTES_MAX 64

struct model_note {
    Str key, value;
};

struct learned_model {
    Str name;
    int64_t version;
    enum method method;
    struct measure_spec *measure; /* one a curve */
    struct curves curves;         /* named by the titles of the measures */
    struct model_note training[MODEL_NOTES_MAX], measured[MODEL_NOTES_MAX];
    size_t trainings, measurements;
    bool calibrated;
    struct calibration calibration;
    struct calibration_record record;
};

/* Adds a note; texts are borrowed, tabs and line ends in them become blanks when written. */
void model_note_add(struct model_note *note, size_t *count, const char *key, Str value);
void model_write(const struct learned_model *m, struct buf *out);
/* Is this text one of ours, and not a linkage model of deaths? */
bool model_is_learned(Str text);
/* E_INVALID names line and key; unknown keys are refused. Texts live in `a`. */
MUST_USE enum status model_read(Str text, struct arena *a, struct learned_model *out, struct err *e);

/* ---- judging rows by a model --------------------------------------------------------------------------- */

struct model_scorer {
    const struct learned_model *model;
    struct measures *measures;
};
/* Makes the model's measures ready on a table. E_INVALID names a column that is not there. */
MUST_USE enum status model_scorer_for(const struct learned_model *m, const struct sheet *f, struct arena *a,
                                      struct model_scorer *out, struct err *e);
/* Evidence for a link of two rows, tenfold steps; weight (NULL allowed): of each measure. The same from both
 * ends; may be called by several threads at once. */
double model_score(const struct model_scorer *s, size_t a, size_t b, double *weight);
/* Probability of a link of a pair with so much evidence, where a share `prevalence` is linked: calibrated, or
 * by the prior odds alone when the model is not. */
double model_probability(const struct learned_model *m, double score, double prevalence);

#endif
