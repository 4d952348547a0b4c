#include "link/decisions.h"

#include <math.h>

#define ROUNDS       40
#define M_LEAST      0.001
#define M_MOST       0.999
#define FACTOR_SHARE 0.5 /* a factor shrinks to no less of itself */

/* One feature of one decided pair. */
struct sight {
    enum feature feature;
    bool linked, agrees;
    double p, weight, radius;
};

struct sights {
    struct sight *sight;
    size_t count, room;
    struct arena *a;
};

/* Features that can be seen to differ. */
static bool is_learned(enum feature f)
{
    return f != FEATURE_ADDRESS && f != FEATURE_IDENTIFIER && f != FEATURE_TEXT;
}

static void add_sight(struct sights *s, struct sight sight)
{
    ARENA_ROOM(s->a, s->sight, s->room, s->count + 1, 256);
    s->sight[s->count++] = sight;
}

/* A set may give several reasons: it agrees where one does, by the rarest of what is shared. */
static void look_at(struct sights *s, const struct pair_evidence *ev, const struct decision *d)
{
    struct sight of[FEATURE_COUNT] = {0};
    bool recorded[FEATURE_COUNT] = {false};
    for (size_t i = 0; i < ev->count; i++) {
        const struct reason *r = &ev->reason[i];
        bool agrees = r->verdict == SAME || r->verdict == SIMILAR;
        struct sight *t = &of[r->feature];
        if (r->verdict == NOT_RECORDED || !is_learned(r->feature)) continue;
        bool rarer = agrees && (!t->agrees || r->frequency < t->p);
        if (!recorded[r->feature] || rarer)
            *t = (struct sight){r->feature, d->linked, agrees, r->frequency, d->weight, r->radius};
        recorded[r->feature] = true;
    }
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (recorded[f]) add_sight(s, of[f]);
}

/* How likely an agreement was copied. */
static double copied(double m, double p)
{
    return m / (m + (1 - m) * p);
}

static double bounded(double m)
{
    return m < M_LEAST ? M_LEAST : m > M_MOST ? M_MOST : m;
}

static double learn_m(const struct sights *s, enum feature f, double policy, double belief)
{
    double m = policy;
    for (int round = 0; round < ROUNDS; round++) {
        double for_it = belief * policy, all = belief;
        for (size_t i = 0; i < s->count; i++) {
            const struct sight *t = &s->sight[i];
            if (t->feature != f || !t->linked) continue;
            all += t->weight;
            if (t->agrees) for_it += t->weight * copied(m, t->p);
        }
        m = bounded(for_it / all);
    }
    return m;
}

/* m[k]: copied within radius[k]. What agrees at a scale agrees at every wider one. */
static void learn_scales(const struct sights *s, enum feature f, const double *radius, const double *policy,
                         double *m, size_t scales, double belief)
{
    for (int round = 0; round < ROUNDS; round++) {
        double for_it[TIME_SCALES] = {0}, all = belief;
        for (size_t i = 0; i < s->count; i++) {
            const struct sight *t = &s->sight[i];
            if (t->feature != f || !t->linked) continue;
            all += t->weight;
            for (size_t k = 0; k < scales && t->agrees; k++)
                if (t->radius <= radius[k]) for_it[k] += t->weight * copied(m[k], t->p);
        }
        for (size_t k = 0; k < scales; k++) {
            double next = bounded((belief * policy[k] + for_it[k]) / all);
            m[k] = k > 0 && next < m[k - 1] ? m[k - 1] : next;
        }
    }
}

/* How much of its weight an agreement keeps, by what dismissed pairs show. */
static double learn_factor(const struct sights *s, enum feature f, double m, double factor, double belief)
{
    double p_sum = 0, agreements = 0, agreed = 0, all = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct sight *t = &s->sight[i];
        if (t->feature != f) continue;
        if (t->agrees) {
            p_sum += t->weight * t->p;
            agreements += t->weight;
        }
        if (t->linked) continue;
        all += t->weight;
        agreed += t->agrees ? t->weight : 0;
    }
    if (all <= 0 || agreements <= 0) return factor;
    double p = p_sum / agreements, among_dismissed = (belief * p + agreed) / (belief + all);
    double in_series = m + (1 - m) * p, policy_weight = log(in_series / p);
    if (policy_weight <= 0) return factor;
    double share = log(in_series / among_dismissed) / policy_weight;
    return factor * (share > 1 ? 1 : share < FACTOR_SHARE ? FACTOR_SHARE : share);
}

static void sum_up(const struct sights *s, struct feature_seen seen[FEATURE_COUNT])
{
    memset(seen, 0, FEATURE_COUNT * sizeof *seen);
    for (size_t i = 0; i < s->count; i++) {
        const struct sight *t = &s->sight[i];
        struct feature_seen *f = &seen[t->feature];
        if (t->linked)
            *(t->agrees ? &f->agreed : &f->differed) += t->weight;
        else
            *(t->agrees ? &f->dismissed_agreed : &f->dismissed_differed) += t->weight;
    }
}

