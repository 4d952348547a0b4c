/* A small graph: one record and what hangs together with it. Laid out by springs and repulsion from a fixed
 * start (Fruchterman and Reingold, Graph drawing by force-directed placement, 1991), so that the same graph
 * is the same picture. */
#include "web/draw_internal.h"

#include <math.h>

#define HEIGHT   400.0
#define ROUNDS   300
#define EDGE_X   44.0 /* room at the sides for words */
#define EDGE_Y   30.0
#define PARTINGS 60
#define APART    42.0
#define NODE_R   9.0

struct spot {
    double x, y, dx, dy;
};

/* On circles around the first, wider the later. */
static void spots_begin(struct spot *spot, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double angle = 2.399963229728653 * (double)i; /* the golden angle: no two in line */
        double radius = 40 + 120 * sqrt((double)i / (double)count);
        spot[i] =
            (struct spot){.x = DRAW_WIDTH / 2 + radius * cos(angle), .y = HEIGHT / 2 + radius * sin(angle)};
    }
    spot[0] = (struct spot){.x = DRAW_WIDTH / 2, .y = HEIGHT / 2};
}

static void push(struct spot *p, struct spot *q, double k)
{
    double dx = p->x - q->x, dy = p->y - q->y, d = fmax(hypot(dx, dy), 1), force = k * k / d;
    p->dx += dx / d * force, p->dy += dy / d * force;
    q->dx -= dx / d * force, q->dy -= dy / d * force;
}

static void pull(struct spot *p, struct spot *q, double k)
{
    double dx = p->x - q->x, dy = p->y - q->y, d = fmax(hypot(dx, dy), 1), force = d * d / k;
    p->dx -= dx / d * force, p->dy -= dy / d * force;
    q->dx += dx / d * force, q->dy += dy / d * force;
}

static void spot_keep_inside(struct spot *p)
{
    p->x = fmin(fmax(p->x, EDGE_X), DRAW_WIDTH - EDGE_X);
    p->y = fmin(fmax(p->y, EDGE_Y), HEIGHT - EDGE_Y);
}

/* Afterwards no two so near that their words cover each other, as far as there is room. */
static void spots_part(struct spot *spot, size_t count)
{
    for (int round = 0; round < PARTINGS; round++)
        for (size_t i = 0; i < count; i++)
            for (size_t j = i + 1; j < count; j++) {
                double dx = spot[j].x - spot[i].x, dy = spot[j].y - spot[i].y, d = hypot(dx, dy);
                if (d >= APART) continue;
                double by = (APART - d) / 2, ux = d > 0.1 ? dx / d : 1, uy = d > 0.1 ? dy / d : 0;
                spot[j].x += ux * by, spot[j].y += uy * by;
                if (i > 0) spot[i].x -= ux * by, spot[i].y -= uy * by;
                spot_keep_inside(&spot[i]);
                spot_keep_inside(&spot[j]);
            }
}

static void spots_settle(struct spot *spot, size_t count, const struct draw_graph *g)
{
    double k = 0.65 * sqrt(DRAW_WIDTH * HEIGHT / (double)count);
    for (int round = 0; round < ROUNDS; round++) {
        double most = 40 * (1 - (double)round / ROUNDS) + 0.1;
        for (size_t i = 0; i < count; i++)
            for (size_t j = i + 1; j < count; j++)
                push(&spot[i], &spot[j], k);
        for (size_t i = 0; i < g->edges; i++)
            if (g->edge[i].a < count && g->edge[i].b < count)
                pull(&spot[g->edge[i].a], &spot[g->edge[i].b], k);
        for (size_t i = 0; i < count; i++) {
            double d = hypot(spot[i].dx, spot[i].dy), step = fmin(d, most);
            if (i > 0 && d > 0) {
                spot[i].x += spot[i].dx / d * step;
                spot[i].y += spot[i].dy / d * step;
                spot_keep_inside(&spot[i]);
            }
            spot[i].dx = spot[i].dy = 0;
        }
    }
}

/* The attributes of nodes and edges are what the script of graphs reads (ui/graph.js). */
static void edge_draw(struct buf *out, const struct draw_edge *e, const struct spot *spot)
{
    const struct spot *p = &spot[e->a], *q = &spot[e->b];
    htmlf(out,
          "<path class=\"draw-edge%s\" d=\"M%.1f %.1fL%.1f %.1f\" data-from=\"%zu\" data-to=\"%zu\" "
          "data-label=\"%.*s\"/>\n",
          e->against ? " draw-edge--against" : "", p->x, p->y, q->x, q->y, e->a, e->b, STR_ARG(e->label));
}

/* On the line where there is room, from its middle outwards; else not: the table says it. */
static void edge_label_draw(struct buf *out, struct arena *a, const struct draw_edge *e,
                            const struct spot *spot, struct draw_boxes *taken)
{
    static const double along[] = {0.5, 0.4, 0.6, 0.3, 0.7};
    Str words = draw_text_fit(a, e->label, DRAW_SMALL, 170);
    double w = draw_text_width(words, DRAW_SMALL);
    for (size_t i = 0; i < COUNT_OF(along) && !str_empty(words); i++) {
        double x = spot[e->a].x + along[i] * (spot[e->b].x - spot[e->a].x);
        double y = spot[e->a].y + along[i] * (spot[e->b].y - spot[e->a].y);
        x = fmin(fmax(x, w / 2 + 2), DRAW_WIDTH - w / 2 - 2);
        struct draw_box box = {x - w / 2, y - 8, x + w / 2, y + 6};
        if (!draw_boxes_free(taken, box)) continue;
        draw_boxes_take(a, taken, box);
        draw_text(out, "edge-words", x, y + 4, ANCHOR_MIDDLE, words);
        return;
    }
}

