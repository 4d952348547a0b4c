/* Who read what: the ledger of readings, by person and by death; and who reads more than others beyond their
 * own unit. */
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "base/caldate.h"
#include "model/when.h"
#include "store/consulted.h"

#include <stdlib.h>

enum { READ_MOST = 20000, LINES_SHOWN = 200, PEOPLE_SHOWN = 50, DAYS_USUAL = 28 };

struct audit {
    struct consulted *entry;
    size_t entries;
    const struct roll_death *death; /* asked about; NULL: all */
    int64_t from_ms, until_ms;
};

static int64_t day_of(Str text, int64_t otherwise_ms)
{
    struct moment m;
    struct err ignored = {0};
    return str_empty(text) || moment_parse(text, &m, &ignored) != OK ? otherwise_ms : m.ms;
}

static enum status audit_read(struct visit *v, struct audit *out, struct err *e)
{
    Str word = visit_asked(v, "death");
    *out = (struct audit){.from_ms = day_of(visit_asked(v, "from"), v->now_ms - DAYS_USUAL * MS_PER_DAY),
                          .until_ms = day_of(visit_asked(v, "to"), v->now_ms) + MS_PER_DAY};
    if (!str_empty(word)) {
        uint32_t at = roll_find_word(v->service->roll, word);
        if (at != ROLL_NONE && sight_of_death(v->sight, roll_death(v->service->roll, at)) != SIGHT_NONE)
            out->death = roll_death(v->service->roll, at);
        if (out->death == NULL) {
            visit_error(v, S("death"), "There is no death of this reference.");
            return OK;
        }
    }
    struct consulted_ask ask = {.from_ms = out->from_ms,
                                .until_ms = out->until_ms,
                                .actor = visit_asked(v, "person"),
                                .record = out->death == NULL ? NULL : &out->death->id,
                                .most = READ_MOST};
    return store_consulted(v->service->session.store, &v->actor, &ask, v->arena, &out->entry, &out->entries,
                           e);
}

/* Of a death that the viewer may know of; what belongs to other records is told without saying which. */
static const struct roll_death *death_of(struct visit *v, const struct record_id *id)
{
    uint32_t at = roll_find(v->service->roll, id);
    if (at == ROLL_NONE) return NULL;
    const struct roll_death *d = roll_death(v->service->roll, at);
    return sight_of_death(v->sight, d) == SIGHT_NONE ? NULL : d;
}

static bool is_hidden(struct visit *v, const struct record_id *id)
{
    return id->kind == KIND_DEATH && death_of(v, id) == NULL;
}

static Str verb_words(Str verb)
{
    static const struct {
        const char *verb;
        Str words;
    } WORDS[] = {{"show", S_INIT("opened the record")},
                 {"history", S_INIT("read its history")},
                 {"case", S_INIT("read its checks")},
                 {"reason", S_INIT("gave a reason for access")},
                 {"compare", S_INIT("compared it with another")},
                 {"series", S_INIT("saw it in a series")},
                 {"near", S_INIT("was shown it as near a place")},
                 {"readings", S_INIT("asked who read it")},
                 {"consulted", S_INIT("asked who read it")}};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_eq(verb, str_of(WORDS[i].verb))) return WORDS[i].words;
    return verb;
}

/* ---- by person -------------------------------------------------------------------------------------- */

struct person_read {
    Str actor, role, unit;
    size_t readings, outside, reasons;
};

static int compare_people(const void *left, const void *right)
{
    const struct person_read *a = left, *b = right;
    if (a->outside != b->outside) return a->outside > b->outside ? -1 : 1;
    if (a->readings != b->readings) return a->readings > b->readings ? -1 : 1;
    return str_compare(a->actor, b->actor);
}

static struct person_read *person_of(struct person_read *list, size_t *count, const struct consulted *x)
{
    for (size_t i = 0; i < *count; i++)
        if (str_eq(list[i].actor, x->actor) && str_eq(list[i].role, x->role)) return &list[i];
    list[*count] = (struct person_read){.actor = x->actor, .role = x->role, .unit = x->unit};
    return &list[(*count)++];
}

/* Each person's readings of deaths; the program's own are left out. */
static size_t people_read(struct visit *v, const struct audit *x, struct person_read **out)
{
    struct person_read *list = NEW_ARRAY(v->arena, struct person_read, x->entries + 1);
    size_t count = 0;
    for (size_t i = 0; i < x->entries; i++) {
        const struct consulted *one = &x->entry[i];
        const struct roll_death *d = death_of(v, &one->record);
        if (d == NULL || str_eq(one->role, S("service")) || str_eq(one->role, S("linker"))) continue;
        struct person_read *p = person_of(list, &count, one);
        bool outside = !str_empty(one->unit) && !str_eq(one->unit, d->unit);
        p->readings++;
        p->outside += outside && !str_eq(one->verb, S("reason"));
        p->reasons += str_eq(one->verb, S("reason"));
    }
    if (count > 1) qsort(list, count, sizeof *list, compare_people);
    *out = list;
    return count;
}

