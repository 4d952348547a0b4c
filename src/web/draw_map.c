/* A map of points: no tiles and nobody else's server, only what is ours. Near enough to flat for a city or a
 * county: latitude and longitude are stretched by the cosine of the middle latitude. */
#include "web/draw_internal.h"

#include <math.h>

#define METRES_PER_DEGREE 111194.93 /* of a great circle, mean radius 6,371,009 m */
#define MAP_HEIGHT        320.0
#define EXTENT_M_DEFAULT  1000.0
#define PADDING           34.0 /* between the outermost point and the edge */
#define STEP_LEAST        0.7  /* points of an outline closer than this are left out */

/* From degrees to the picture. */
struct view {
    double lat0, lon0, cos0; /* the middle */
    double per_m;            /* units a metre */
};

static double view_x(const struct view *v, double lon)
{
    return DRAW_WIDTH / 2 + (lon - v->lon0) * v->cos0 * METRES_PER_DEGREE * v->per_m;
}

static double view_y(const struct view *v, double lat)
{
    return MAP_HEIGHT / 2 - (lat - v->lat0) * METRES_PER_DEGREE * v->per_m;
}

static struct view view_of(const struct draw_map *m)
{
    double south = 90, north = -90, west = 180, east = -180, around_m = 0;
    for (size_t i = 0; i < m->points; i++) {
        const struct draw_point *p = &m->point[i];
        south = fmin(south, p->lat), north = fmax(north, p->lat);
        west = fmin(west, p->lon), east = fmax(east, p->lon);
        around_m = fmax(around_m, p->radius_m);
    }
    if (m->points == 0) south = north = west = east = 0;
    struct view v = {.lat0 = (south + north) / 2, .lon0 = (west + east) / 2};
    v.cos0 = fmax(cos(v.lat0 * M_PI / 180), 0.01);
    double least_m = m->extent_m > 0 ? m->extent_m : EXTENT_M_DEFAULT;
    double wide_m = fmax((east - west) * v.cos0 * METRES_PER_DEGREE + 2 * around_m, least_m);
    double high_m =
        fmax((north - south) * METRES_PER_DEGREE + 2 * around_m, least_m * MAP_HEIGHT / DRAW_WIDTH);
    v.per_m = fmin((DRAW_WIDTH - 2 * PADDING) / wide_m, (MAP_HEIGHT - 2 * PADDING) / high_m);
    return v;
}

/* ---- background ------------------------------------------------------------------------------------- */

static bool ring_is_seen(const struct view *v, const struct draw_ring *r)
{
    bool left = true, right = true, above = true, below = true; /* of the picture: all of it? */
    for (size_t i = 0; i < r->count; i++) {
        double x = view_x(v, r->lon[i]), y = view_y(v, r->lat[i]);
        left = left && x < 0, right = right && x > DRAW_WIDTH;
        above = above && y < 0, below = below && y > MAP_HEIGHT;
    }
    return !(left || right || above || below);
}

static void ring_draw(struct buf *out, const struct view *v, const struct draw_ring *r)
{
    double last_x = -1e9, last_y = -1e9;
    html(out, "<path class=\"draw-area\" d=\"");
    for (size_t i = 0; i < r->count; i++) {
        double x = view_x(v, r->lon[i]), y = view_y(v, r->lat[i]);
        if (i > 0 && hypot(x - last_x, y - last_y) < STEP_LEAST) continue;
        htmlf(out, "%s%.1f %.1f", i == 0 ? "M" : "L", x, y);
        last_x = x, last_y = y;
    }
    html(out, "Z\"/>\n");
}

/* ---- points and their words ------------------------------------------------------------------------- */

static void circle_draw(struct buf *out, const struct view *v, const struct draw_point *p)
{
    if (p->radius_m <= 0) return;
    htmlf(out, "<circle class=\"draw-near\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", view_x(v, p->lon),
          view_y(v, p->lat), p->radius_m * v->per_m);
}

/* The attributes are what the script of the map reads (ui/map.js). */
static void point_draw(struct buf *out, const struct view *v, const struct draw_point *p)
{
    htmlf(out,
          "<circle class=\"draw-point draw-point--%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\" data-lat=\"%.6f\" "
          "data-lon=\"%.6f\" data-radius=\"%.0f\"",
          part_meaning_name(p->meaning), view_x(v, p->lon), view_y(v, p->lat), p->lat, p->lon, p->radius_m);
    htmlf(out, " data-name=\"%.*s\" data-meaning=\"%s\"", STR_ARG(str_empty(p->name) ? p->mark : p->name),
          part_meaning_name(p->meaning));
    if (part_leads(p->href)) {
        html(out, " data-href=\"");
        html_url(out, p->href);
        html(out, "\"");
    }
    html(out, "/>\n");
}

