/* Shared by the draw_*.c files. */
#ifndef WEB_DRAW_INTERNAL_H
#define WEB_DRAW_INTERNAL_H

#include "web/draw.h"
#include "web/parts_internal.h"

#define DRAW_WIDTH  400.0
#define DRAW_TEXT   14.0 /* height of letters, units */
#define DRAW_SMALL  12.0
#define DRAW_MARGIN 8.0

/* Figure, svg, title and description; class: "map" ... */
void draw_begin(struct buf *out, const char *class, const struct draw_caption *c, double height);
void draw_end(struct buf *out);

enum draw_anchor { ANCHOR_START = 0, ANCHOR_MIDDLE, ANCHOR_END };
/* class: "text", "small" or "strong". */
void draw_text(struct buf *out, const char *class, double x, double y, enum draw_anchor anchor, Str text);
/* About how wide a text is: fonts differ, so on the generous side. */
double draw_text_width(Str text, double size);
/* As much of it as fits, with an ellipsis. */
Str draw_text_fit(struct arena *a, Str text, double size, double width);
void draw_line(struct buf *out, const char *class, double x1, double y1, double x2, double y2);

/* Room that is taken, so that words do not cover each other. */
struct draw_box {
    double left, top, right, bottom;
};
struct draw_boxes {
    struct draw_box *box;
    size_t count, room;
};
void draw_boxes_take(struct arena *a, struct draw_boxes *taken, struct draw_box box);
bool draw_boxes_free(const struct draw_boxes *taken, struct draw_box box);

/* "The same as a table", folded. */
void draw_table_begin(struct buf *out, const struct draw_caption *c, const struct part_column *column,
                      size_t columns);
void draw_table_end(struct buf *out);

#endif
