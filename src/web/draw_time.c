/* Events along time, a lane for each record, and how many came in each week. */
#include "app/words.h"
#include "base/caldate.h"
#include "web/draw_internal.h"

#include <math.h>
#include <stdio.h>

#define LEFT       DRAW_MARGIN
#define RIGHT      (DRAW_WIDTH - DRAW_MARGIN)
#define AXIS       30.0 /* height of the words of the axis */
#define LANE_TITLE 22.0
#define ROW        22.0
#define TICKS_MAX  4

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* ---- axis ------------------------------------------------------------------------------------------- */

struct axis {
    int64_t from_ms, to_ms;
};

static double axis_x(const struct axis *x, int64_t ms)
{
    return LEFT + (RIGHT - LEFT) * ((double)(ms - x->from_ms) / (double)(x->to_ms - x->from_ms));
}

/* Steps in hours up to a fortnight, beyond in months. */
static const struct step {
    int hours, months;
} steps[] = {{1, 0}, {2, 0}, {3, 0}, {6, 0}, {12, 0}, {24, 0}, {48, 0}, {96, 0},  {168, 0}, {336, 0},
             {0, 1}, {0, 2}, {0, 3}, {0, 6}, {0, 12}, {0, 24}, {0, 60}, {0, 120}, {0, 240}, {0, 600}};

static int64_t month_begins_ms(int64_t month)
{
    return caldate_to_days((int)(month / 12), (int)(month % 12) + 1, 1) * MS_PER_DAY;
}

static int64_t month_of(int64_t ms)
{
    int year, month, day;
    caldate_from_days(caldate_day_of(ms), &year, &month, &day);
    return (int64_t)year * 12 + month - 1;
}

/* The first tick at or after `ms`, on whole hours, days or months. */
static int64_t tick_from(const struct step *s, int64_t ms)
{
    if (s->months > 0) {
        int64_t month = month_of(ms) / s->months * s->months;
        while (month_begins_ms(month) < ms)
            month += s->months;
        return month_begins_ms(month);
    }
    int64_t step = s->hours * MS_PER_HOUR, day = caldate_midnight(ms);
    while (day < ms)
        day += step;
    return day;
}

static int64_t tick_next(const struct step *s, int64_t ms)
{
    return s->months > 0 ? month_begins_ms(month_of(ms) + s->months) : ms + s->hours * MS_PER_HOUR;
}

static size_t ticks_of(const struct step *s, const struct axis *x)
{
    size_t count = 0;
    for (int64_t at = tick_from(s, x->from_ms); at <= x->to_ms && count <= TICKS_MAX; at = tick_next(s, at))
        count++;
    return count;
}

static Str tick_words(struct arena *a, const struct step *s, int64_t ms)
{
    int year, month, day;
    caldate_from_days(caldate_day_of(ms), &year, &month, &day);
    int hour = (int)((ms - caldate_midnight(ms)) / MS_PER_HOUR);
    if (s->months >= 12) return str_format(a, "%d", year);
    if (s->months > 0) return str_format(a, "%s %d", months[month - 1], year);
    if (s->hours >= 24 || hour == 0) return str_format(a, "%d %s", day, months[month - 1]);
    return str_format(a, "%d%s", hour % 12 == 0 ? 12 : hour % 12, hour < 12 ? "am" : "pm");
}

static void axis_draw(struct buf *out, struct arena *a, const struct axis *x, double top, double bottom)
{
    size_t which = 0;
    while (which + 1 < COUNT_OF(steps) && ticks_of(&steps[which], x) > TICKS_MAX)
        which++;
    const struct step *s = &steps[which];
    double free_from = 0;
    for (int64_t at = tick_from(s, x->from_ms); at <= x->to_ms; at = tick_next(s, at)) {
        Str words = tick_words(a, s, at);
        double where = axis_x(x, at), w = draw_text_width(words, DRAW_SMALL),
               left = fmin(fmax(where - w / 2, 2), DRAW_WIDTH - w - 2);
        draw_line(out, "grid", where, top, where, bottom);
        if (left < free_from) continue;
        draw_text(out, "small", left, top - 8, ANCHOR_START, words);
        free_from = left + w + 6;
    }
}

