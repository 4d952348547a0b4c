/* What every picture begins and ends with, and how words stand in it. */
#include "web/draw_internal.h"

void draw_begin(struct buf *out, const char *class, const struct draw_caption *c, double height)
{
    htmlf(out, "<figure class=\"app-drawing app-%s\" id=\"%.*s\"><figcaption>%.*s</figcaption>\n", class,
          STR_ARG(c->id), STR_ARG(c->title));
    htmlf(out,
          "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"%.*s-title %.*s-about\" "
          "focusable=\"false\">",
          DRAW_WIDTH, height, STR_ARG(c->id), STR_ARG(c->id));
    htmlf(out, "<title id=\"%.*s-title\">%.*s</title><desc id=\"%.*s-about\">%.*s</desc>\n", STR_ARG(c->id),
          STR_ARG(c->title), STR_ARG(c->id), STR_ARG(c->about));
}

void draw_end(struct buf *out)
{
    html(out, "</svg></figure>\n");
}

void draw_text(struct buf *out, const char *class, double x, double y, enum draw_anchor anchor, Str text)
{
    static const char *const anchors[] = {
        [ANCHOR_START] = "start", [ANCHOR_MIDDLE] = "middle", [ANCHOR_END] = "end"};
    htmlf(out, "<text class=\"draw-%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%.*s</text>\n", class, x, y,
          anchors[anchor], STR_ARG(text));
}

/* Letters, not bytes. */
static size_t letters(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

double draw_text_width(Str text, double size)
{
    return 0.58 * size * (double)letters(text);
}

Str draw_text_fit(struct arena *a, Str text, double size, double width)
{
    if (draw_text_width(text, size) <= width) return text;
    size_t end = text.len;
    while (end > 0 && draw_text_width(str_slice(text, 0, end), size) + size > width)
        do
            end--;
        while (end > 0 && ((unsigned char)text.ptr[end] & 0xc0) == 0x80);
    return str_format(a, "%.*s…", STR_ARG(str_trim(str_slice(text, 0, end))));
}

void draw_line(struct buf *out, const char *class, double x1, double y1, double x2, double y2)
{
    htmlf(out, "<path class=\"draw-%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", class, x1, y1, x2, y2);
}

void draw_boxes_take(struct arena *a, struct draw_boxes *taken, struct draw_box box)
{
    ARENA_ROOM(a, taken->box, taken->room, taken->count + 1, 32);
    taken->box[taken->count++] = box;
}

bool draw_boxes_free(const struct draw_boxes *taken, struct draw_box box)
{
    for (size_t i = 0; i < taken->count; i++) {
        const struct draw_box *t = &taken->box[i];
        if (box.left < t->right && t->left < box.right && box.top < t->bottom && t->top < box.bottom)
            return false;
    }
    return true;
}

void draw_table_begin(struct buf *out, const struct draw_caption *c, const struct part_column *column,
                      size_t columns)
{
    part_details_begin(out, S("The same as a table"));
    part_table_begin(
        out, &(struct part_table){.caption = c->title, .column = column, .columns = columns, .small = true});
}

void draw_table_end(struct buf *out)
{
    part_table_end(out);
    part_details_end(out);
}
