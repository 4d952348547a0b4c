#include "web/page/death_beside.h"

#include "app/words.h"
#include "base/caldate.h"
#include "model/kinds.h"
#include "web/draw.h"
#include "web/page/death_frame.h"

#include <stdlib.h>

#define MOMENTS_MAX 400
#define TEXT_BYTES  ((size_t)1 << 20)

/* ---- words ------------------------------------------------------------------------------------------ */

static Str capital(struct arena *a, Str words)
{
    char *text = str_cstr(a, words);
    if (words.len > 0 && text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - 'a' + 'A');
    for (size_t i = 0; i < words.len; i++)
        if (text[i] == '_') text[i] = ' ';
    return (Str){text, words.len};
}

static const void *member(const struct record_relative *r, int field)
{
    return (const char *)r->record.data + kind_of(r->id.kind)->field[field].offset;
}

static Str value_words(struct visit *v, const struct record *record, int field)
{
    const struct holding *held = &record->held[field];
    return words_of(v->arena, &v->service->session.policy, kind_of(record->id.kind), field, held->value,
                    held->key);
}

/* The name alone; the reference only where there is no name. */
static Str reference_words(struct visit *v, const struct record_sheet *sheet, enum kind_id kind, Str ns,
                           Str reference)
{
    const struct roll_officer *officer =
        kind == KIND_OFFICER ? roll_officer(v->service->roll, ns, reference) : NULL;
    Str name = officer != NULL ? officer->name : record_sheet_name(sheet, kind, ns, reference);
    return str_present(name) && !str_empty(name) ? name : reference;
}

/* The kind that a field refers to when there is only one; KIND_COUNT otherwise. */
static enum kind_id kind_referred(const struct field *f)
{
    const struct kind *kind = kind_named(str_of(f->values));
    return (f->type == FT_REF || f->type == FT_REFS) && kind != NULL ? kind->id : KIND_COUNT;
}

/* Deaths and incidents that others may not know of are not named through a record that refers to them too. */
static bool is_shown(const struct field *f)
{
    if (f->sensitivity == SENS_RESTRICTED) return false;
    if (f->type != FT_REF && f->type != FT_REFS) return true;
    enum kind_id kind = kind_referred(f);
    return kind == KIND_PERSON || kind == KIND_OFFICER || kind == KIND_EXHIBIT || kind == KIND_SUBMISSION;
}

static Str field_words(struct visit *v, const struct record_sheet *sheet, const struct record *record,
                       int field)
{
    const struct kind *kind = kind_of(record->id.kind);
    const struct field *f = &kind->field[field];
    if (f->type == FT_REF)
        return reference_words(v, sheet, kind_referred(f), record->id.ns,
                               *(const Str *)(const void *)((const char *)record->data + f->offset));
    return value_words(v, record, field);
}

/* "First response, Sgt Owen Bell": what the words of the record say, with names in place of references. */
static Str title_of(struct visit *v, const struct record_sheet *sheet, const struct record_relative *r)
{
    static const char *const TELLING[] = {"type", "capacity", "test", "item",  "of",      "kind",   "channel",
                                          "to",   "how",      "ref",  "value", "officer", "person", "by"};
    const struct kind *kind = kind_of(r->id.kind);
    struct buf words CLEANUP_BUF;
    buf_init(&words, TEXT_BYTES);
    for (size_t i = 0; i < COUNT_OF(TELLING); i++) {
        int field = field_index(kind, str_of(TELLING[i]));
        if (field < 0 || !str_present(r->record.held[field].value) || !is_shown(&kind->field[field]))
            continue;
        if (words.len > 0) buf_add_cstr(&words, ", ");
        buf_add(&words, field_words(v, sheet, &r->record, field));
    }
    return words.len > 0 ? capital(v->arena, buf_str(&words)) : capital(v->arena, str_of(kind->name));
}

/* ---- people ----------------------------------------------------------------------------------------- */

