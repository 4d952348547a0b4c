/* Pictures: hostile words stay words, the same data is the same picture, nothing leaves the frame, and areas
 * that are none are refused. */
#include "base/caldate.h"
#include "page_reader.h"
#include "web/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

#define HOSTILE "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&"
#define MANY    40

static struct arena *memory;

static const struct draw_caption caption = {
    {"p", 1}, {HOSTILE, sizeof HOSTILE - 1}, {HOSTILE, sizeof HOSTILE - 1}};

static void map_of(struct buf *out, size_t points, double spread)
{
    struct draw_point *point = NEW_ARRAY(memory, struct draw_point, MANY);
    for (size_t i = 0; i < points; i++)
        point[i] = (struct draw_point){.lat = 51.5 + spread * (double)(i * 7 % 11),
                                       .lon = spread * (double)(i * 5 % 13),
                                       .radius_m = i == 0 ? DRAW_NEAR_M : 0,
                                       .mark = S(HOSTILE),
                                       .name = S(HOSTILE),
                                       .when = S(HOSTILE)};
    const struct draw_legend legend = {MEANING_PLAIN, S(HOSTILE)};
    struct draw_map m = {
        .caption = caption, .point = point, .points = points, .legend = &legend, .legends = 1};
    draw_map(out, memory, &m);
    draw_map_table(out, &m);
}

static void timeline_of(struct buf *out, size_t events, int64_t gap_ms)
{
    struct draw_event *event = NEW_ARRAY(memory, struct draw_event, MANY);
    const Str lane[] = {S(HOSTILE), S("second")};
    for (size_t i = 0; i < events; i++)
        event[i] = (struct draw_event){.at_ms = (int64_t)(i * 7 % 11) * gap_ms,
                                       .until_ms = i % 3 == 0 ? (int64_t)(i * 7 % 11 + 1) * gap_ms : 0,
                                       .lane = i % 2,
                                       .mark = S(HOSTILE)};
    struct draw_timeline t = {.caption = caption, .lane = lane, .lanes = 2, .event = event, .events = events};
    draw_timeline(out, memory, &t);
    draw_timeline_table(out, memory, &t);
}

static void bars_of(struct buf *out, size_t bars, int each_db)
{
    struct draw_bar *bar = NEW_ARRAY(memory, struct draw_bar, MANY);
    for (size_t i = 0; i < bars; i++)
        bar[i] = (struct draw_bar){S(HOSTILE), each_db * (i % 2 == 0 ? 1 : -1) * (int)i,
                                   i % 3 == 0 ? each_db * (int)i * 2 : 0};
    struct draw_bars b = {.caption = caption, .bar = bar, .bars = bars};
    draw_bars(out, memory, &b);
    draw_bars_table(out, memory, &b);
}

static void graph_of(struct buf *out, size_t nodes, size_t edges)
{
    struct draw_node *node = NEW_ARRAY(memory, struct draw_node, MANY);
    struct draw_edge *edge = NEW_ARRAY(memory, struct draw_edge, MANY);
    for (size_t i = 0; i < nodes; i++)
        node[i] = (struct draw_node){.mark = S(HOSTILE), .round = i % 2 == 0};
    for (size_t i = 0; i < edges; i++)
        edge[i] = (struct draw_edge){i % nodes, i * i % nodes, S(HOSTILE), i % 4 == 0};
    struct draw_graph g = {.caption = caption, .node = node, .nodes = nodes, .edge = edge, .edges = edges};
    draw_graph(out, memory, &g);
    draw_graph_table(out, &g);
}

static void weeks_of(struct buf *out, size_t weeks, unsigned most)
{
    unsigned *count = NEW_ARRAY(memory, unsigned, MANY);
    for (unsigned i = 0; i < weeks; i++)
        count[i] = most == 0 ? 0 : i * 7 % most;
    struct draw_weeks w = {.caption = caption, .count = count, .weeks = weeks, .what = S(HOSTILE)};
    draw_weeks(out, memory, &w);
    draw_weeks_table(out, memory, &w);
}

