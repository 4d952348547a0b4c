/* Newton steps on the penalised likelihood; each quadratic is solved coordinate by coordinate, with the signs
 * held. The second derivatives are gathered over the hats, of which a pair touches two a measure, and only
 * then turned into those of the steps. */
#include "learn/additive_internal.h"

#include <math.h>

#define RIDGE         0.02 /* of the smoothness, on each step: an unneeded curve is level */
#define RIDGE_LEAST   1e-6
#define RIDGE_MISSING 4.0 /* as if two pairs, one linked and one not, had been missing without effect */
#define NEWTON_MAX    40
#define SWEEPS_MAX    400

struct workspace {
    size_t columns, parameters;
    double *height, *gradient_columns, *curvature_columns; /* columns x columns, upper half */
    double *gradient, *curvature;                          /* of the parameters, full */
    double *turned;                                        /* parameters x columns */
    double *penalty;                                       /* parameters x parameters */
    double *turn;                                          /* parameters x columns: heights of a unit step */
    double *step, *trial;
    signed char *sign; /* +1: never below 0; -1: never above; 0: free */
};

static struct workspace workspace_for(const struct design *d, struct arena *a)
{
    size_t c = d->columns, p = d->parameters;
    struct workspace w = {.columns = c, .parameters = p};
    w.height = NEW_ARRAY(a, double, c);
    w.gradient_columns = NEW_ARRAY(a, double, c);
    w.curvature_columns = NEW_ARRAY(a, double, c *c);
    w.gradient = NEW_ARRAY(a, double, p);
    w.curvature = NEW_ARRAY(a, double, p *p);
    w.turned = NEW_ARRAY(a, double, p *c);
    w.penalty = NEW_ARRAY(a, double, p *p);
    w.turn = NEW_ARRAY(a, double, p *c);
    w.step = NEW_ARRAY(a, double, p);
    w.trial = NEW_ARRAY(a, double, p);
    w.sign = NEW_ARRAY(a, signed char, p);
    return w;
}

static void penalise(const struct design *d, double smoothness, struct workspace *w)
{
    size_t p = w->parameters;
    for (size_t f = 0; f < d->features; f++) {
        const struct block *b = &d->block[f];
        size_t steps = b->knots > 0 ? b->knots - 1 : 0;
        for (size_t k = 0; k < steps; k++) {
            size_t at = b->first_step + k;
            w->penalty[at * p + at] += RIDGE * smoothness + RIDGE_LEAST;
            w->sign[at] = b->direction == DIRECTION_RISES ? 1 : b->direction == DIRECTION_FALLS ? -1 : 0;
            if (k + 1 == steps) continue;
            w->penalty[at * p + at] += smoothness;
            w->penalty[(at + 1) * p + at + 1] += smoothness;
            w->penalty[at * p + at + 1] -= smoothness;
            w->penalty[(at + 1) * p + at] -= smoothness;
        }
        if (b->has_missing) {
            size_t at = b->first_step + steps;
            w->penalty[at * p + at] += RIDGE_MISSING;
        }
    }
}

/* One step up of each parameter, as heights of the columns. */
static void turn_of(const struct design *d, struct workspace *w)
{
    for (size_t i = 0; i < w->parameters; i++) {
        memset(w->trial, 0, w->parameters * sizeof *w->trial);
        w->trial[i] = 1;
        design_heights(d, w->trial, &w->turn[i * w->columns]);
    }
}