void beside_people_show(struct visit *v, const struct record_sheet *sheet)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Person")}, {.title = S_INIT("Part in it")}, {.title = S_INIT("On whose word")}};
    bool any = false;
    for (size_t i = 0; i < sheet->relatives; i++) {
        const struct record_relative *r = &sheet->relative[i];
        if (r->id.kind != KIND_INVOLVEMENT) continue;
        const struct involvement *part = r->record.data;
        if (!any)
            part_table_begin(v->out, &(struct part_table){.caption = S("People"),
                                                          .column = COLUMNS,
                                                          .columns = COUNT_OF(COLUMNS)});
        any = true;
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE},
                      reference_words(v, sheet, KIND_PERSON, r->id.ns, part->person));
        part_cell(v->out, capital(v->arena, value_words(v, &r->record, involvement_field_role)));
        part_cell(v->out, !str_empty(part->on_word_of)
                              ? part->on_word_of
                              : policy_source_label(&v->service->session.policy,
                                                    r->record.held[involvement_field_person].source));
        part_row_end(v->out);
    }
    if (any) part_table_end(v->out);
}

/* ---- what happened when ----------------------------------------------------------------------------- */

enum lane { LANE_PERSON, LANE_SCENE, LANE_WORK, LANES };
static const Str LANE_WORDS[LANES] = {S_INIT("The person"), S_INIT("At the scene"), S_INIT("Afterwards")};

struct moments {
    struct draw_event *event;
    size_t count;
};

static enum lane lane_of(enum kind_id kind)
{
    return kind == KIND_DEATH ? LANE_PERSON
           : kind == KIND_ATTENDANCE || kind == KIND_SCENE || kind == KIND_SEARCH || kind == KIND_EXHIBIT
               ? LANE_SCENE
               : LANE_WORK;
}

static void moment_add(struct moments *m, enum kind_id kind, int64_t at_ms, int64_t until_ms, Str mark,
                       Str name)
{
    if (m->count == MOMENTS_MAX) return;
    m->event[m->count++] = (struct draw_event){
        .at_ms = at_ms, .until_ms = until_ms, .lane = lane_of(kind), .mark = mark, .name = name};
}

/* Times of the report as what happened, not as what is asked. */
static Str death_moment_words(int field)
{
    static const struct {
        int field;
        Str words;
    } WORDS[] = {{death_field_reported_at, S_INIT("Reported")},
                 {death_field_last_seen_alive, S_INIT("Last seen alive")},
                 {death_field_found, S_INIT("Found")},
                 {death_field_died, S_INIT("Died")},
                 {death_field_pronounced_at, S_INIT("Life pronounced extinct")}};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (WORDS[i].field == field) return WORDS[i].words;
    return str_of(kind_of(KIND_DEATH)->field[field].label);
}

/* Every time that a record gives, but for when something is due. */
static void moments_of(struct visit *v, const struct record *record, Str title, struct moments *m)
{
    const struct kind *kind = kind_of(record->id.kind);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->field[i];
        const void *at = (const char *)record->data + f->offset;
        int64_t from_ms = 0, until_ms = 0;
        if (!str_present(record->held[i].value) || str_ends(str_of(f->name), S("due_at"))) continue;
        bool death = record->id.kind == KIND_DEATH;
        Str mark = death ? death_moment_words((int)i) : title;
        Str name = death ? mark : str_format(v->arena, "%.*s: %s", STR_ARG(title), f->label);
        if (f->type == FT_TIME)
            moment_add(m, record->id.kind, ((const struct moment *)at)->ms, 0, mark, name);
        else if (f->type == FT_SPAN && span_interval(at, &from_ms, &until_ms))
            moment_add(m, record->id.kind, from_ms, until_ms - from_ms > 60000 ? until_ms : 0, mark, name);
    }
}

static int earliest_first(const void *left, const void *right)
{
    const struct draw_event *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    return str_compare(a->name, b->name);
}