static void node_draw(struct buf *out, const struct draw_node *n, size_t number, const struct spot *p)
{
    htmlf(out, "<g data-node=\"%zu\" data-name=\"%.*s\" data-mark=\"%.*s\" data-meaning=\"%s\"", number,
          STR_ARG(str_empty(n->name) ? n->mark : n->name), STR_ARG(n->mark), part_meaning_name(n->meaning));
    htmlf(out, " data-shape=\"%s\" data-x=\"%.1f\" data-y=\"%.1f\"", n->round ? "round" : "box", p->x, p->y);
    if (part_leads(n->href)) {
        html(out, " data-href=\"");
        html_url(out, n->href);
        html(out, "\"");
    }
    html(out, ">");
    if (n->round)
        htmlf(out, "<circle class=\"draw-point draw-point--%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\"/>",
              part_meaning_name(n->meaning), p->x, p->y, NODE_R);
    else
        htmlf(out,
              "<rect class=\"draw-point draw-point--%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" "
              "height=\"%.0f\" rx=\"2\"/>",
              part_meaning_name(n->meaning), p->x - NODE_R, p->y - NODE_R, 2 * NODE_R, 2 * NODE_R);
    html(out, "</g>\n");
}

static void node_mark_draw(struct buf *out, struct arena *a, const struct draw_node *n, const struct spot *p,
                           struct draw_boxes *taken)
{
    Str words = draw_text_fit(a, n->mark, DRAW_TEXT, 150);
    double w = draw_text_width(words, DRAW_TEXT), x = fmin(fmax(p->x, w / 2 + 2), DRAW_WIDTH - w / 2 - 2);
    double below = p->y + NODE_R + 15, above = p->y - NODE_R - 5;
    bool is_free = draw_boxes_free(taken, (struct draw_box){x - w / 2, below - 12, x + w / 2, below + 3});
    double y = is_free ? below : above;
    draw_boxes_take(a, taken, (struct draw_box){x - w / 2, y - 12, x + w / 2, y + 3});
    draw_text(out, "mark", x, y, ANCHOR_MIDDLE, words);
}

void draw_graph(struct buf *out, struct arena *a, const struct draw_graph *g)
{
    size_t count = g->nodes < DRAW_NODES_MAX ? g->nodes : DRAW_NODES_MAX;
    struct spot *spot = NEW_ARRAY(a, struct spot, DRAW_NODES_MAX);
    struct draw_boxes taken = {0};
    spots_begin(spot, count > 0 ? count : 1);
    if (count > 0) spots_settle(spot, count, g);
    spots_part(spot, count);
    draw_begin(out, "graph", &g->caption, HEIGHT + (g->nodes > count ? 24 : 0));
    for (size_t i = 0; i < g->edges; i++)
        if (g->edge[i].a < count && g->edge[i].b < count) edge_draw(out, &g->edge[i], spot);
    for (size_t i = 0; i < count; i++) {
        node_draw(out, &g->node[i], i, &spot[i]);
        draw_boxes_take(a, &taken,
                        (struct draw_box){spot[i].x - 10, spot[i].y - 10, spot[i].x + 10, spot[i].y + 10});
    }
    for (size_t i = 0; i < count; i++)
        node_mark_draw(out, a, &g->node[i], &spot[i], &taken);
    for (size_t i = 0; i < g->edges; i++)
        if (g->edge[i].a < count && g->edge[i].b < count) edge_label_draw(out, a, &g->edge[i], spot, &taken);
    if (g->nodes > count)
        draw_text(out, "small", DRAW_MARGIN, HEIGHT + 12, ANCHOR_START,
                  str_format(a, "%zu more are not drawn; the table has them.", g->nodes - count));
    draw_end(out);
}

void draw_graph_table(struct buf *out, const struct draw_graph *g)
{
    const struct part_column column[] = {{.title = S("From")}, {.title = S("To")}, {.title = S("Why")}};
    draw_table_begin(out, &g->caption, column, COUNT_OF(column));
    for (size_t i = 0; i < g->edges; i++) {
        const struct draw_edge *e = &g->edge[i];
        const struct draw_node *end[] = {&g->node[e->a], &g->node[e->b]};
        part_row_begin(out);
        for (size_t k = 0; k < COUNT_OF(end); k++) {
            Str name = str_empty(end[k]->name) ? end[k]->mark : end[k]->name;
            if (k == 0)
                part_row_head(out, end[k]->href, name);
            else if (part_leads(end[k]->href))
                part_cell_link(out, end[k]->href, name);
            else
                part_cell(out, name);
        }
        part_cell_begin(out);
        if (e->against) html(out, "Against: ");
        html_text(out, e->label);
        part_cell_end(out);
        part_row_end(out);
    }
    draw_table_end(out);
}
