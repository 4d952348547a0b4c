/* Draws the plots of doc/performance.md: plot RESULTS PLOTS FOLDER. PLOTS (bench/plots.tsv) says which lines
 * of RESULTS (bench/results.tsv) make which curve; the last measurement of each point counts. Writes
 * FOLDER/NAME.svg. */
#include "base/stream.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BYTES_MAX  ((size_t)64 << 20)
#define POINTS_MAX 64
#define CURVES_MAX 8
#define CELLS      8
#define WIDTH      640.0
#define HEIGHT     400.0
#define LEFT       70.0
#define RIGHT      170.0
#define TOP        48.0
#define BOTTOM     56.0
#define TICKS_MAX  16
#define LABEL_LINE 18.0

struct point {
    double x, y;
};
struct curve {
    Str name;
    struct point point[POINTS_MAX];
    size_t count;
};
struct plot {
    Str name, title, x_title, y_title;
    struct curve curve[CURVES_MAX];
    size_t count;
};
struct range {
    double low, high; /* powers of ten */
};

static void must(enum status status, const struct err *e)
{
    if (status == OK) return;
    fprintf(stderr, "plot: %s\n", e->text);
    exit(status_exit_code(status));
}

static size_t cells_of(Str line, Str cell[CELLS])
{
    size_t n = 0;
    Str rest = line, piece;
    while (n < CELLS && str_next(&rest, '\t', &piece))
        cell[n++] = piece;
    return n;
}

/* The number in front of a text: "12.5 s" is 12.5. */
static bool leading_number(Str text, double *out)
{
    size_t end = 0;
    while (end < text.len && (strchr("0123456789.e", text.ptr[end]) != NULL))
        end++;
    while (end > 0 && str_to_f64(str_slice(text, 0, end), out) != OK)
        end--;
    return end > 0;
}

/* "nearest: all pairs, # events" against what was measured; # is x. */
static bool matches(Str pattern, Str what, double *x)
{
    size_t hash = str_find_char(pattern, '#');
    if (hash == STR_NPOS || !str_starts(what, str_slice(pattern, 0, hash))) return false;
    Str rest = str_slice(what, hash, what.len), tail = str_slice(pattern, hash + 1, pattern.len);
    size_t digits = 0;
    while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9')
        digits++;
    return digits > 0 && str_to_f64(str_slice(rest, 0, digits), x) == OK &&
           str_eq(str_slice(rest, digits, rest.len), tail);
}

/* amount: "COUNT in SECONDS s"; outcome: what the benchmark says at the end of its line. */
static bool value_of(Str value, Str amount, Str outcome, double *y)
{
    double count, seconds;
    size_t in = str_find(amount, S(" in "));
    if (str_eq(value, S("outcome"))) return leading_number(outcome, y);
    if (in == STR_NPOS || !leading_number(amount, &count) ||
        !leading_number(str_slice(amount, in + 4, amount.len), &seconds))
        return false;
    if (str_eq(value, S("seconds")))
        *y = seconds;
    else if (str_eq(value, S("each_ms")) && count > 0)
        *y = 1000 * seconds / count;
    else if (str_eq(value, S("rate")) && seconds > 0)
        *y = count / seconds;
    else
        return false;
    return true;
}

static void put_point(struct curve *c, double x, double y)
{
    size_t at = 0;
    if (x <= 0 || y <= 0) return; /* both axes are logarithmic */
    while (at < c->count && c->point[at].x < x)
        at++;
    if (at < c->count && c->point[at].x == x) {
        c->point[at].y = y;
        return;
    }
    if (c->count == POINTS_MAX) return;
    memmove(&c->point[at + 1], &c->point[at], (c->count - at) * sizeof c->point[0]);
    c->point[at] = (struct point){x, y};
    c->count++;
}

static void read_points(Str results, Str pattern, Str value, struct curve *c)
{
    Str rest = results, line, cell[CELLS];
    double x, y;
    while (str_next(&rest, '\n', &line))
        if (cells_of(line, cell) >= 6 && matches(pattern, cell[3], &x) &&
            value_of(value, cell[4], cell[5], &y))
            put_point(c, x, y);
}

/* ---- drawing -------------------------------------------------------------------------------------- */

static struct range range_of(const struct plot *p, bool of_x)
{
    struct range r = {INFINITY, -INFINITY};
    for (size_t i = 0; i < p->count; i++)
        for (size_t j = 0; j < p->curve[i].count; j++) {
            double v = log10(of_x ? p->curve[i].point[j].x : p->curve[i].point[j].y);
            r.low = fmin(r.low, floor(v + 1e-9));
            r.high = fmax(r.high, ceil(v - 1e-9));
        }
    if (r.high <= r.low) r.high = r.low + 1;
    return r;
}

static double across(const struct range *r, double x)
{
    return LEFT + (log10(x) - r->low) / (r->high - r->low) * (WIDTH - LEFT - RIGHT);
}

static double down(const struct range *r, double y)
{
    return HEIGHT - BOTTOM - (log10(y) - r->low) / (r->high - r->low) * (HEIGHT - TOP - BOTTOM);
}