static double log1p_exp(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double objective(const struct design *d, const struct workspace *w, const double *parameter,
                        double *height)
{
    double sum = 0;
    design_heights(d, parameter, height);
    for (size_t i = 0; i < d->pairs; i++) {
        double score = design_score(d, i, height);
        sum += d->weight[i] * log1p_exp(d->linked[i] ? -score : score);
    }
    for (size_t i = 0; i < w->parameters; i++)
        for (size_t j = 0; j < w->parameters; j++)
            sum += parameter[i] * w->penalty[i * w->parameters + j] * parameter[j] / 2;
    return sum;
}

/* First and second derivatives over the columns. */
static void gather(const struct design *d, struct workspace *w)
{
    size_t c = w->columns;
    memset(w->gradient_columns, 0, c * sizeof(double));
    memset(w->curvature_columns, 0, c * c * sizeof(double));
    for (size_t i = 0; i < d->pairs; i++) {
        const struct touch *touch = &d->touch[i * d->features];
        double probability = 1 / (1 + exp(-design_score(d, i, w->height)));
        double slope = d->weight[i] * (probability - (d->linked[i] ? 1 : 0));
        double bend = d->weight[i] * probability * (1 - probability);
        w->gradient_columns[0] += slope;
        w->curvature_columns[0] += bend;
        for (size_t f = 0; f < d->features; f++) {
            double high = (double)touch[f].part, low = 1 - high;
            double *row = &w->curvature_columns[(size_t)touch[f].column * c], *next = row + c;
            w->gradient_columns[touch[f].column] += slope * low;
            w->gradient_columns[touch[f].column + 1] += slope * high;
            w->curvature_columns[touch[f].column] += bend * low;
            w->curvature_columns[touch[f].column + 1] += bend * high;
            row[touch[f].column] += bend * low * low;
            row[touch[f].column + 1] += bend * low * high;
            next[touch[f].column + 1] += bend * high * high;
            for (size_t g = f + 1; g < d->features; g++) {
                double high_g = (double)touch[g].part, low_g = 1 - high_g;
                size_t at = touch[g].column;
                row[at] += bend * low * low_g;
                row[at + 1] += bend * low * high_g;
                next[at] += bend * high * low_g;
                next[at + 1] += bend * high * high_g;
            }
        }
    }
    for (size_t i = 0; i < c; i++)
        for (size_t j = 0; j < i; j++)
            w->curvature_columns[i * c + j] = w->curvature_columns[j * c + i];
}

/* The same of the parameters: turn x ... x turned back; the penalty with it. */
static void turn(const double *parameter, struct workspace *w)
{
    size_t c = w->columns, p = w->parameters;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < c; j++) {
            double sum = 0;
            for (size_t k = 0; k < c; k++)
                sum += w->turn[i * c + k] * w->curvature_columns[j * c + k];
            w->turned[i * c + j] = sum;
        }
    for (size_t i = 0; i < p; i++) {
        w->gradient[i] = 0;
        for (size_t k = 0; k < c; k++)
            w->gradient[i] += w->turn[i * c + k] * w->gradient_columns[k];
        for (size_t j = 0; j < p; j++) {
            double sum = w->penalty[i * p + j];
            w->gradient[i] += w->penalty[i * p + j] * parameter[j];
            for (size_t k = 0; k < c; k++)
                sum += w->turned[i * c + k] * w->turn[j * c + k];
            w->curvature[i * p + j] = sum;
        }
    }
}

/* The step that minimises gradient * step + step * curvature * step / 2, signs of parameter + step held. */
static void solve_quadratic(struct workspace *w, const double *parameter)
{
    size_t p = w->parameters;
    memset(w->step, 0, p * sizeof *w->step);
    for (size_t sweep = 0; sweep < SWEEPS_MAX; sweep++) {
        double moved = 0;
        for (size_t i = 0; i < p; i++) {
            double slope = w->gradient[i], bend = w->curvature[i * p + i];
            for (size_t j = 0; j < p; j++)
                slope += w->curvature[i * p + j] * w->step[j];
            if (bend <= 0) continue;
            double to = parameter[i] + w->step[i] - slope / bend;
            if ((w->sign[i] > 0 && to < 0) || (w->sign[i] < 0 && to > 0)) to = 0;
            double move = to - parameter[i] - w->step[i];
            w->step[i] += move;
            moved += fabs(move);
        }
        if (moved < 1e-10) return;
    }
}

void additive_solve(const struct design *d, double smoothness, double *parameter, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct workspace w = workspace_for(d, scratch);
    penalise(d, smoothness, &w);
    turn_of(d, &w);
    double loss = objective(d, &w, parameter, w.height);
    for (size_t round = 0; round < NEWTON_MAX; round++) {
        design_heights(d, parameter, w.height);
        gather(d, &w);
        turn(parameter, &w);
        solve_quadratic(&w, parameter);
        double next = loss, by = 1;
        for (size_t halving = 0; halving < 30; halving++, by /= 2) {
            for (size_t i = 0; i < w.parameters; i++)
                w.trial[i] = parameter[i] + by * w.step[i];
            next = objective(d, &w, w.trial, w.height);
            if (next <= loss) break;
        }
        if (next > loss) break;
        memcpy(parameter, w.trial, w.parameters * sizeof *parameter);
        double gained = loss - next;
        loss = next;
        if (gained < 1e-9 * (fabs(loss) + 1)) break;
    }
    arena_release(scratch, mark);
}
