#include "app/second.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "base/caldate.h"
#include "model/kinds.h"

#include <stdlib.h>

/* ---- what waits ------------------------------------------------------------------------------------- */

static bool is_declined(const struct case_facts *f, Str key)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct fact_row *row = &f->row[i];
        if (!str_eq(row->kind, S("decision")) || !str_eq(fact_now(row, S("to")), S("not_agreed"))) continue;
        for (size_t v = 0; v < row->count; v++)
            if (str_eq(row->value[v].name, S("relied_on")) && str_eq(row->value[v].word, key)) return true;
    }
    return false;
}

static struct record_id decision_of(struct arena *a, Str key)
{
    struct record_id id = {.kind = KIND_DECISION};
    ref_split(key, S("main"), &id.ns, &id.id);
    id.ns = str_copy(a, id.ns);
    id.id = str_copy(a, id.id);
    return id;
}

/* False: it needs no second person, or has one. */
static bool request_read(const struct fact_row *row, const struct check_pack *pack, struct arena *a,
                         struct second_request *out)
{
    const struct fact_value *type = fact_value_now(row, S("type")), *to = fact_value_now(row, S("to"));
    if (!type || !to || str_present(fact_now(row, S("approved_by")))) return false;
    *out = (struct second_request){.to = str_copy(a, to->word), .asked_ms = to->since_ms};
    if (str_eq(type->word, S("propose"))) {
        out->kind = SECOND_LOWER;
        out->rank = SUPERVISOR_RANK;
    } else if (str_eq(type->word, S("not_needed"))) {
        const struct check *check = check_find(pack, to->word);
        if (!check || check->waive_rank == 0) return false;
        out->kind = SECOND_NOT_NEEDED;
        out->rank = check->waive_rank;
    } else {
        return false;
    }
    out->id = decision_of(a, row->key);
    out->by = fact_now(row, S("by"));
    out->by = str_present(out->by) ? str_copy(a, out->by) : out->by;
    out->rationale = fact_now(row, S("rationale"));
    out->rationale = str_present(out->rationale) ? str_copy(a, out->rationale) : S("");
    return true;
}

static int compare_requests(const void *left, const void *right)
{
    const struct second_request *a = left, *b = right;
    if (a->asked_ms != b->asked_ms) return a->asked_ms < b->asked_ms ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

size_t second_requests(const struct casework *c, const struct check_pack *pack, struct arena *a,
                       struct second_request **out)
{
    struct second_request *list = NULL;
    size_t count = 0, room = 0;
    for (size_t i = 0; i < c->facts.count; i++) {
        const struct fact_row *row = &c->facts.row[i];
        struct second_request one;
        if (!str_eq(row->kind, S("decision")) || !request_read(row, pack, a, &one)) continue;
        if (is_declined(&c->facts, row->key)) continue;
        ARENA_ROOM(a, list, room, count + 1, 4);
        list[count++] = one;
    }
    if (count > 1) qsort(list, count, sizeof *list, compare_requests);
    *out = list;
    return count;
}

/* ---- the second person ------------------------------------------------------------------------------ */

enum status second_check(const struct second_request *r, const struct person_acting *who, const Str *account,
                         size_t accounts, struct err *e)
{
    static const char *const RANKS[] = {"",          "constable",       "sergeant",
                                        "inspector", "chief inspector", "superintendent"};
    struct record_id asked = {.kind = KIND_OFFICER};
    if (str_empty(who->officer))
        return ERR(e, E_DENIED, "", "Your account names no officer, so it cannot be the second person.");
    if (!str_present(r->by))
        return ERR(e, E_DENIED, "", "It is not recorded who asked, so nobody can be the second person.");
    ref_split(r->by, S("main"), &asked.ns, &asked.id);
    if (str_eq(asked.id, who->officer) && str_eq(asked.ns, S("main")))
        return ERR(e, E_DENIED, "", "You asked for this yourself. Another person has to agree.");
    for (size_t i = 0; i < accounts; i++)
        if (str_eq(account[i], who->account))
            return ERR(e, E_DENIED, "", "This account asked for it. Another account has to agree.");
    if (rank_height(who->rank) < r->rank)
        return ERR(e, E_DENIED, "", "The second person has to be at least %s here. You are recorded as %.*s.",
                   r->rank < (int)COUNT_OF(RANKS) ? RANKS[r->rank] : "of higher rank",
                   STR_ARG(str_empty(who->rank) ? S("of no rank") : who->rank));
    return OK;
}

/* Has somebody agreed since it was looked at? */
static bool is_agreed(const struct history *h)
{
    int field = field_index(kind_of(KIND_DECISION), S("approved_by"));
    for (size_t i = 0; i < h->count; i++)
        for (size_t n = 0; n < h->line[i].line.change.fact_count; n++)
            if (h->line[i].line.change.fact[n].field == field) return true;
    return false;
}

static enum status version_of(struct session *s, const struct person_acting *who,
                              const struct second_request *r, struct arena *a, uint64_t *out, struct err *e)
{
    struct history h;
    TRY(store_history(s->store, &s->actor, VIEW_NOW, &r->id, a, &h, e));
    Str *account = NEW_ARRAY(a, Str, h.count + 1);
    if (is_agreed(&h)) return ERR(e, E_CONFLICT, "", "Somebody else has agreed meanwhile.");
    *out = 0;
    for (size_t i = 0; i < h.count; i++) {
        account[i] = h.line[i].actor;
        if (h.line[i].line.seq > *out) *out = h.line[i].line.seq;
    }
    return second_check(r, who, account, h.count, e);
}

enum status second_agree(struct session *s, const struct person_acting *who, const struct second_request *r,
                         struct arena *a, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    struct record_id officer = {S("main"), KIND_OFFICER, who->officer};
    struct change change;
    struct receipt receipt;
    uint64_t expected = 0;
    TRY(version_of(s, who, r, a, &expected, e));
    new_line_put_ref(set.root, "approved_by", &officer);
    if (r->kind == SECOND_LOWER) {
        new_line_put(set.root, "type", S("classify"));
        new_line_put_time(set.root, "decided_at", clock_now_ms(&s->env.clock));
    }
    TRY(new_line(s, a, &r->id, S(NEW_LINE_SOURCE), set.root, &change, e));
    return store_append(s->store, &s->actor, 0, &change, 1, &expected, NULL, &receipt, e);
}

enum status second_decline(struct session *s, const struct person_acting *who, const struct record_id *death,
                           const struct second_request *r, Str reason, struct arena *a, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    struct record_id officer = {S("main"), KIND_OFFICER, who->officer};
    struct record_id id = {S("main"), KIND_DECISION, new_id(a, &s->env.entropy, S("X-"))};
    struct change change;
    struct receipt receipt;
    uint64_t expected = 0;
    if (str_empty(str_trim(reason))) return ERR(e, E_INVALID, "reason", "Say why you do not agree.");
    TRY(version_of(s, who, r, a, &expected, e));
    new_line_put_ref(set.root, "death", death);
    new_line_put(set.root, "type", S("answer"));
    new_line_put(set.root, "to", S("not_agreed"));
    new_line_put_time(set.root, "decided_at", clock_now_ms(&s->env.clock));
    new_line_put_ref(set.root, "by", &officer);
    new_line_put(set.root, "by_role", who->role);
    new_line_put_refs(set.root, "relied_on", &r->id, 1);
    new_line_put(set.root, "rationale", reason);
    TRY(new_line(s, a, &id, S(NEW_LINE_SOURCE), set.root, &change, e));
    return store_append(s->store, &s->actor, 0, &change, 1, NULL, NULL, &receipt, e);
}