/* ---- timeline --------------------------------------------------------------------------------------- */

struct placed {
    const struct draw_event *event;
    size_t row; /* within its lane */
    double text_x;
    enum draw_anchor anchor;
    Str words;
};

static int64_t ends_ms(const struct draw_event *e)
{
    return e->until_ms > e->at_ms ? e->until_ms : e->at_ms;
}

static struct axis axis_of(const struct draw_timeline *t)
{
    struct axis x = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < t->events; i++) {
        if (t->event[i].at_ms < x.from_ms) x.from_ms = t->event[i].at_ms;
        if (ends_ms(&t->event[i]) > x.to_ms) x.to_ms = ends_ms(&t->event[i]);
    }
    if (t->events == 0) x = (struct axis){0, MS_PER_DAY};
    int64_t around = (x.to_ms - x.from_ms) / 25;
    if (around < MS_PER_HOUR / 2) around = MS_PER_HOUR / 2;
    return (struct axis){x.from_ms - around, x.to_ms + around};
}

/* In which row of its lane an event and its words have room. */
static size_t place_event(struct arena *a, const struct axis *x, const struct draw_event *e,
                          struct draw_boxes *lane, struct placed *p)
{
    double from = axis_x(x, e->at_ms), to = fmax(axis_x(x, ends_ms(e)), from);
    Str words = draw_text_fit(a, e->mark, DRAW_TEXT, DRAW_WIDTH * 0.7);
    double w = draw_text_width(words, DRAW_TEXT);
    bool right = to + 10 + w <= DRAW_WIDTH;
    *p = (struct placed){.event = e,
                         .words = words,
                         .anchor = right ? ANCHOR_START : ANCHOR_END,
                         .text_x = right ? to + 10 : from - 10};
    if (!right && from - 10 - w < 0) p->anchor = ANCHOR_START, p->text_x = fmax(DRAW_WIDTH - w - 2, 2);
    double left = p->anchor == ANCHOR_END ? p->text_x - w : fmin(from - 8, p->text_x);
    double end = p->anchor == ANCHOR_END ? to + 8 : fmax(p->text_x + w, to + 8);
    for (p->row = 0;; p->row++) {
        struct draw_box box = {left, (double)p->row, end + 4, (double)p->row + 1};
        if (!draw_boxes_free(lane, box)) continue;
        draw_boxes_take(a, lane, box);
        return p->row + 1;
    }
}

static void event_draw(struct buf *out, const struct axis *x, const struct placed *p, double top)
{
    const struct draw_event *e = p->event;
    double y = top + ROW * (double)p->row + ROW / 2, from = axis_x(x, e->at_ms), to = axis_x(x, ends_ms(e));
    if (to - from > 1)
        htmlf(out,
              "<rect class=\"draw-point draw-point--%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"8\" "
              "rx=\"4\"/>\n",
              part_meaning_name(e->meaning), from, y - 4, fmax(to - from, 4));
    else
        htmlf(out, "<circle class=\"draw-point draw-point--%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n",
              part_meaning_name(e->meaning), from, y);
    draw_text(out, "mark", p->text_x, y + 5, p->anchor, p->words);
}

void draw_timeline(struct buf *out, struct arena *a, const struct draw_timeline *t)
{
    struct axis x = axis_of(t);
    struct placed *placed = NEW_ARRAY(a, struct placed, t->events + 1);
    size_t *rows = NEW_ARRAY(a, size_t, t->lanes + 1);
    double height = AXIS;
    for (size_t lane = 0; lane < t->lanes; lane++) {
        struct draw_boxes taken = {0};
        rows[lane] = 1;
        for (size_t i = 0; i < t->events; i++) {
            if (t->event[i].lane != lane) continue;
            size_t used = place_event(a, &x, &t->event[i], &taken, &placed[i]);
            if (used > rows[lane]) rows[lane] = used;
        }
        height += LANE_TITLE + ROW * (double)rows[lane] + 6;
    }
    draw_begin(out, "timeline", &t->caption, height);
    axis_draw(out, a, &x, AXIS, height);
    double top = AXIS;
    for (size_t lane = 0; lane < t->lanes; lane++) {
        draw_line(out, "lane", 0, top, DRAW_WIDTH, top);
        draw_text(out, "strong", LEFT, top + 16, ANCHOR_START,
                  draw_text_fit(a, t->lane[lane], DRAW_TEXT, DRAW_WIDTH - 20));
        for (size_t i = 0; i < t->events; i++)
            if (t->event[i].lane == lane) event_draw(out, &x, &placed[i], top + LANE_TITLE);
        top += LANE_TITLE + ROW * (double)rows[lane] + 6;
    }
    draw_end(out);
}

