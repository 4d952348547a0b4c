/* A judged death as a case of the index of work. */
#include "app/work.h"

#include "model/kinds.h"

static uint32_t event_place(struct work_case *c, size_t *room, struct arena *a, const struct record_id *id)
{
    for (size_t i = 0; i < c->events; i++)
        if (record_id_eq(&c->event[i], id)) return (uint32_t)i;
    ARENA_ROOM(a, c->event, *room, c->events + 1, 4);
    c->event[c->events] = *id;
    return (uint32_t)c->events++;
}

/* What the linker, or the ledger of readings, was told by: the other event. */
static uint32_t about_of(struct work_case *c, size_t *room, struct arena *a, const struct fact_row *row)
{
    struct record_id id = {.kind =
                               str_eq(fact_now(row, S("of")), S("incident")) ? KIND_INCIDENT : KIND_DEATH};
    if (!str_eq(row->kind, S("link")) && !str_eq(row->kind, S("near"))) return WORK_NONE;
    ref_split(fact_now(row, S("other")), S("main"), &id.ns, &id.id);
    return event_place(c, room, a, &id);
}

static void items_read(const struct casework *w, const struct check_pack *pack, struct arena *a,
                       struct work_case *c)
{
    size_t all = 0, event_room = 0;
    for (size_t i = 0; i < w->report.count; i++)
        all += w->report.status[i].items;
    c->item = NEW_ARRAY(a, struct work_item, all + 1);
    for (size_t i = 0; i < w->report.count; i++) {
        const struct check_status *s = &w->report.status[i];
        for (size_t n = 0; n < s->items; n++) {
            const struct check_item *item = &s->item[n];
            c->item[c->items++] = (struct work_item){.check = (uint32_t)(s->check - pack->check),
                                                     .state = (uint8_t)item->state,
                                                     .late = item->late,
                                                     .opened_ms = item->opened_ms,
                                                     .due_ms = item->due_ms,
                                                     .since_ms = item->since_ms,
                                                     .about = about_of(c, &event_room, a, item->opened_by)};
        }
    }
}

/* The latest review, whoever made it; and the latest by a supervisor that did not send the report back. */
static void reviews_read(const struct casework *w, struct work_case *c)
{
    int64_t latest_ms = INT64_MIN;
    c->review_ms = INT64_MIN;
    for (size_t i = 0; i < w->facts.count; i++) {
        const struct fact_row *row = &w->facts.row[i];
        const struct fact_value *outcome =
            str_eq(row->kind, S("review")) ? fact_value_now(row, S("outcome")) : NULL;
        if (!outcome) continue;
        bool returned = str_eq(outcome->word, S("return"));
        if (outcome->since_ms >= latest_ms) {
            latest_ms = outcome->since_ms;
            c->returned = returned;
        }
        if (!returned && str_eq(fact_now(row, S("kind")), S("supervisor")) &&
            outcome->since_ms > c->review_ms)
            c->review_ms = outcome->since_ms;
    }
}

/* A concern without an answer, an action that is open: whose it is. */
static bool owed_read(const struct fact_row *row, struct work_owed *out)
{
    const struct kind *kind = kind_named(row->kind);
    Str owner = fact_now(row, S("owner"));
    bool concern = kind != NULL && kind->id == KIND_CONCERN && !str_present(fact_now(row, S("answer")));
    bool action = kind != NULL && kind->id == KIND_ACTION && str_eq(fact_now(row, S("state")), S("open"));
    if (!str_present(owner) || (!concern && !action)) return false;
    int64_t due_ms = fact_time_now(row, S("due_at"));
    *out = (struct work_owed){.kind = concern ? OWED_CONCERN : OWED_ACTION,
                              .owner = owner,
                              .due_ms = due_ms == INT64_MIN ? FOREVER_MS : due_ms,
                              .since_ms = row->known_ms,
                              .id = {.kind = kind->id}};
    ref_split(row->key, S("main"), &out->id.ns, &out->id.id);
    return true;
}

/* Each officer once. Who was only told, or asked, was not there. */
static void attended_read(const struct casework *w, struct arena *a, struct work_case *c)
{
    c->attended = NEW_ARRAY(a, Str, w->facts.count + 1);
    for (size_t i = 0; i < w->facts.count; i++) {
        const struct fact_row *row = &w->facts.row[i];
        if (!str_eq(row->kind, S("attendance")) || !str_eq(fact_now(row, S("death")), w->facts.death))
            continue;
        Str officer = fact_now(row, S("officer"));
        bool known = !str_present(officer) || fact_time_now(row, S("from")) == INT64_MIN;
        for (size_t k = 0; k < c->attendeds && !known; k++)
            known = str_eq(c->attended[k], officer);
        if (!known) c->attended[c->attendeds++] = officer;
    }
}

void work_case_read(const struct casework *w, const struct check_pack *pack, struct arena *a,
                    struct work_case *out)
{
    struct work_case c = {
        .death = w->death, .judged = true, .challenged = w->challenged, .changes_ms = w->report.changes_ms};
    size_t room = 0;
    items_read(w, pack, a, &c);
    reviews_read(w, &c);
    for (size_t i = 0; i < w->facts.count; i++) {
        struct work_owed one;
        if (!owed_read(&w->facts.row[i], &one)) continue;
        ARENA_ROOM(a, c.owed, room, c.oweds + 1, 4);
        c.owed[c.oweds++] = one;
    }
    attended_read(w, a, &c);
    c.requests = second_requests(w, pack, a, &c.request);
    *out = c;
}
