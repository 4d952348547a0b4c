/* checks: what has to be done for a death and how it stands; or for every death of a unit. */
#include "app/casework.h"
#include "app/casework_words.h"
#include "app/records.h"
#include "app/words.h"
#include "cli/begin.h"

#include <stdlib.h>

enum { INDENT = 15, DEEPER = 2 };

static int64_t moment_of(const struct cli *c, const struct session *s)
{
    const struct option_value *at = cli_option(c, "at");
    return at->given ? at->whole : clock_now_ms(&s->env.clock);
}

/* ---- one death -------------------------------------------------------------------------------------- */

static void category_print(struct cli *c, const struct casework *w)
{
    struct arena *a = c->arena;
    print_wrapped(c->out,
                  str_format(a, "Category: %.*s%s", STR_ARG(category_words(w->category)),
                             w->challenged ? "; challenged by a link, to be looked at again" : ""),
                  0, DEEPER);
    for (size_t i = 0; i < w->steps; i++) {
        const struct category_step *s = &w->step[i];
        for (unsigned bit = 1; bit < 1u << CATEGORY_FAULTS; bit <<= 1)
            if (s->fault & bit)
                print_wrapped(c->out,
                              str_format(a, "%.*s, to \"%.*s\" (%.*s): %s", STR_ARG(words_time(a, s->at_ms)),
                                         STR_ARG(category_words(s->to)),
                                         STR_ARG(casework_row_words(a, s->row)),
                                         category_fault_words((enum category_fault)bit)),
                              DEEPER, DEEPER + DEEPER);
    }
}

static void quality_print(struct cli *c, const struct quality *q)
{
    Str against = S("");
    if (q->contradictions == 1) against = S(" and contradicts itself once");
    if (q->contradictions > 1)
        against = str_format(c->arena, " and contradicts itself %d times", q->contradictions);
    print_wrapped(c->out,
                  str_format(c->arena, "The report answers %d of the %d first questions%.*s.", q->answered,
                             q->asked, STR_ARG(against)),
                  0, DEEPER);
    for (size_t i = 0; i < q->count; i++)
        if (q->finding[i].nature == QUALITY_CONTRADICTION || cli_flag(c, "full"))
            print_wrapped(c->out, q->finding[i].sentence, DEEPER, DEEPER + DEEPER);
}

static void status_print(struct cli *c, const struct casework *w, const struct check_status *s)
{
    struct arena *a = c->arena;
    print_labelled(
        c->out, str_format(a, "  %s", check_state_words(s->state)), INDENT,
        str_format(a, "%.*s, for %.*s", STR_ARG(s->check->title), STR_ARG(check_role_words(s->check->role))));
    if (cli_flag(c, "full")) {
        print_wrapped(c->out, s->check->asks, INDENT, INDENT);
        print_wrapped(c->out,
                      str_format(a, "Why: %.*s (%.*s)", STR_ARG(s->check->why), STR_ARG(s->check->source)),
                      INDENT, INDENT);
    }
    for (size_t i = 0; i < s->items; i++)
        print_wrapped(c->out, casework_item_words(a, w, &s->item[i]), INDENT, INDENT + DEEPER);
}

static void death_print(struct cli *c, const struct check_pack *pack, const struct casework *w)
{
    Str when = cli_view_words(c);
    print_wrapped(
        c->out,
        str_format(c->arena, "%.*s%s%.*s", STR_ARG(w->title), when.len > 0 ? ", " : "", STR_ARG(when)), 0,
        DEEPER);
    print_wrapped(c->out, casework_sum_words(c->arena, w), 0, DEEPER);
    category_print(c, w);
    quality_print(c, &w->quality);
    for (size_t g = 0; g < pack->groups; g++) {
        bool headed = false;
        for (size_t i = 0; i < w->report.count; i++) {
            const struct check_status *s = &w->report.status[i];
            if (s->check->group != g) continue;
            if (!headed) print_line(c->out, "\n%.*s", STR_ARG(pack->group[g].title));
            headed = true;
            status_print(c, w, s);
        }
    }
    print_line(c->out, "%s", "");
    if (!pack->verified) print_wrapped(c->out, S("This list has not been compared with its source."), 0, 0);
    if (pack->clocks.len > 0) print_wrapped(c->out, pack->clocks, 0, 0);
}

/* ---- a unit ----------------------------------------------------------------------------------------- */

struct tally {
    size_t opened, done, overdue;
};
struct case_row {
    Str title, category, missing;
    size_t done, opened, overdue, order;
};
struct unit_report {
    struct cli *c;
    const struct check_pack *pack;
    struct json_writer *json; /* NULL: for people */
    struct tally *check;      /* one for each of the pack */
    struct case_row *row;
    size_t rows, room;
};

/* The titles of what is overdue, as far as they go into a line. */
static Str overdue_titles(struct arena *a, const struct check_report *r)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 16);
    for (size_t i = 0; i < r->count; i++)
        if (r->status[i].state == CHECK_OVERDUE)
            buf_addf(&b, "%s%.*s", b.len > 0 ? "; " : "", STR_ARG(r->status[i].check->title));
    return str_copy(a, buf_str(&b));
}