/* Every picture from nothing to more than it is made for. */
static void all_of_them(struct buf *out)
{
    for (size_t n = 0; n <= MANY; n += n < 4 ? 1 : 12) {
        map_of(out, n, 0);
        map_of(out, n, 0.00001);
        map_of(out, n, 3);
        timeline_of(out, n, 0);
        timeline_of(out, n, MS_PER_HOUR);
        timeline_of(out, n, MS_PER_DAY * 400);
        bars_of(out, n, 0);
        bars_of(out, n, 1);
        bars_of(out, n, 9);
        if (n > 0) graph_of(out, n, n);
        weeks_of(out, n, 0);
        weeks_of(out, n, 9);
    }
}

static void words_stay_words(void **state)
{
    struct buf out CLEANUP_BUF;
    struct page page = {0};
    size_t pictures = 0;
    (void)state;
    buf_init(&out, (size_t)32 << 20);
    all_of_them(&out);
    assert_false(out.failed);
    assert_null(strstr(out.ptr, "nan"));
    assert_null(strstr(out.ptr, "inf\""));
    page_read(memory, str_copy(memory, buf_str(&out)), &page);
    for (size_t i = 0; i < page.count; i++) {
        assert_false(str_eq(page.element[i].name, S("script")));
        assert_false(str_eq(page.element[i].name, S("img")));
        assert_false(element_has(&page.element[i], "style"));
        pictures += str_eq(page.element[i].name, S("figure"));
    }
    assert_int_equal(pictures, 12 * 8 - 1);
}

static void the_same_data_is_the_same_picture(void **state)
{
    struct buf once CLEANUP_BUF, again CLEANUP_BUF;
    (void)state;
    buf_init(&once, (size_t)32 << 20);
    buf_init(&again, (size_t)32 << 20);
    all_of_them(&once);
    all_of_them(&again);
    assert_true(str_eq(buf_str(&once), buf_str(&again)));
}

static void check_inside(const struct element *e, const char *attribute, double most)
{
    double v = 0;
    if (!element_has(e, attribute)) return;
    assert_int_equal(str_to_f64(element_attribute(e, attribute), &v), OK);
    if (v < 0 || v > most) fail_msg("%s=%g is outside of %g", attribute, v, most);
}

static void points_stand_in_the_frame(void **state)
{
    struct buf out CLEANUP_BUF;
    struct page page = {0};
    (void)state;
    buf_init(&out, (size_t)32 << 20);
    map_of(&out, MANY, 0.01);
    graph_of(&out, 30, 30);
    timeline_of(&out, MANY, MS_PER_DAY);
    page_read(memory, str_copy(memory, buf_str(&out)), &page);
    for (size_t i = 0; i < page.count; i++) {
        check_inside(&page.element[i], "cx", 400);
        check_inside(&page.element[i], "x", 400);
    }
}

static void areas_are_read_or_refused(void **state)
{
    static const struct {
        const char *text;
        enum status status;
        size_t rings;
    } files[] = {
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,51],[1,51],[1,52],[0,51]]]}", OK, 1},
        {"{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,51],[1,51],[1,"
         "52],[0,51]]],[[["
         "0,51],[1,51],[1,52],[0,51]]]]}}",
         OK, 2},
        {"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":null}]}", OK, 0},
        {"{\"type\":\"Point\",\"coordinates\":[0,51]}", OK, 0},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[530000,180000],[1,51],[1,52],[0,51]]]}", E_INVALID, 0},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0],[1,51],[1,52],[0,51]]]}", E_INVALID, 0},
        {"{\"coordinates\":[]}", E_INVALID, 0},
        {"[", E_INVALID, 0},
        {"", E_INVALID, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct draw_areas areas = {0};
        struct err e = {0};
        assert_int_equal(draw_areas_read(memory, str_of(files[i].text), &areas, &e), files[i].status);
        if (files[i].status == OK) assert_int_equal(areas.count, files[i].rings);
    }
}

static int begin(void **state)
{
    (void)state;
    memory = arena_new("draw_test", (size_t)256 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stay_words),
        cmocka_unit_test(the_same_data_is_the_same_picture),
        cmocka_unit_test(points_stand_in_the_frame),
        cmocka_unit_test(areas_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
