/* checks: what has to be done for a death and how it stands; or for every death of a unit. */
#include "app/casework.h"
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

/* ---- words ------------------------------------------------------------------------------------------ */

static bool done(enum check_state state)
{
    return state == CHECK_COMPLETED || state == CHECK_NOT_NEEDED;
}

/* "O-5 (Detective 5)"; words stay as they are. */
static Str who_words(struct arena *a, const struct casework *w, Str who)
{
    const struct fact_row *row = str_present(who) ? facts_find(&w->facts, who) : NULL;
    Str name = row ? fact_now(row, S("name")) : STR_NONE;
    if (!row) return who;
    Str key = casework_key_words(a, who);
    return str_empty(name) ? key : str_format(a, "%.*s (%.*s)", STR_ARG(key), STR_ARG(name));
}

static Str subject_words(struct arena *a, const struct casework *w, const struct check_item *item)
{
    if (str_eq(item->subject, w->facts.death)) return S("");
    const struct fact_row *row = facts_find(&w->facts, item->subject);
    Str name = row ? fact_now(row, S("name")) : STR_NONE;
    if (row && str_empty(name)) return casework_row_words(a, row);
    Str key = casework_key_words(a, item->subject);
    if (!str_empty(name)) return str_format(a, "%.*s (%.*s)", STR_ARG(key), STR_ARG(name));
    struct buf words CLEANUP_BUF; /* a code: "time_of_death" */
    buf_init(&words, 1 << 12);
    for (size_t i = 0; i < key.len; i++)
        buf_add_char(&words, key.ptr[i] == '_' ? ' ' : key.ptr[i]);
    return str_copy(a, buf_str(&words));
}

static void add_due(struct buf *b, struct arena *a, const struct check_item *item)
{
    if (item->due_ms == FOREVER_MS) return;
    buf_addf(b, "; %s %.*s", item->state == CHECK_OVERDUE ? "was due by" : "due by",
             STR_ARG(words_time(a, item->due_ms)));
}

/* "asked since 19 June 2014, 5:00am (involvement V-3); due by ..." */
static Str item_words(struct arena *a, const struct casework *w, const struct check_item *item)
{
    struct buf b CLEANUP_BUF;
    Str subject = subject_words(a, w, item);
    buf_init(&b, 1 << 16);
    if (subject.len > 0) buf_addf(&b, "%.*s: ", STR_ARG(subject));
    if (item->state == CHECK_COMPLETED) {
        Str who = who_words(a, w, item->whom), when = words_time(a, item->since_ms);
        buf_addf(&b, "completed %.*s%s%.*s, by %.*s%s", STR_ARG(when), str_empty(who) ? "" : " by ",
                 STR_ARG(who), STR_ARG(casework_row_words(a, item->evidence[item->evidences - 1])),
                 item->late ? ", late" : "");
        return str_copy(a, buf_str(&b));
    }
    if (item->state == CHECK_NOT_NEEDED) {
        buf_addf(&b, "not needed, said %.*s with %.*s, %.*s: %.*s", STR_ARG(who_words(a, w, item->whom)),
                 STR_ARG(who_words(a, w, item->second)), STR_ARG(words_time(a, item->since_ms)),
                 STR_ARG(item->reason));
        return str_copy(a, buf_str(&b));
    }
    if (str_present(item->whom) && item->since_ms != INT64_MIN)
        buf_addf(&b, "waiting for %.*s since %.*s; ", STR_ARG(who_words(a, w, item->whom)),
                 STR_ARG(words_time(a, item->since_ms)));
    buf_addf(&b, "asked since %.*s (%.*s)", STR_ARG(words_time(a, item->opened_ms)),
             STR_ARG(casework_row_words(a, item->opened_by)));
    if (item->reopened_by)
        buf_addf(&b, "; asked again since %.*s (%.*s)", STR_ARG(words_time(a, item->reopened_ms)),
                 STR_ARG(casework_row_words(a, item->reopened_by)));
    add_due(&b, a, item);
    if (str_present(item->refused))
        buf_addf(&b, "; a decision that it is not needed does not count: %.*s", STR_ARG(item->refused));
    return str_copy(a, buf_str(&b));
}