void beside_timeline_show(struct visit *v, const struct record_sheet *sheet)
{
    struct moments m = {NEW_ARRAY(v->arena, struct draw_event, MOMENTS_MAX), 0};
    moments_of(v, &sheet->record, S(""), &m);
    for (size_t i = 0; i < sheet->relatives; i++)
        moments_of(v, &sheet->relative[i].record, title_of(v, sheet, &sheet->relative[i]), &m);
    if (m.count == 0) return;
    if (m.count > 1) qsort(m.event, m.count, sizeof *m.event, earliest_first);
    struct draw_timeline t = {
        .caption = {S("timeline-picture"), S("What happened when"),
                    S("What is known of the person, of the scene, and of what was done.")},
        .lane = LANE_WORDS,
        .lanes = LANES,
        .event = m.event,
        .events = m.count};
    part_heading(v->out, 2, S("timeline"), S("What happened when"));
    draw_timeline(v->out, v->arena, &t);
    draw_timeline_table(v->out, v->arena, &t);
}

/* ---- everything else -------------------------------------------------------------------------------- */

static void facts_show(struct visit *v, const struct record_sheet *sheet, const struct record_relative *r)
{
    const struct kind *kind = kind_of(r->id.kind);
    part_summary_begin(v->out);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct holding *held = &r->record.held[i];
        if (!str_present(held->value) || !is_shown(&kind->field[i])) continue;
        part_summary_row(
            v->out,
            &(struct part_summary_row){
                .key = str_of(kind->field[i].label),
                .text = field_words(v, sheet, &r->record, (int)i),
                .note = str_format(v->arena, "%.*s, known since %.*s",
                                   STR_ARG(policy_source_label(&v->service->session.policy, held->source)),
                                   STR_ARG(words_time(v->arena, held->known_at_ms)))});
    }
    part_summary_end(v->out);
}

void beside_records_show(struct visit *v, const struct record_sheet *sheet)
{
    enum kind_id last = KIND_COUNT;
    for (size_t i = 0; i < sheet->relatives; i++) {
        const struct record_relative *r = &sheet->relative[i];
        if (r->id.kind == KIND_INVOLVEMENT) continue;
        if (last == KIND_COUNT) part_heading(v->out, 2, S("records"), S("What belongs to it"));
        if (r->id.kind != last)
            part_heading(v->out, 3, S(""), capital(v->arena, str_of(kind_of(r->id.kind)->name)));
        last = r->id.kind;
        /* the name under which other pages lead to it */
        htmlf(v->out, "<div id=\"%s-%.*s\">\n", kind_of(r->id.kind)->name,
              STR_ARG(url_segment(v->arena, visit_id_words(v->arena, &r->id))));
        part_details_begin(v->out, title_of(v, sheet, r));
        facts_show(v, sheet, r);
        part_details_end(v->out);
        html(v->out, "</div>\n");
    }
}

/* ---- what a new record may refer to ----------------------------------------------------------------- */

void beside_options(struct visit *v, const struct record_sheet *sheet, struct form_options *out)
{
    form_options_add(v, out, KIND_DEATH, visit_id_words(v->arena, &sheet->record.id),
                     S("The person who died"));
    for (size_t i = 0; i < sheet->relatives; i++) {
        const struct record_relative *r = &sheet->relative[i];
        if (r->id.kind == KIND_INVOLVEMENT) {
            Str person = *(const Str *)member(r, involvement_field_person);
            struct record_id id = {.kind = KIND_PERSON};
            if (str_empty(person)) continue;
            ref_split(person, r->id.ns, &id.ns, &id.id);
            Str words = reference_words(v, sheet, KIND_PERSON, r->id.ns, person);
            form_options_add(v, out, KIND_PERSON, visit_id_words(v->arena, &id),
                             str_format(v->arena, "%.*s (%.*s)", STR_ARG(words),
                                        STR_ARG(value_words(v, &r->record, involvement_field_role))));
        } else if (r->id.kind == KIND_EXHIBIT || r->id.kind == KIND_SUBMISSION ||
                   r->id.kind == KIND_STATEMENT) {
            form_options_add(v, out, r->id.kind, visit_id_words(v->arena, &r->id), title_of(v, sheet, r));
        }
    }
    form_options_officers(v, "", out);
}