/* Beside its point where there is room, else nowhere: the table says it. */
static void mark_draw(struct buf *out, struct arena *a, const struct view *v, const struct draw_point *p,
                      struct draw_boxes *taken)
{
    double x = view_x(v, p->lon), y = view_y(v, p->lat), w = draw_text_width(p->mark, DRAW_TEXT),
           h = DRAW_TEXT;
    const struct {
        double dx, dy;
        enum draw_anchor anchor;
    } place[] = {
        {10, 5, ANCHOR_START}, {-10, 5, ANCHOR_END}, {0, -11, ANCHOR_MIDDLE}, {0, 21, ANCHOR_MIDDLE}};
    if (str_empty(p->mark)) return;
    for (size_t i = 0; i < COUNT_OF(place); i++) {
        double left = x + place[i].dx -
                      (place[i].anchor == ANCHOR_END      ? w
                       : place[i].anchor == ANCHOR_MIDDLE ? w / 2
                                                          : 0);
        struct draw_box box = {left, y + place[i].dy - h + 2, left + w, y + place[i].dy + 3};
        if (box.left < 0 || box.right > DRAW_WIDTH || box.top < 0 || box.bottom > MAP_HEIGHT) continue;
        if (!draw_boxes_free(taken, box)) continue;
        draw_boxes_take(a, taken, box);
        draw_text(out, "mark", x + place[i].dx, y + place[i].dy, place[i].anchor, p->mark);
        return;
    }
}

/* ---- scale, legend ---------------------------------------------------------------------------------- */

/* The longest of 1, 2, 5, 10 ... metres that takes at most so many units. */
static double round_metres(double most_m)
{
    double step = pow(10, floor(log10(most_m)));
    return most_m >= 5 * step ? 5 * step : most_m >= 2 * step ? 2 * step : step;
}

static void scale_draw(struct buf *out, struct arena *a, const struct view *v, struct draw_boxes *taken)
{
    double metres = round_metres(120 / v->per_m), length = metres * v->per_m, y = MAP_HEIGHT - 12;
    Str words = metres >= 1000 ? str_format(a, "%.0f km", metres / 1000) : str_format(a, "%.0f m", metres);
    htmlf(out, "<path class=\"draw-scale\" d=\"M%.1f %.1fv6h%.1fv-6\"/>\n", DRAW_MARGIN, y - 6, length);
    draw_text(out, "small", DRAW_MARGIN + length + 6, y, ANCHOR_START, words);
    draw_boxes_take(a, taken, (struct draw_box){0, y - 14, DRAW_MARGIN + length + 60, MAP_HEIGHT});
}

/* Below the picture, as text of the page. */
static void legend_draw(struct buf *out, const struct draw_map *m)
{
    if (m->legends == 0) return;
    html(out, "<ul class=\"app-legend\">");
    for (size_t i = 0; i < m->legends; i++)
        htmlf(out,
              "<li><svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\" "
              "focusable=\"false\"><circle "
              "class=\"draw-point draw-point--%s\" cx=\"8\" cy=\"8\" r=\"6\"/></svg> %.*s</li>",
              part_meaning_name(m->legend[i].meaning), STR_ARG(m->legend[i].text));
    html(out, "</ul>");
}

void draw_map(struct buf *out, struct arena *a, const struct draw_map *m)
{
    struct view v = view_of(m);
    struct draw_boxes taken = {0};
    draw_begin(out, "map", &m->caption, MAP_HEIGHT);
    html(out, "<g");
    if (part_leads(m->areas_href)) {
        html(out, " data-areas=\"");
        html_url(out, m->areas_href);
        html(out, "\"");
    }
    htmlf(out, "><rect class=\"draw-ground\" width=\"%.0f\" height=\"%.0f\"/>\n", DRAW_WIDTH, MAP_HEIGHT);
    for (size_t i = 0; m->areas && i < m->areas->count; i++)
        if (ring_is_seen(&v, &m->areas->ring[i])) ring_draw(out, &v, &m->areas->ring[i]);
    for (size_t i = 0; i < m->points; i++)
        circle_draw(out, &v, &m->point[i]);
    scale_draw(out, a, &v, &taken);
    for (size_t i = 0; i < m->points; i++) {
        double x = view_x(&v, m->point[i].lon), y = view_y(&v, m->point[i].lat);
        point_draw(out, &v, &m->point[i]);
        draw_boxes_take(a, &taken, (struct draw_box){x - 7, y - 7, x + 7, y + 7});
    }
    for (size_t i = 0; i < m->points; i++)
        mark_draw(out, a, &v, &m->point[i], &taken);
    html(out, "</g></svg>\n");
    legend_draw(out, m);
    html(out, "</figure>\n");
}

void draw_map_table(struct buf *out, const struct draw_map *m)
{
    const struct part_column column[] = {{.title = S("Mark")},
                                         {.title = S("What")},
                                         {.title = S("When")},
                                         {.title = S("Latitude"), .number = true},
                                         {.title = S("Longitude"), .number = true}};
    struct buf number CLEANUP_BUF;
    buf_init(&number, 64);
    draw_table_begin(out, &m->caption, column, COUNT_OF(column));
    for (size_t i = 0; i < m->points; i++) {
        const struct draw_point *p = &m->point[i];
        part_row_begin(out);
        part_row_head(out, (Url){STR_NONE}, p->mark);
        if (part_leads(p->href))
            part_cell_link(out, p->href, p->name);
        else
            part_cell(out, p->name);
        part_cell(out, p->when);
        const double degrees[] = {p->lat, p->lon};
        for (size_t d = 0; d < COUNT_OF(degrees); d++) {
            buf_clear(&number);
            buf_addf(&number, "%.4f", degrees[d]);
            part_cell_number(out, buf_str(&number));
        }
        part_row_end(out);
    }
    draw_table_end(out);
}
