/* Pictures drawn by the server as SVG within the page: a map of points, a timeline, reasons for and against,
 * a small graph, events by week. Deterministic, no script, no style of their own. Each has a title and a
 * description for those who do not see it, and draw_..._table() writes the same as a table, folded, with the
 * links that a picture cannot have: every picture is followed by its table.
 *
 * With LAYOUT_MAP or LAYOUT_GRAPH (web/layout.h) the script puts a map or graph that can be moved in the
 * place of the drawn one.
 *
 * Drawn 400 units wide, so that text of 14 units is read on a phone of 375 pixels. What a picture means
 * stands in words in it too, never in colour alone. */
#ifndef WEB_DRAW_H
#define WEB_DRAW_H

#include "web/parts.h"

/* What a picture is called. */
struct draw_caption {
    Str id;    /* unique on the page */
    Str title; /* "Where they were found" */
    Str about; /* what is to be seen in it, a sentence or two */
};

/* ---- map (draw_map.c) ------------------------------------------------------------------------------- */

struct draw_point {
    double lat, lon;
    double radius_m; /* a circle around it; 0: none */
    Str mark;        /* drawn beside it: "D1" */
    Str name;        /* in the table: "Aidan Warden, KG/2014/0619" */
    Str when;        /* in the table, in words */
    Url href;
    enum part_meaning meaning;
};
/* Areas in the background: one ring a path, closed, as latitude and longitude. */
struct draw_ring {
    const double *lat, *lon;
    size_t count;
};
struct draw_areas {
    struct draw_ring *ring;
    size_t count, room;
};
struct draw_legend {
    enum part_meaning meaning;
    Str text;
};
struct draw_map {
    struct draw_caption caption;
    const struct draw_point *point;
    size_t points;
    const struct draw_areas *areas; /* in the background; NULL: none */
    Url areas_href;                 /* the same as GeoJSON, for the script of the map (LAYOUT_MAP) */
    const struct draw_legend *legend;
    size_t legends;
    double extent_m; /* shown at least, from edge to edge; 0: 1 km */
};
#define DRAW_NEAR_M 500.0 /* the circle that says "near" */
void draw_map(struct buf *out, struct arena *a, const struct draw_map *m);
void draw_map_table(struct buf *out, const struct draw_map *m);
/* Polygons of a GeoJSON text (RFC 7946): a FeatureCollection, Feature or geometry; others in it are passed
 * over. E_INVALID when it is no such text. */
MUST_USE enum status draw_areas_read(struct arena *a, Str geojson, struct draw_areas *out, struct err *e);

/* ---- timeline, weeks (draw_time.c) ------------------------------------------------------------------ */

struct draw_event {
    int64_t at_ms, until_ms; /* until 0: a moment */
    size_t lane;
    Str mark; /* drawn: a few words */
    Str name; /* in the table */
    Url href;
    enum part_meaning meaning;
};
struct draw_timeline {
    struct draw_caption caption;
    const Str *lane; /* what each lane is: "MPS/2014/0619" */
    size_t lanes;
    const struct draw_event *event;
    size_t events;
};
void draw_timeline(struct buf *out, struct arena *a, const struct draw_timeline *t);
void draw_timeline_table(struct buf *out, struct arena *a, const struct draw_timeline *t);

/* So many in each week. */
struct draw_weeks {
    struct draw_caption caption;
    const unsigned *count;
    size_t weeks;
    int64_t first_ms; /* when the first week begins */
    Str what;         /* "deaths" */
};
void draw_weeks(struct buf *out, struct arena *a, const struct draw_weeks *w);
void draw_weeks_table(struct buf *out, struct arena *a, const struct draw_weeks *w);

/* ---- reasons (draw_bars.c) -------------------------------------------------------------------------- */

/* Right for, left against, in tenfold steps: 10 decibans are one step, ten times as likely. */
struct draw_bar {
    Str label;
    int weight_db;
    int unshared_db; /* as much before what hangs together was counted once; 0: the same */
};
struct draw_bars {
    struct draw_caption caption;
    const struct draw_bar *bar;
    size_t bars;
    Str label_for, label_against; /* "for one cause", "against"; as shown when empty: "For", "Against" */
};
void draw_bars(struct buf *out, struct arena *a, const struct draw_bars *b);
void draw_bars_table(struct buf *out, struct arena *a, const struct draw_bars *b);

/* ---- graph (draw_graph.c) --------------------------------------------------------------------------- */

#define DRAW_NODES_MAX 30
struct draw_node {
    Str mark; /* drawn: short */
    Str name; /* in the table */
    Url href;
    enum part_meaning meaning;
    bool round; /* a person or a thing; else an event, drawn as a box */
};
struct draw_edge {
    size_t a, b;
    Str label; /* why: a few words */
    bool against;
};
/* The first node stands in the middle. Nodes beyond DRAW_NODES_MAX are not drawn, and that is said. */
struct draw_graph {
    struct draw_caption caption;
    const struct draw_node *node;
    size_t nodes;
    const struct draw_edge *edge;
    size_t edges;
};
void draw_graph(struct buf *out, struct arena *a, const struct draw_graph *g);
void draw_graph_table(struct buf *out, const struct draw_graph *g);

#endif
