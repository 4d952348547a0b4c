/* Reasons right for, left against. A step is tenfold: what is two steps long is ten times ten times as likely
 * one way as the other. */
#include "web/draw_internal.h"

#include <math.h>
#include <stdlib.h>

#define ROW     40.0 /* words above, bar below */
#define BAR     12.0
#define HEAD    44.0
#define NUMBERS 46.0 /* room for "+1.8" beside a bar */
#define STEP_DB 10

/* Where nought is, and how wide a decibel is. */
struct scale {
    double zero, per_db;
    int left_steps, right_steps;
};

static int steps_over(int db)
{
    return (abs(db) + STEP_DB - 1) / STEP_DB;
}

static struct scale scale_of(const struct draw_bars *b)
{
    struct scale s = {.left_steps = 1, .right_steps = 1};
    for (size_t i = 0; i < b->bars; i++) {
        const int db[] = {b->bar[i].weight_db, b->bar[i].unshared_db};
        for (size_t k = 0; k < COUNT_OF(db); k++) {
            int *steps = db[k] < 0 ? &s.left_steps : &s.right_steps;
            if (steps_over(db[k]) > *steps) *steps = steps_over(db[k]);
        }
    }
    double room = DRAW_WIDTH - 2 * NUMBERS;
    s.per_db = room / (double)((s.left_steps + s.right_steps) * STEP_DB);
    s.zero = NUMBERS + s.left_steps * STEP_DB * s.per_db;
    return s;
}

/* "+1.8 steps" in figures. */
static Str steps_words(struct arena *a, int db)
{
    return str_format(a, "%s%d.%d", db < 0 ? "−" : db > 0 ? "+" : "", abs(db) / STEP_DB, abs(db) % STEP_DB);
}

static void scale_draw(struct buf *out, struct arena *a, const struct draw_bars *b, const struct scale *s,
                       double bottom)
{
    draw_text(out, "strong", s->zero - 8, 14, ANCHOR_END,
              str_empty(b->label_against) ? S("Against") : b->label_against);
    draw_text(out, "strong", s->zero + 8, 14, ANCHOR_START,
              str_empty(b->label_for) ? S("For") : b->label_for);
    double free_from = 0;
    for (int step = -s->left_steps; step <= s->right_steps; step++) {
        double x = s->zero + step * STEP_DB * s->per_db;
        Str words = step == 0 ? S("even")
                              : str_format(a, "×10%s",
                                           step == 1 || step == -1 ? ""
                                           : abs(step) == 2        ? "²"
                                           : abs(step) == 3        ? "³"
                                                                   : "");
        if (abs(step) > 3) words = str_format(a, "%d", abs(step));
        double w = draw_text_width(words, DRAW_SMALL);
        draw_line(out, step == 0 ? "axis" : "grid", x, HEAD - 8, x, bottom);
        if (x - w / 2 < free_from) continue;
        draw_text(out, "small", x, HEAD - 12, ANCHOR_MIDDLE, words);
        free_from = x + w / 2 + 4;
    }
}

static void bar_draw(struct buf *out, struct arena *a, const struct draw_bar *bar, const struct scale *s,
                     double top)
{
    double y = top + 18, long_db = (double)abs(bar->weight_db), whole = (double)abs(bar->unshared_db);
    bool against = bar->weight_db < 0;
    draw_text(out, "text", DRAW_MARGIN, top + 12, ANCHOR_START,
              draw_text_fit(a, bar->label, DRAW_TEXT, DRAW_WIDTH - 16));
    if (whole > long_db)
        htmlf(out, "<rect class=\"draw-unshared\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\"/>\n",
              against ? s->zero - whole * s->per_db : s->zero, y, whole * s->per_db, BAR);
    htmlf(out,
          "<rect class=\"draw-reason draw-reason--%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
          "height=\"%.0f\"/>\n",
          against ? "against" : "for", against ? s->zero - long_db * s->per_db : s->zero, y,
          fmax(long_db * s->per_db, 1), BAR);
    double end = fmax(long_db, whole) * s->per_db + 5;
    draw_text(out, "small", against ? s->zero - end : s->zero + end, y + 10,
              against ? ANCHOR_END : ANCHOR_START, steps_words(a, bar->weight_db));
}

void draw_bars(struct buf *out, struct arena *a, const struct draw_bars *b)
{
    struct scale s = scale_of(b);
    double height = HEAD + ROW * (double)b->bars + 6;
    draw_begin(out, "bars", &b->caption, height);
    scale_draw(out, a, b, &s, height);
    for (size_t i = 0; i < b->bars; i++)
        bar_draw(out, a, &b->bar[i], &s, HEAD + ROW * (double)i);
    draw_end(out);
}

void draw_bars_table(struct buf *out, struct arena *a, const struct draw_bars *b)
{
    const struct part_column column[] = {
        {.title = S("Reason")}, {.title = S("Speaks")}, {.title = S("Tenfold steps"), .number = true}};
    draw_table_begin(out, &b->caption, column, COUNT_OF(column));
    for (size_t i = 0; i < b->bars; i++) {
        int db = b->bar[i].weight_db;
        part_row_begin(out);
        part_row_head(out, (Url){STR_NONE}, b->bar[i].label);
        part_cell(out, db < 0 ? S("against") : db > 0 ? S("for") : S("neither way"));
        part_cell_number(out, steps_words(a, db));
        part_row_end(out);
    }
    draw_table_end(out);
}