/* "3 of 17 done, 2 overdue. Next: ..." */
static Str sum_words(struct arena *a, const struct casework *w)
{
    const struct check_report *r = &w->report;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 12);
    buf_addf(&b, "%zu of %zu done, %zu overdue.", r->done, r->count, r->in_state[CHECK_OVERDUE]);
    if (r->next) {
        const struct check_item *item = &r->next->item[r->next->next];
        buf_addf(&b, " Next: %.*s", STR_ARG(r->next->check->title));
        if (item->due_ms != FOREVER_MS)
            buf_addf(&b, ", %s %.*s", item->state == CHECK_OVERDUE ? "was due by" : "by",
                     STR_ARG(words_time(a, item->due_ms)));
        buf_add_char(&b, '.');
    }
    return str_copy(a, buf_str(&b));
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
        print_wrapped(c->out, item_words(a, w, &s->item[i]), INDENT, INDENT + DEEPER);
}

static void death_print(struct cli *c, const struct check_pack *pack, const struct casework *w)
{
    Str when = cli_view_words(c);
    print_wrapped(
        c->out,
        str_format(c->arena, "%.*s%s%.*s", STR_ARG(w->title), when.len > 0 ? ", " : "", STR_ARG(when)), 0,
        DEEPER);
    print_wrapped(c->out, sum_words(c->arena, w), 0, DEEPER);
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

/* ---- for programs ----------------------------------------------------------------------------------- */

static void kv_time(struct json_writer *w, Str key, int64_t ms)
{
    if (ms == FOREVER_MS || ms == INT64_MIN)
        json_kv_str(w, key, STR_NONE);
    else
        json_kv_time(w, key, ms);
}

static void row_json(struct json_writer *w, Str key, const struct fact_row *row)
{
    json_put_key(w, key);
    if (!row) {
        json_put_null(w);
        return;
    }
    json_open(w, '{');
    json_kv_str(w, S("kind"), row->kind);
    json_kv_str(w, S("key"), row->key);
    json_close(w, '}');
}

static void item_json(struct json_writer *w, const struct check_item *item)
{
    json_open(w, '{');
    json_kv_str(w, S("subject"), item->subject);
    json_kv_str(w, S("state"), str_of(check_state_name(item->state)));
    json_kv_time(w, S("opened_at"), item->opened_ms);
    row_json(w, S("opened_by"), item->opened_by);
    kv_time(w, S("due_at"), item->due_ms);
    kv_time(w, S("since"), item->since_ms);
    json_kv_str(w, S("whom"), item->whom);
    json_kv_str(w, S("second"), item->second);
    json_kv_str(w, S("reason"), item->reason);
    json_kv_str(w, S("refused"), item->refused);
    json_kv_bool(w, S("late"), item->late);
    row_json(w, S("reopened_by"), item->reopened_by);
    if (item->reopened_by) json_kv_time(w, S("reopened_at"), item->reopened_ms);
    json_put_key(w, S("evidence"));
    json_open(w, '[');
    for (size_t i = 0; i < item->evidences; i++)
        json_put_str(w, item->evidence[i]->key);
    json_close(w, ']');
    json_close(w, '}');
}

static void status_json(struct json_writer *w, const struct check_pack *pack, const struct check_status *s)
{
    json_open(w, '{');
    json_kv_str(w, S("check"), s->check->id);
    json_kv_str(w, S("title"), s->check->title);
    json_kv_str(w, S("asks"), s->check->asks);
    json_kv_str(w, S("why"), s->check->why);
    json_kv_str(w, S("source"), s->check->source);
    json_kv_str(w, S("group"), pack->group[s->check->group].id);
    json_kv_str(w, S("for"), s->check->role);
    json_kv_str(w, S("guidance"), s->check->guidance);
    json_kv_str(w, S("state"), str_of(check_state_name(s->state)));
    json_kv_time(w, S("opened_at"), s->opened_ms);
    kv_time(w, S("due_at"), s->due_ms);
    json_put_key(w, S("items"));
    json_open(w, '[');
    for (size_t i = 0; i < s->items; i++)
        item_json(w, &s->item[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void category_json(struct json_writer *w, const struct casework *c)
{
    json_put_key(w, S("category"));
    json_open(w, '{');
    json_kv_str(w, S("is"), c->category);
    json_kv_bool(w, S("challenged"), c->challenged);
    json_put_key(w, S("steps"));
    json_open(w, '[');
    for (size_t i = 0; i < c->steps; i++) {
        const struct category_step *s = &c->step[i];
        json_open(w, '{');
        json_kv_time(w, S("at"), s->at_ms);
        json_kv_str(w, S("to"), s->to);
        json_kv_str(w, S("direction"), str_of(category_direction_name(s->direction)));
        json_kv_str(w, S("record"), s->row->key);
        json_put_key(w, S("breaks"));
        json_open(w, '[');
        for (unsigned bit = 1; bit < 1u << CATEGORY_FAULTS; bit <<= 1)
            if (s->fault & bit) json_put_str(w, str_of(category_fault_name((enum category_fault)bit)));
        json_close(w, ']');
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void quality_json(struct json_writer *w, const struct quality *q)
{
    json_put_key(w, S("quality"));
    json_open(w, '{');
    json_kv_i64(w, S("score"), q->score);
    json_kv_i64(w, S("asked"), q->asked);
    json_kv_i64(w, S("answered"), q->answered);
    json_kv_i64(w, S("contradictions"), q->contradictions);
    json_put_key(w, S("findings"));
    json_open(w, '[');
    for (size_t i = 0; i < q->count; i++) {
        json_open(w, '{');
        json_kv_str(w, S("nature"), str_of(quality_nature_name(q->finding[i].nature)));
        json_kv_str(w, S("rule"), str_of(q->finding[i].rule));
        json_kv_str(w, S("sentence"), q->finding[i].sentence);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void death_json(struct json_writer *w, const struct check_pack *pack, const struct casework *c)
{
    json_open(w, '{');
    json_put_record(w, &c->death);
    json_kv_str(w, S("title"), c->title);
    json_kv_str(w, S("unit"), c->unit);
    json_kv_str(w, S("pack"), pack->name);
    json_kv_i64(w, S("pack_version"), (int64_t)pack->version);
    json_kv_i64(w, S("opened"), (int64_t)c->report.count);
    json_kv_i64(w, S("done"), (int64_t)c->report.done);
    json_kv_i64(w, S("overdue"), (int64_t)c->report.in_state[CHECK_OVERDUE]);
    json_kv_str(w, S("next"), c->report.next ? c->report.next->check->id : STR_NONE);
    kv_time(w, S("changes_at"), c->report.changes_ms);
    category_json(w, c);
    quality_json(w, &c->quality);
    json_put_key(w, S("checks"));
    json_open(w, '[');
    for (size_t i = 0; i < c->report.count; i++)
        status_json(w, pack, &c->report.status[i]);
    json_close(w, ']');
    json_close(w, '}');
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
        t->done += done(s->state);
        t->overdue += s->state == CHECK_OVERDUE;
    }
    if (u->json) {
        death_json(u->json, u->pack, w);
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

static enum status unit_show(struct cli *c, struct session *s, struct world *w, const struct check_pack *pack,
                             struct err *e)
{
    Str unit = cli_option(c, "unit")->text;
    struct json_writer json = cli_json(c);
    struct unit_report u = {
        .c = c, .pack = pack, .check = NEW_ARRAY(c->arena, struct tally, pack->count + 1)};
    if (str_eq(unit, S("all"))) unit = S("");
    if (cli_flag(c, "json")) {
        u.json = &json;
        json_open(&json, '[');
    }
    TRY(casework_each(s, w, pack, cli_view(c), moment_of(c, s), unit, unit_visit, &u, e));
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
    if (unit) return unit_show(c, &s, w, &pack, e);
    TRY(casework_read(&s, w, &pack, cli_view(c), moment_of(c, &s), &id, c->arena, &work, e));
    if (!cli_flag(c, "json")) {
        death_print(c, &pack, &work);
        return OK;
    }
    struct json_writer json = cli_json(c);
    death_json(&json, &pack, &work);
    cli_json_end(c);
    return OK;
}
