#include "link/second_look.h"

#include "base/hash.h"

#include <math.h>

static const char *const OWN_NAME[LOOK_MEASURES - FEATURE_COUNT] = {
    [LOOK_DAYS - FEATURE_COUNT] = "days",     [LOOK_METRES - FEATURE_COUNT] = "metres",
    [LOOK_YEARS - FEATURE_COUNT] = "years",   [LOOK_SHARED - FEATURE_COUNT] = "shared",
    [LOOK_WEIGH_FOR - FEATURE_COUNT] = "for", [LOOK_WEIGH_AGAINST - FEATURE_COUNT] = "against",
    [LOOK_SUM - FEATURE_COUNT] = "weight",    [LOOK_AT_ADDRESS - FEATURE_COUNT] = "at_address",
};

Str look_measure_name(struct arena *a, enum look_measure m)
{
    if ((int)m < FEATURE_COUNT) return str_format(a, "weight(%s)", FEATURES[m].name);
    return str_of(OWN_NAME[(int)m - FEATURE_COUNT]);
}

enum direction look_measure_direction(enum look_measure m)
{
    static const bool FREE[LOOK_MEASURES] = {
        [FEATURE_MECHANISM] = true, [FEATURE_SETTING] = true, [FEATURE_TIME] = true,
        [FEATURE_PLACE] = true,     [FEATURE_ADDRESS] = true,
    };
    return (int)m == LOOK_SUM || ((int)m < FEATURE_COUNT && !FREE[m]) ? DIRECTION_RISES : DIRECTION_FREE;
}

bool look_counts(enum feature f)
{
    return f != FEATURE_TIME && f != FEATURE_PLACE && f != FEATURE_ADDRESS && f != FEATURE_IDENTIFIER;
}

void look_measure(struct world *w, uint32_t x, uint32_t y, double value[LOOK_MEASURES])
{
    struct pair_features p;
    world_pair_features(w, x, y, &p);
    int in_favour = 0, against = 0;
    for (int f = 0; f < FEATURE_COUNT; f++) {
        value[f] = (p.recorded >> f & 1) != 0 ? p.weight_db[f] : (double)NAN;
        if (!look_counts((enum feature)f)) continue;
        in_favour += value[f] > 0; /* not so for NAN */
        against += value[f] < 0;
    }
    value[LOOK_DAYS] = log10(1 + p.days);
    value[LOOK_METRES] = log10(10 + p.metres);
    value[LOOK_YEARS] = p.years;
    value[LOOK_SHARED] = p.level;
    value[LOOK_WEIGH_FOR] = in_favour;
    value[LOOK_WEIGH_AGAINST] = against;
    value[LOOK_SUM] = p.sum_db;
    value[LOOK_AT_ADDRESS] = (double)p.at_address;
}

int look_weigh(const struct second_look *look, struct world *w, uint32_t x, uint32_t y)
{
    double value[LOOK_MEASURES];
    look_measure(w, x, y, value);
    return (int)lround(10 * trees_score(&look->trees, value));
}

double look_probability(const struct second_look *look, int weight_db)
{
    return 1 / (1 + pow(10, -(weight_db / 10.0 + look->odds)));
}

/* ---- the file ------------------------------------------------------------------------------------------ */

#define POINT_LIMIT 1e9
#define LEAF_LIMIT  1e3
#define DEPTH_MAX   64 /* of a tree */

/* Questions of the tree being read, the outermost first; first one side of each follows, then the other. */
struct open_question {
    uint32_t node;
    bool yes_read;
};

struct look_reading {
    struct arena *a;
    struct err *e;
    unsigned line;
    struct second_look *out;
    size_t nodes_room;
    struct open_question open[DEPTH_MAX];
    size_t depth;
    bool growing; /* a tree was begun and has open ends */
    Str name[LOOK_MEASURES];
};

static enum status bad_line(const struct look_reading *r, Str key, const char *why)
{
    return ERR(r->e, E_INVALID, "second look", "second look, line %u, %.*s: %s", r->line,
               STR_ARG(str_slice(key, 0, 60)), why);
}

static enum status number_of(const struct look_reading *r, Str cell, double *out)
{
    double v;
    if (str_to_f64(cell, &v) != OK || !(fabs(v) <= POINT_LIMIT))
        return bad_line(r, cell, "a number is expected here");
    *out = v;
    return OK;
}

static enum status begin_tree(struct look_reading *r, Str key)
{
    struct trees *t = &r->out->trees;
    if (r->growing)
        return bad_line(r, key, "the tree before it is not whole: each ask needs two that follow");
    if (t->count == TREES_MAX) return bad_line(r, key, "there are more than 4096 trees");
    t->root[t->count++] = (uint32_t)t->nodes;
    r->growing = true;
    return OK;
}

static enum status add_node(struct look_reading *r, Str key, struct tree_node node)
{
    struct trees *t = &r->out->trees;
    if (!r->growing) return bad_line(r, key, "this belongs to no tree: a line \"tree\" begins one");
    if (t->nodes == TREE_NODES_MAX) return bad_line(r, key, "the trees have more than a million lines");
    ARENA_ROOM(r->a, t->node, r->nodes_room, t->nodes + 1, 1024);
    t->node[t->nodes++] = node;
    return OK;
}