static enum status unit_visit(void *state, const struct casework *w, struct err *e)
{
    struct unit_report *u = state;
    (void)e;
    for (size_t i = 0; i < w->report.count; i++) {
        const struct check_status *s = &w->report.status[i];
        struct tally *t = &u->check[s->check - u->pack->check];
        t->opened++;
        t->done += check_done(s->state);
        t->overdue += s->state == CHECK_OVERDUE;
    }
    if (u->json) {
        casework_write_json(u->json, u->pack, w);
        return OK;
    }
    ARENA_ROOM(u->c->arena, u->row, u->room, u->rows + 1, 64);
    u->row[u->rows] = (struct case_row){.title = str_copy(u->c->arena, w->title),
                                        .category = category_words(w->category),
                                        .missing = overdue_titles(u->c->arena, &w->report),
                                        .done = w->report.done,
                                        .opened = w->report.count,
                                        .overdue = w->report.in_state[CHECK_OVERDUE],
                                        .order = u->rows};
    u->rows++;
    return OK;
}

static int compare_rows(const void *left, const void *right)
{
    const struct case_row *a = left, *b = right;
    if (a->overdue != b->overdue) return a->overdue > b->overdue ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void unit_print(struct unit_report *u)
{
    static const struct grid_column columns[] = {
        {"overdue", ALIGN_RIGHT}, {"done", ALIGN_RIGHT}, {"asked", ALIGN_RIGHT}, {"check", ALIGN_LEFT}};
    struct cli *c = u->c;
    struct grid *grid = grid_new(c->arena, columns, COUNT_OF(columns));
    print_line(c->out, "%.*s, by check:\n", STR_ARG(count_of(c->arena, u->rows, "death", "deaths")));
    for (size_t i = 0; i < u->pack->count; i++) {
        if (u->check[i].opened == 0) continue;
        grid_addf(grid, "%zu", u->check[i].overdue);
        grid_addf(grid, "%zu", u->check[i].done);
        grid_addf(grid, "%zu", u->check[i].opened);
        grid_add(grid, u->pack->check[i].title);
    }
    grid_print(c->out, grid);
    print_line(c->out, "\nBy case, the most overdue first:\n");
    if (u->rows > 1) qsort(u->row, u->rows, sizeof *u->row, compare_rows);
    for (size_t i = 0; i < u->rows; i++) {
        const struct case_row *r = &u->row[i];
        print_wrapped(c->out,
                      str_format(c->arena, "%.*s, %.*s: %zu of %zu done, %zu overdue", STR_ARG(r->title),
                                 STR_ARG(r->category), r->done, r->opened, r->overdue),
                      0, DEEPER);
        if (r->missing.len > 0)
            print_wrapped(c->out, str_format(c->arena, "not done: %.*s", STR_ARG(r->missing)), DEEPER,
                          DEEPER + DEEPER);
    }
    print_line(c->out, "%s", "");
    if (u->pack->clocks.len > 0) print_wrapped(c->out, u->pack->clocks, 0, 0);
}

static enum status unit_show(struct cli *c, const struct casework_ask *ask, struct err *e)
{
    Str unit = cli_option(c, "unit")->text;
    struct json_writer json = cli_json(c);
    struct unit_report u = {
        .c = c, .pack = ask->pack, .check = NEW_ARRAY(c->arena, struct tally, ask->pack->count + 1)};
    if (str_eq(unit, S("all"))) unit = S("");
    if (cli_flag(c, "json")) {
        u.json = &json;
        json_open(&json, '[');
    }
    TRY(casework_each(ask, unit, unit_visit, &u, e));
    if (u.json) {
        json_close(&json, ']');
        cli_json_end(c);
    } else {
        unit_print(&u);
    }
    return OK;
}

enum status cmd_checks(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct world *w CLEANUP_WORLD = NULL;
    struct link_model model;
    struct check_pack pack;
    struct record_id id;
    struct casework work;
    bool unit = cli_option(c, "unit")->given;
    if (unit == (c->operand_count > 0)) return ERR(e, E_INVALID, "", "name one death, or a unit with --unit");
    TRY(casework_pack(c->arena, cli_option(c, "pack")->text, &pack, e));
    TRY(cli_session(c, STORE_READ, &s, e));
    if (!unit) TRY(record_find(&s, cli_operand(c, 0), c->arena, &id, e));
    TRY(cli_world(c, &s, &model, &w, e));
    struct casework_world world;
    struct casework_links links = casework_of_world(&world, w, c->arena);
    struct casework_ask ask = {&s, &links, &pack, cli_view(c), moment_of(c, &s)};
    if (unit) return unit_show(c, &ask, e);
    TRY(casework_read(&ask, &id, c->arena, &work, e));
    if (!cli_flag(c, "json")) {
        death_print(c, &pack, &work);
        return OK;
    }
    struct json_writer json = cli_json(c);
    casework_write_json(&json, &pack, &work);
    cli_json_end(c);
    return OK;
}