void link_model_learn(struct world *w, const struct decision *d, size_t count, struct arena *a,
                      struct link_model *out, struct feature_seen seen[FEATURE_COUNT])
{
    const struct link_model *policy = world_model(w);
    struct arena *scratch CLEANUP_ARENA = arena_new("a decided pair", (size_t)64 << 20);
    struct sights s = {.a = a};
    for (size_t i = 0; i < count; i++) {
        struct pair_evidence ev;
        arena_reset(scratch);
        world_pair(w, scratch, d[i].a, d[i].b, &ev);
        look_at(&s, &ev, &d[i]);
    }
    *out = *policy;
    for (int f = 0; f < FEATURE_COUNT; f++) {
        if (!is_learned((enum feature)f)) continue;
        struct feature_belief *b = &out->feature[f];
        b->m = learn_m(&s, (enum feature)f, policy->feature[f].m, policy->belief);
        b->factor = learn_factor(&s, (enum feature)f, b->m, b->factor, policy->belief);
    }
    learn_scales(&s, FEATURE_PLACE, policy->place_radius_m, policy->place_m, out->place_m, PLACE_SCALES,
                 policy->belief);
    learn_scales(&s, FEATURE_TIME, policy->time_days, policy->time_m, out->time_m, TIME_SCALES,
                 policy->belief);
    learn_scales(&s, FEATURE_AGE, policy->age_years, policy->age_m, out->age_m, COUNT_OF(out->age_m),
                 policy->belief);
    sum_up(&s, seen);
}

/* ---- the text ------------------------------------------------------------------------------------------ */

struct rewriting {
    const struct link_model *m;
    Str name, parent_label;
    const struct str_list *notes;
    size_t place, time, age; /* rows so far */
    struct buf *out;
};

static void write_head(struct rewriting *r)
{
    buf_addf(r->out, "name\t%.*s\nversion\t%lld\nparent\t%.*s\n", STR_ARG(r->name),
             (long long)r->m->version + 1, STR_ARG(r->parent_label));
    for (size_t i = 0; i < r->notes->count; i++)
        buf_addf(r->out, "training\t%.*s\n", STR_ARG(r->notes->item[i]));
}

static void write_scale(struct buf *out, const char *key, double radius, double m)
{
    buf_addf(out, "%s\t%.10g\t%.4f\n", key, radius, m);
}

static void write_line(struct rewriting *r, Str line, const struct str_list *cell)
{
    const struct link_model *m = r->m;
    Str key = cell->item[0];
    int f = cell->count > 1 ? feature_named(cell->item[1].ptr, cell->item[1].len) : -1;
    if (str_eq(key, S("version")) || str_eq(key, S("parent")) || str_eq(key, S("training"))) return;
    if (str_eq(key, S("name")))
        write_head(r);
    else if (str_eq(key, S("feature")) && f >= 0)
        buf_addf(r->out, "feature\t%s\t%.4f\t%.4f\n", FEATURES[f].name, m->feature[f].m,
                 m->feature[f].factor);
    else if (str_eq(key, S("place"))) {
        write_scale(r->out, "place", m->place_radius_m[r->place], m->place_m[r->place]);
        r->place++;
    } else if (str_eq(key, S("time"))) {
        write_scale(r->out, "time", m->time_days[r->time], m->time_m[r->time]);
        r->time++;
    } else if (str_eq(key, S("age"))) {
        write_scale(r->out, "age", m->age_years[r->age], m->age_m[r->age]);
        r->age++;
    } else
        buf_addf(r->out, "%.*s\n", STR_ARG(line));
}

void link_model_write(Str parent_text, const struct link_model *learned, Str name, Str parent_label,
                      const struct str_list *notes, struct buf *out)
{
    struct arena *a CLEANUP_ARENA = arena_new("a model's text", (size_t)16 << 20);
    struct rewriting r = {
        .m = learned, .name = name, .parent_label = parent_label, .notes = notes, .out = out};
    Str line;
    buf_addf(out, "# Learned from decisions: the rows of %.*s, moved by what was confirmed and dismissed.\n",
             STR_ARG(parent_label));
    while (str_next(&parent_text, '\n', &line)) {
        Str plain = str_trim(line);
        if (str_empty(plain) || str_starts(plain, S("# name:")) || str_starts(plain, S("# version:")) ||
            str_starts(plain, S("# date:")) || str_starts(plain, S("# Learned from decisions")))
            continue;
        if (plain.ptr[0] == '#') {
            buf_addf(out, "%.*s\n", STR_ARG(line));
            continue;
        }
        struct str_list cell = str_split(a, plain, '\t');
        write_line(&r, plain, &cell);
    }
}