static enum status take_question(struct look_reading *r, const struct str_list *cell)
{
    struct tree_node node = {.measure = TREE_LEAF};
    if (cell->count != 4)
        return bad_line(r, cell->item[0], "give ask, measure, limit, and yes or no for a missing one");
    for (int m = 0; m < LOOK_MEASURES; m++)
        if (str_eq(cell->item[1], r->name[m])) node.measure = (uint16_t)m;
    if (node.measure == TREE_LEAF) return bad_line(r, cell->item[1], "there is no such measure");
    TRY(number_of(r, cell->item[2], &node.value));
    node.missing_yes = str_eq(cell->item[3], S("yes"));
    if (!node.missing_yes && !str_eq(cell->item[3], S("no")))
        return bad_line(r, cell->item[3], "yes or no is expected here");
    if (r->depth == DEPTH_MAX) return bad_line(r, cell->item[0], "the tree is deeper than 64 questions");
    r->open[r->depth++] = (struct open_question){(uint32_t)r->out->trees.nodes, false};
    return add_node(r, cell->item[0], node);
}

/* A leaf ends the side it stands on, and with it all questions of which it was the last. */
static enum status take_leaf(struct look_reading *r, const struct str_list *cell)
{
    struct tree_node node = {.measure = TREE_LEAF};
    TRY(number_of(r, cell->item[1], &node.value));
    if (fabs(node.value) > LEAF_LIMIT)
        return bad_line(r, cell->item[1], "a leaf weighs at most a thousand steps");
    TRY(add_node(r, cell->item[0], node));
    while (r->depth > 0) {
        struct open_question *q = &r->open[r->depth - 1];
        if (!q->yes_read) {
            q->yes_read = true;
            r->out->trees.node[q->node].no = (uint32_t)r->out->trees.nodes;
            return OK;
        }
        r->depth--;
    }
    r->growing = false;
    return OK;
}

static enum status take_line(struct look_reading *r, const struct str_list *cell)
{
    Str key = cell->item[0];
    double whole;
    if (str_eq(key, S("training"))) return OK; /* for people */
    if (str_eq(key, S("ask"))) return take_question(r, cell);
    if (str_eq(key, S("tree")) && cell->count == 1) return begin_tree(r, key);
    if (cell->count != 2) return bad_line(r, key, "this key is not known, or has not one value behind a tab");
    if (str_eq(key, S("leaf"))) return take_leaf(r, cell);
    if (str_eq(key, S("name")) || str_eq(key, S("version"))) return OK;
    if (str_eq(key, S("odds"))) return number_of(r, cell->item[1], &r->out->odds);
    if (!str_eq(key, S("start_threshold_db"))) return bad_line(r, key, "this key is not known");
    TRY(number_of(r, cell->item[1], &whole));
    r->out->start_threshold_db = (int64_t)whole;
    return OK;
}

enum status second_look_load(struct arena *a, Str text, struct second_look *out, struct err *e)
{
    struct second_look look = {.digest = hash64(text)};
    struct look_reading r = {.a = a, .e = e, .out = &look};
    Str line;
    for (int m = 0; m < LOOK_MEASURES; m++)
        r.name[m] = look_measure_name(a, (enum look_measure)m);
    look.trees.root = NEW_ARRAY(a, uint32_t, TREES_MAX);
    while (str_next(&text, '\n', &line)) {
        r.line++;
        line = str_trim(line);
        if (str_empty(line) || line.ptr[0] == '#') continue;
        struct str_list cell = str_split(a, line, '\t');
        TRY(take_line(&r, &cell));
    }
    if (r.growing)
        return bad_line(&r, S("tree"), "the last tree is not whole: each ask needs two that follow");
    if (look.trees.count == 0) return bad_line(&r, S("tree"), "there is none: nothing would ever be told");
    *out = look;
    return OK;
}

void second_look_write(const struct second_look *look, const struct str_list *training, struct buf *out)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("names of measures", 1 << 16);
    Str name[LOOK_MEASURES];
    for (int m = 0; m < LOOK_MEASURES; m++)
        name[m] = look_measure_name(scratch, (enum look_measure)m);
    buf_add(out,
            S("# What a pair is worth once it stands among the nearest of an event: learned from planted\n"
              "# series (colligate evaluate planted --learn); doc/series.md tells how it is used.\n"
              "# ask MEASURE LIMIT yes|no: at most so much? what a missing value counts as; then follows "
              "what is\n"
              "# asked where it is so, then what is asked otherwise. leaf WEIGHT: in tenfold steps\n"
              "name\tsecond look\nversion\t2\n"));
    for (size_t i = 0; i < training->count; i++)
        buf_addf(out, "training\t%.*s\n", STR_ARG(training->item[i]));
    for (int m = 0; m < LOOK_MEASURES; m++)
        if (trees_share(&look->trees, (size_t)m) > 0)
            buf_addf(out, "training\tquestions\t%.*s\t%.3f\n", STR_ARG(name[m]),
                     trees_share(&look->trees, (size_t)m));
    buf_addf(out, "start_threshold_db\t%lld\nodds\t%.4f\n", (long long)look->start_threshold_db, look->odds);
    for (size_t i = 0, tree = 0; i < look->trees.nodes; i++) {
        const struct tree_node *n = &look->trees.node[i];
        if (tree < look->trees.count && look->trees.root[tree] == i) {
            buf_add(out, S("tree\n"));
            tree++;
        }
        if (n->measure == TREE_LEAF)
            buf_addf(out, "leaf\t%.5g\n", n->value);
        else
            buf_addf(out, "ask\t%.*s\t%.9g\t%s\n", STR_ARG(name[n->measure]), n->value,
                     n->missing_yes ? "yes" : "no");
    }
}
