#include "link/model.h"

#include "base/hash.h"

#include <math.h>

/* Decisions that a model is worth which does not say so. */
#define BELIEF_UNSAID 20

/* A line is split into its cells; a comment or an empty line has none. */
struct loader {
    struct link_model *m;
    struct err *e;
    unsigned line;
    size_t place_rows, time_rows, age_rows;
    uint64_t features_seen;
};

static enum status bad(const struct loader *l, Str key, const char *why)
{
    return ERR(l->e, E_INVALID, "model", "linkage model, line %u, %.*s: %s", l->line, STR_ARG(key), why);
}

static enum status number_of(const struct loader *l, Str key, Str cell, double low, double high, double *out)
{
    double v;
    if (str_to_f64(str_trim(cell), &v) != OK) return bad(l, key, "a number is expected here");
    if (v < low || v > high)
        return ERR(l->e, E_INVALID, "model", "linkage model, line %u, %.*s: %g is not between %g and %g",
                   l->line, STR_ARG(key), v, low, high);
    *out = v;
    return OK;
}

static enum status take_feature(struct loader *l, const struct str_list *cell)
{
    if (cell->count != 4) return bad(l, cell->item[0], "give feature, name, m and factor, divided by tabs");
    int f = feature_named(cell->item[1].ptr, cell->item[1].len);
    if (f < 0) return bad(l, cell->item[1], "there is no such feature");
    if (l->features_seen & UINT64_C(1) << f) return bad(l, cell->item[1], "this feature stands twice");
    struct feature_belief *b = &l->m->feature[f];
    TRY(number_of(l, cell->item[1], cell->item[2], 0.001, 0.999, &b->m));
    TRY(number_of(l, cell->item[1], cell->item[3], 0.01, 1.0, &b->factor));
    l->features_seen |= UINT64_C(1) << f;
    return OK;
}

/* place, time and age: a widening row of (radius, probability within it). */
static enum status take_scale(struct loader *l, const struct str_list *cell, double *radius, double *m,
                              size_t room, size_t *used)
{
    Str key = cell->item[0];
    if (cell->count != 3) return bad(l, key, "give the scale and its m, divided by tabs");
    if (*used == room) return bad(l, key, "there are more scales than the program holds");
    TRY(number_of(l, key, cell->item[1], 0.001, 1e9, &radius[*used]));
    TRY(number_of(l, key, cell->item[2], 0.001, 0.999, &m[*used]));
    if (*used > 0 && (radius[*used] <= radius[*used - 1] || m[*used] < m[*used - 1]))
        return bad(l, key, "scales must widen and their m must not fall");
    ++*used;
    return OK;
}

static enum status take_role(struct loader *l, const struct str_list *cell)
{
    bool of_place = cell->count == 4 && str_eq(cell->item[3], S("place"));
    if (cell->count != 3 && !of_place)
        return bad(l, cell->item[0], "give role, name, factor and perhaps the word place, divided by tabs");
    double factor;
    TRY(number_of(l, cell->item[1], cell->item[2], 0, 1, &factor));
    if (str_eq(cell->item[1], S("other"))) {
        l->m->other_role_factor = factor;
        return OK;
    }
    if (l->m->role_count == ROLES_MAX)
        return bad(l, cell->item[1], "there are more roles than the program holds");
    l->m->role[l->m->role_count++] = (struct role_belief){cell->item[1], factor, of_place};
    return OK;
}

static enum status take_setting(struct loader *l, const struct str_list *cell)
{
    struct link_model *m = l->m;
    double whole = 0;
    Str key = cell->item[0];
    if (cell->count != 2) return bad(l, key, "this key is not known, or has not one value behind a tab");
    if (str_eq(key, S("name"))) {
        m->name = cell->item[1];
        return OK;
    }
    if (str_eq(key, S("parent"))) {
        m->parent = cell->item[1];
        return OK;
    }
    if (str_eq(key, S("belief"))) return number_of(l, key, cell->item[1], 1, 1e6, &m->belief);
    if (str_eq(key, S("smoothing"))) return number_of(l, key, cell->item[1], 0.01, 1e6, &m->smoothing);
    if (str_eq(key, S("population_prior")))
        return number_of(l, key, cell->item[1], 0, 1e9, &m->population_prior);
    if (str_eq(key, S("rest_share"))) return number_of(l, key, cell->item[1], 0, 1, &m->rest_share);
    if (str_eq(key, S("prior_series_pairs")))
        return number_of(l, key, cell->item[1], 0, 1e12, &m->prior_series_pairs);
    if (str_eq(key, S("history_weeks"))) return number_of(l, key, cell->item[1], 1, 520, &m->history_weeks);
    int64_t *into = str_eq(key, S("version"))              ? &m->version
                    : str_eq(key, S("institution_deaths")) ? &m->institution_deaths
                    : str_eq(key, S("common_deaths"))      ? &m->common_deaths
                    : str_eq(key, S("start_threshold_db")) ? &m->start_threshold_db
                                                           : NULL;
    if (into == NULL) return bad(l, key, "this key is not known");
    TRY(number_of(l, key, cell->item[1], 0, 1e6, &whole));
    *into = (int64_t)whole;
    return OK;
}