static void add_text(struct buf *b, double x, double y, const char *anchor, Str text)
{
    buf_addf(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '&')
            buf_add_cstr(b, "&amp;");
        else if (text.ptr[i] == '<')
            buf_add_cstr(b, "&lt;");
        else
            buf_add_char(b, text.ptr[i]);
    buf_add_cstr(b, "</text>\n");
}

static void add_line(struct buf *b, double x1, double y1, double x2, double y2)
{
    buf_addf(b, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d0d4d9\"/>\n", x1, y1, x2,
             y2);
}

/* 1000000 as "1,000,000"; what is below one as it is. */
static void tick_label(double power, struct buf *out)
{
    char digits[32];
    buf_clear(out);
    if (power < 0) {
        buf_addf(out, "%g", pow(10, power));
        return;
    }
    int n = snprintf(digits, sizeof digits, "%.0f", pow(10, power));
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) buf_add_char(out, ',');
        buf_add_char(out, digits[i]);
    }
}

static void draw_axes(struct buf *b, const struct plot *p, const struct range *rx, const struct range *ry)
{
    struct buf label CLEANUP_BUF;
    buf_init(&label, 64);
    for (double v = rx->low; v <= rx->high && v < rx->low + TICKS_MAX; v += 1) {
        double x = across(rx, pow(10, v));
        tick_label(v, &label);
        add_line(b, x, TOP, x, HEIGHT - BOTTOM);
        add_text(b, x, HEIGHT - BOTTOM + LABEL_LINE, "middle", buf_str(&label));
    }
    for (double v = ry->low; v <= ry->high && v < ry->low + TICKS_MAX; v += 1) {
        double y = down(ry, pow(10, v));
        tick_label(v, &label);
        add_line(b, LEFT, y, WIDTH - RIGHT, y);
        add_text(b, LEFT - 8, y + 4, "end", buf_str(&label));
    }
    add_text(b, LEFT, 20, "start", p->title);
    add_text(b, LEFT, TOP - 10, "start", p->y_title);
    add_text(b, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "middle", p->x_title);
}

static void draw_curve(struct buf *b, const struct curve *c, size_t number, const struct range *rx,
                       const struct range *ry)
{
    static const char *const INK[CURVES_MAX] = {"#0b5c9e", "#c2410c", "#2f7d32", "#7b3fa0",
                                                "#8a6d00", "#00778a", "#b01e5a", "#444444"};
    const struct point *last = &c->point[c->count - 1];
    buf_addf(b, "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"", INK[number]);
    for (size_t i = 0; i < c->count; i++)
        buf_addf(b, "%s%.1f,%.1f", i > 0 ? " " : "", across(rx, c->point[i].x), down(ry, c->point[i].y));
    buf_add_cstr(b, "\"/>\n");
    for (size_t i = 0; i < c->count; i++)
        buf_addf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n", across(rx, c->point[i].x),
                 down(ry, c->point[i].y), INK[number]);
    buf_addf(b, "<g fill=\"%s\">", INK[number]);
    add_text(b, across(rx, last->x) + 8, down(ry, last->y) + 4, "start", c->name);
    buf_add_cstr(b, "</g>\n");
}

static void draw(const struct plot *p, const char *folder)
{
    struct buf b CLEANUP_BUF;
    struct err e = {0};
    struct arena *a CLEANUP_ARENA = arena_new("path", 1 << 16);
    struct range rx = range_of(p, true), ry = range_of(p, false);
    buf_init(&b, BYTES_MAX);
    buf_addf(
        &b,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" "
        "fill=\"#fff\"/>\n",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    draw_axes(&b, p, &rx, &ry);
    for (size_t i = 0; i < p->count; i++)
        draw_curve(&b, &p->curve[i], i, &rx, &ry);
    buf_add_cstr(&b, "</svg>\n");
    must(buf_status(&b, &e), &e);
    Str path = str_format(a, "%s/%.*s.svg", folder, STR_ARG(p->name));
    must(file_write(str_cstr(a, path), buf_str(&b), 0644, &e), &e);
    printf("%.*s\n", STR_ARG(path));
}

/* A row of PLOTS: plot, title, x, y, curve, value, pattern. Rows of one plot follow one another. */
int main(int argc, char **argv)
{
    struct buf results CLEANUP_BUF, plots CLEANUP_BUF;
    struct err e = {0};
    static struct plot p;
    Str rest, line, cell[CELLS];
    buf_init(&results, BYTES_MAX);
    buf_init(&plots, BYTES_MAX);
    if (argc != 4) {
        fputs("usage: plot RESULTS PLOTS FOLDER\n", stderr);
        return status_exit_code(E_INVALID);
    }
    must(file_read(argv[1], &results, &e), &e);
    must(file_read(argv[2], &plots, &e), &e);
    rest = buf_str(&plots);
    while (str_next(&rest, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#' || cells_of(line, cell) < 7) continue;
        if (!str_eq(cell[0], p.name)) {
            if (p.count > 0) draw(&p, argv[3]);
            p = (struct plot){.name = cell[0], .title = cell[1], .x_title = cell[2], .y_title = cell[3]};
        }
        MUST(p.count < CURVES_MAX);
        struct curve *c = &p.curve[p.count];
        *c = (struct curve){.name = cell[4]};
        read_points(buf_str(&results), cell[6], cell[5], c);
        p.count += c->count > 0;
    }
    if (p.count > 0) draw(&p, argv[3]);
    return 0;
}