void draw_timeline_table(struct buf *out, struct arena *a, const struct draw_timeline *t)
{
    const struct part_column column[] = {{.title = S("When")}, {.title = S("What")}, {.title = S("Of")}};
    draw_table_begin(out, &t->caption, column, COUNT_OF(column));
    for (size_t i = 0; i < t->events; i++) {
        const struct draw_event *e = &t->event[i];
        Str name = str_empty(e->name) ? e->mark : e->name, when = words_time(a, e->at_ms);
        if (e->until_ms > e->at_ms)
            when = str_format(a, "%.*s to %.*s", STR_ARG(when), STR_ARG(words_time(a, e->until_ms)));
        part_row_begin(out);
        part_row_head(out, (Url){STR_NONE}, when);
        if (part_leads(e->href))
            part_cell_link(out, e->href, name);
        else
            part_cell(out, name);
        part_cell(out, e->lane < t->lanes ? t->lane[e->lane] : S(""));
        part_row_end(out);
    }
    draw_table_end(out);
}

/* ---- weeks ------------------------------------------------------------------------------------------ */

#define WEEK_BARS 90.0 /* height of the highest bar */
#define WEEK_TOP  22.0

static Str day_words(struct arena *a, int64_t ms)
{
    char text[48];
    caldate_words_day(ms, text);
    return str_copy(a, str_of(text));
}

void draw_weeks(struct buf *out, struct arena *a, const struct draw_weeks *w)
{
    unsigned most = 0;
    double base = WEEK_TOP + WEEK_BARS, step = (RIGHT - LEFT) / (double)(w->weeks > 0 ? w->weeks : 1);
    for (size_t i = 0; i < w->weeks; i++)
        if (w->count[i] > most) most = w->count[i];
    draw_begin(out, "weeks", &w->caption, base + 24);
    for (size_t i = 0; i < w->weeks; i++) {
        double high = most == 0 ? 0 : WEEK_BARS * (double)w->count[i] / (double)most;
        if (w->count[i] == 0) continue;
        htmlf(out, "<rect class=\"draw-bar\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>\n",
              LEFT + step * (double)i, base - high, fmax(step * 0.85, 0.5), high);
    }
    draw_line(out, "axis", LEFT, base, RIGHT, base);
    draw_text(out, "small", LEFT, 14, ANCHOR_START,
              str_format(a, "Most in a week: %u %.*s", most, STR_ARG(w->what)));
    draw_text(out, "small", LEFT, base + 16, ANCHOR_START, day_words(a, w->first_ms));
    if (w->weeks > 1)
        draw_text(out, "small", RIGHT, base + 16, ANCHOR_END,
                  day_words(a, w->first_ms + (int64_t)(w->weeks - 1) * 7 * MS_PER_DAY));
    draw_end(out);
}

void draw_weeks_table(struct buf *out, struct arena *a, const struct draw_weeks *w)
{
    const struct part_column column[] = {{.title = S("Week from")}, {.title = w->what, .number = true}};
    draw_table_begin(out, &w->caption, column, COUNT_OF(column));
    for (size_t i = 0; i < w->weeks; i++) {
        part_row_begin(out);
        part_row_head(out, (Url){STR_NONE}, day_words(a, w->first_ms + (int64_t)i * 7 * MS_PER_DAY));
        part_cell_number(out, str_format(a, "%u", w->count[i]));
        part_row_end(out);
    }
    draw_table_end(out);
}