static void people_show(struct visit *v, const struct audit *x)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Account")},
                                                 {.title = S_INIT("Role")},
                                                 {.title = S_INIT("Unit")},
                                                 {.title = S_INIT("Readings of deaths"), .number = true},
                                                 {.title = S_INIT("Outside the own unit"), .number = true},
                                                 {.title = S_INIT("Reasons given"), .number = true}};
    struct person_read *p = NULL;
    size_t count = people_read(v, x, &p);
    part_table_begin(v->out, &(struct part_table){.caption = S("By person, most outside the own unit first"),
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count && i < PEOPLE_SHOWN; i++) {
        int role = role_named(p[i].role);
        part_row_begin(v->out);
        part_row_head(v->out, url_with(v->arena, url(v->arena, "/assurance/audit"), S("person"), p[i].actor),
                      p[i].actor);
        part_cell(v->out, role < 0 ? p[i].role : str_of(ROLES[role].label));
        part_cell(v->out, roll_unit_words(v->service->roll, p[i].unit));
        part_cell_number(v->out, str_format(v->arena, "%zu", p[i].readings));
        part_cell_number(v->out, str_format(v->arena, "%zu", p[i].outside));
        part_cell_number(v->out, str_format(v->arena, "%zu", p[i].reasons));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

/* ---- one by one ------------------------------------------------------------------------------------- */

static void entries_show(struct visit *v, const struct audit *x)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("When")},
                                                 {.title = S_INIT("Account")},
                                                 {.title = S_INIT("What")},
                                                 {.title = S_INIT("Record")}};
    size_t shown = 0;
    part_table_begin(v->out, &(struct part_table){.caption = S("Each reading, newest first"),
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < x->entries && shown < LINES_SHOWN; i++) {
        const struct consulted *one = &x->entry[i];
        if (is_hidden(v, &one->record)) continue;
        const struct roll_death *d = death_of(v, &one->record);
        shown++;
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, words_time(v->arena, one->at_ms));
        part_cell(v->out, one->actor);
        part_cell(v->out, verb_words(one->verb));
        if (d != NULL)
            part_cell_link(v->out, visit_death_url(v, &d->id, ""), death_reference_words(v, d));
        else
            part_cell(v->out, words_id(v->arena, &one->record));
        part_row_end(v->out);
    }
    part_table_end(v->out);
    if (x->entries > shown)
        part_paragraph(v->out, str_format(v->arena, "%zu of %zu are shown. The CSV has all of them.", shown,
                                          x->entries));
}

static void audit_csv(struct visit *v, const struct audit *x)
{
    const Str head[] = {S("when"), S("account"), S("role"), S("unit"), S("what"), S("record")};
    visit_csv_begin(v, S("readings.csv"));
    visit_csv_row(v, head, COUNT_OF(head));
    for (size_t i = 0; i < x->entries; i++) {
        const struct consulted *one = &x->entry[i];
        char stamp[32];
        if (is_hidden(v, &one->record)) continue;
        caldate_format(one->at_ms, stamp);
        const Str cell[] = {str_of(stamp), one->actor, one->role,
                            one->unit,     one->verb,  words_id(v->arena, &one->record)};
        visit_csv_row(v, cell, COUNT_OF(cell));
    }
}

static void ask_form(struct visit *v)
{
    part_form_begin(v->out, &(struct part_form){.action = url(v->arena, "/assurance/audit"), .get = true});
    part_input(v->out, &(struct part_input){.name = S("person"),
                                            .label = S("Account"),
                                            .hint = S("Empty: everybody."),
                                            .value = visit_asked(v, "person"),
                                            .width = 20});
    part_input(v->out, &(struct part_input){.name = S("death"),
                                            .label = S("Death"),
                                            .hint = S("Its reference. Empty: all."),
                                            .value = visit_asked(v, "death"),
                                            .error = part_errors_of(&v->errors, S("death")),
                                            .width = 20});
    visit_period_inputs(v, "From", "To");
    part_button(v->out, &(struct part_button){.text = S("Show")});
    part_form_end(v->out);
}

enum status page_audit(struct visit *v, struct err *e)
{
    struct audit x;
    TRY(audit_read(v, &x, e));
    if (v->format == FORMAT_CSV) {
        audit_csv(v, &x);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("Who read what"),
                                             .back = {url(v->arena, "/assurance"), S("Assurance")},
                                             .wide = true});
    part_title(v->out, S("Assurance"), S("Who read what"));
    part_paragraph(v->out,
                   str_format(v->arena,
                              "From %.*s to %.*s. Lists and searches are not counted here. Counted is "
                              "every record that was opened, compared, seen in a series, or shown as near "
                              "a place.",
                              STR_ARG(words_time(v->arena, x.from_ms)),
                              STR_ARG(words_time(v->arena, x.until_ms))));
    ask_form(v);
    people_show(v, &x);
    entries_show(v, &x);
    visit_page_end(v);
    return OK;
}