static enum status take_line(struct loader *l, const struct str_list *cell)
{
    struct link_model *m = l->m;
    Str key = cell->item[0];
    if (str_eq(key, S("key"))) return OK; /* the header */
    if (str_eq(key, S("training")))       /* for people: what it was learned from */
        return cell->count == 3 ? OK : bad(l, key, "give a key and a value, divided by tabs");
    if (str_eq(key, S("feature"))) return take_feature(l, cell);
    if (str_eq(key, S("place")))
        return take_scale(l, cell, m->place_radius_m, m->place_m, PLACE_SCALES, &l->place_rows);
    if (str_eq(key, S("time")))
        return take_scale(l, cell, m->time_days, m->time_m, TIME_SCALES, &l->time_rows);
    if (str_eq(key, S("age")))
        return take_scale(l, cell, m->age_years, m->age_m, COUNT_OF(m->age_years), &l->age_rows);
    if (str_eq(key, S("role"))) return take_role(l, cell);
    return take_setting(l, cell);
}

static enum status check_complete(const struct loader *l)
{
    const struct link_model *m = l->m;
    if (l->features_seen != (UINT64_C(1) << FEATURE_COUNT) - 1)
        for (int f = 0; f < FEATURE_COUNT; f++)
            if (!(l->features_seen & UINT64_C(1) << f))
                return bad(l, str_of(FEATURES[f].name), "this feature is not given");
    if (l->place_rows != PLACE_SCALES || l->time_rows != TIME_SCALES || l->age_rows != COUNT_OF(m->age_years))
        return bad(l, S("scales"), "give 5 of place, 6 of time and 3 of age");
    if (str_empty(m->name) || m->version < 1 || m->smoothing <= 0 || m->history_weeks < 1 ||
        m->start_threshold_db < 1)
        return bad(l, S("settings"),
                   "name, version, smoothing, history_weeks and start_threshold_db must be given");
    if (m->institution_deaths <= m->common_deaths || m->common_deaths < 2)
        return bad(l, S("institution_deaths"), "must be larger than common_deaths, which is at least 2");
    return OK;
}

/* A learned model is told from another of the same name by the digest of its text. */
static Str label_of(struct arena *a, const struct link_model *m, Str text)
{
    char digest[2 * SHA256_BYTES + 1];
    Sha256 whole = sha256(text);
    if (str_empty(m->parent)) return str_format(a, "%.*s %lld", STR_ARG(m->name), (long long)m->version);
    hex_encode(whole.byte, SHA256_BYTES, digest);
    return str_format(a, "%.*s %lld (from %.*s, digest %.8s)", STR_ARG(m->name), (long long)m->version,
                      STR_ARG(m->parent), digest);
}

enum status link_model_load(struct arena *a, Str text, struct link_model *out, struct err *e)
{
    struct link_model m = {.other_role_factor = 1.0, .belief = BELIEF_UNSAID};
    struct loader l = {.m = &m, .e = e};
    Str rest = text, line;
    while (str_next(&rest, '\n', &line)) {
        l.line++;
        line = str_trim(line);
        if (str_empty(line) || line.ptr[0] == '#') continue;
        struct str_list cell = str_split(a, line, '\t');
        TRY(take_line(&l, &cell));
    }
    TRY(check_complete(&l));
    m.label = label_of(a, &m, text);
    for (size_t i = 0; i < PLACE_SCALES; i++)
        m.place_square_m2[i] = m.place_radius_m[i] * m.place_radius_m[i];
    *out = m;
    return OK;
}

double link_model_role(const struct link_model *m, Str role)
{
    for (size_t i = 0; i < m->role_count; i++)
        if (str_eq(m->role[i].role, role)) return m->role[i].factor;
    return m->other_role_factor;
}

bool link_model_role_of_place(const struct link_model *m, Str role)
{
    for (size_t i = 0; i < m->role_count; i++)
        if (str_eq(m->role[i].role, role)) return m->role[i].of_place;
    return false;
}
