#include "app/link_book.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/table.h"

#include <math.h>
#include <stdio.h>

#define BOOK_BYTES_MAX   ((size_t)4 << 30)
#define FOLDED_BYTES_MAX ((size_t)64 << 20)
#define RECORDS_MAX      ((size_t)1 << 26)

struct book_line {
    struct entry_line line;
    Str actor, role;
};

/* A record by its lines. */
struct book_record {
    struct record_id id;
    struct book_line *line;
    size_t count, room;
    uint32_t of; /* its place among the links or restrictions, from 1; 0: not yet any */
};

struct places {
    uint32_t *item;
    size_t count, room;
};

struct book_link {
    uint32_t record;
    bool there;
    struct arena *folded; /* what `note` points into */
    struct link_note note;
    struct places answer; /* records of decisions, in the order of the ledger */
};

struct book_restriction {
    uint32_t record;
    struct str_list event; /* keys */
    int64_t from_ms, until_ms;
};

struct link_book {
    const struct policy *policy;
    struct arena *arena, *scratch;
    struct table *records; /* key with kind -> record + 1 */
    struct book_record *record;
    size_t record_count, record_room;
    struct book_link *link;
    size_t link_count, link_room;
    struct table *of_event; /* key of an event -> place in `posting` + 1 */
    struct places *posting;
    size_t posting_count, posting_room;
    struct book_restriction *restriction;
    size_t restriction_count, restriction_room;
};

struct link_book *link_book_new(const struct policy *policy)
{
    struct link_book *b = alloc_zero(1, sizeof *b);
    b->policy = policy;
    b->arena = arena_new("links on record", BOOK_BYTES_MAX);
    b->scratch = arena_new("a record of the book", FOLDED_BYTES_MAX);
    b->records = table_new(RECORDS_MAX);
    b->of_event = table_new(RECORDS_MAX);
    return b;
}

void link_book_free(struct link_book *b)
{
    if (b == NULL) return;
    for (size_t i = 0; i < b->link_count; i++)
        arena_free(b->link[i].folded);
    table_free(b->records);
    table_free(b->of_event);
    arena_free(b->scratch);
    arena_free(b->arena);
    alloc_free(b);
}

/* ---- keys -------------------------------------------------------------------------------------------- */

#define KEY_BYTES 700 /* ids are at most 200 bytes, namespaces 32 */

static Str event_key(const struct record_id *id, char out[KEY_BYTES])
{
    int n = snprintf(out, KEY_BYTES, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
    MUST(n > 0 && n < KEY_BYTES);
    return (Str){out, (size_t)n};
}

static Str record_key(const struct record_id *id, char out[KEY_BYTES])
{
    int n = snprintf(out, KEY_BYTES, "%d %.*s:%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id));
    MUST(n > 0 && n < KEY_BYTES);
    return (Str){out, (size_t)n};
}

static Str key_of(struct arena *a, Str ns, Str reference)
{
    Str to_ns, to_id;
    ref_split(reference, ns, &to_ns, &to_id);
    return str_format(a, "%.*s:%.*s", STR_ARG(to_ns), STR_ARG(to_id));
}

static struct str_list keys_of(struct arena *a, Str ns, const struct str_list *references)
{
    struct str_list out = {NEW_ARRAY(a, Str, references->count + 1), references->count};
    for (size_t i = 0; i < references->count; i++)
        out.item[i] = key_of(a, ns, references->item[i]);
    return out;
}

static bool list_has(const struct str_list *list, Str word)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], word)) return true;
    return false;
}

static void place_add(struct arena *a, struct places *p, uint32_t one)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->item[i] == one) return;
    ARENA_ROOM(a, p->item, p->room, p->count + 1, 4);
    p->item[p->count++] = one;
}

/* ---- taking lines ------------------------------------------------------------------------------------ */

static struct book_record *record_of(struct link_book *b, const struct record_id *id, bool make)
{
    char key[KEY_BYTES];
    bool fresh = false;
    if (!make) {
        const uint64_t *found = table_find(b->records, record_key(id, key));
        return found ? &b->record[*found - 1] : NULL;
    }
    uint64_t *at = table_at(b->records, record_key(id, key), &fresh);
    if (fresh) {
        ARENA_ROOM(b->arena, b->record, b->record_room, b->record_count + 1, 256);
        b->record[b->record_count] =
            (struct book_record){.id = {str_copy(b->arena, id->ns), id->kind, str_copy(b->arena, id->id)}};
        *at = ++b->record_count;
    }
    return &b->record[*at - 1];
}

static void line_keep(struct link_book *b, struct book_record *r, const struct followed *f)
{
    const struct change *c = &f->line;
    struct change kept = *c;
    ARENA_ROOM(b->arena, r->line, r->room, r->count + 1, 2);
    kept.record = r->id;
    kept.source = str_copy(b->arena, c->source);
    kept.fact = NEW_ARRAY(b->arena, struct fact, c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++)
        kept.fact[i] = (struct fact){c->fact[i].field, str_copy(b->arena, c->fact[i].value),
                                     str_copy(b->arena, c->fact[i].key), S("")};
    r->line[r->count++] = (struct book_line){
        .line = {.change = kept, .seq = f->seq, .withdrawn = f->withdrawn},
        .actor = str_copy(b->arena, f->actor),
        .role = str_copy(b->arena, f->role),
    };
}

/* What a record says, by lines up to an entry; only of some sources where `wanted` says so. NULL: nothing. */
static const struct record *fold(struct link_book *b, const struct book_record *r, uint64_t through,
                                 bool (*wanted)(Str source), struct arena *a)
{
    struct entry_line *line = NEW_ARRAY(a, struct entry_line, r->count + 1);
    struct record *out = NEW(a, struct record);
    struct err none = {0};
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->line[i].line.seq <= through && (wanted == NULL || wanted(r->line[i].line.change.source)))
            line[n++] = r->line[i].line;
    if (n == 0 || record_fold(a, b->policy, line, n, VIEW_NOW, out, &none) != OK) return NULL;
    return out;
}

/* ---- links ------------------------------------------------------------------------------------------- */

/* Nobody else can make a link part of another or take an event out of it. */
static bool says_what_it_is(Str source)
{
    return str_eq(source, S(LINK_SOURCE)) || str_eq(source, S(LINK_SUGGESTED_SOURCE));
}

static struct record_id id_of(Str ns, Str reference, enum kind_id kind)
{
    struct record_id id = {.kind = kind};
    ref_split(reference, ns, &id.ns, &id.id);
    return id;
}

/* A reference to a death or an incident says not which: the members do. */
static struct record_id member_id(const struct link_note *n, Str ns, Str reference)
{
    struct record_id id = {.kind = KIND_DEATH};
    ref_split(str_present(reference) ? reference : S(""), ns, &id.ns, &id.id);
    for (size_t i = 0; i < n->events; i++)
        if (str_eq(n->event[i].ns, id.ns) && str_eq(n->event[i].id, id.id)) return n->event[i];
    return id;
}

static int decibans(double tenfold)
{
    return number_present(tenfold) ? (int)lround(tenfold * 10) : 0;
}

static void note_fill(struct arena *a, const struct record *r, struct link_note *n)
{
    const struct link *d = r->data;
    struct record_id *event = NEW_ARRAY(a, struct record_id, d->deaths.count + d->incidents.count + 1);
    for (size_t i = 0; i < d->deaths.count; i++)
        event[n->events++] = id_of(r->id.ns, d->deaths.item[i], KIND_DEATH);
    n->deaths = n->events;
    for (size_t i = 0; i < d->incidents.count; i++)
        event[n->events++] = id_of(r->id.ns, d->incidents.item[i], KIND_INCIDENT);
    n->event = event;
    n->raised_ms = r->first_known_ms;
    n->changed_ms = r->last_known_ms;
    n->raised_by = str_present(d->raised_by) ? d->raised_by : S("person");
    n->first = member_id(n, r->id.ns, d->first);
    n->second = member_id(n, r->id.ns, d->second);
    n->score_db = decibans(d->weight);
    n->threshold_db = decibans(d->threshold);
    n->looked = number_present(d->second_look);
    n->look_db = decibans(d->second_look);
    n->once_in_weeks = number_present(d->once_in_weeks) ? d->once_in_weeks : 0;
    n->unverified = str_eq(d->unverified, S("yes"));
    n->back_record = str_eq(d->back_record, S("yes"));
    n->told_ms = d->told_at.precision ? d->told_at.ms : 0;
    n->counts_ms = d->counts_at.precision ? d->counts_at.ms : 0;
    n->merged = str_present(d->part_of);
    if (n->merged) n->part_of = id_of(r->id.ns, d->part_of, KIND_LINK);
    n->model = d->model;
    n->by = d->by;
    unsigned char digest[8] = {0};
    if (str_present(d->facts) && hex_decode(d->facts, digest, sizeof digest) == OK)
        for (size_t i = 0; i < sizeof digest; i++)
            n->facts = n->facts << 8 | digest[i];
}

static void posting_of(struct link_book *b, const struct record_id *event, uint32_t link)
{
    char key[KEY_BYTES];
    bool fresh = false;
    uint64_t *at = table_at(b->of_event, event_key(event, key), &fresh);
    if (fresh) {
        ARENA_ROOM(b->arena, b->posting, b->posting_room, b->posting_count + 1, 256);
        *at = ++b->posting_count;
    }
    place_add(b->arena, &b->posting[*at - 1], link);
}

static void link_refold(struct link_book *b, size_t at)
{
    struct book_link *l = &b->link[at];
    const struct book_record *r = &b->record[l->record];
    arena_reset(l->folded);
    l->note = (struct link_note){.id = r->id};
    const struct record *said = fold(b, r, UINT64_MAX, says_what_it_is, l->folded),
                        *all = fold(b, r, UINT64_MAX, NULL, l->folded);
    l->there = said != NULL && all != NULL;
    if (!l->there) return;
    note_fill(l->folded, said, &l->note);
    l->note.note = ((const struct link *)all->data)->note;
    for (size_t i = 0; i < r->count; i++)
        if (r->line[i].line.seq > l->note.version) l->note.version = r->line[i].line.seq;
    for (size_t i = 0; i < l->note.events; i++)
        posting_of(b, &l->note.event[i], (uint32_t)at);
}

static void earlier_answers_take(struct link_book *b, size_t at);

static size_t link_take(struct link_book *b, struct book_record *r)
{
    bool fresh = r->of == 0;
    if (fresh) {
        ARENA_ROOM(b->arena, b->link, b->link_room, b->link_count + 1, 64);
        b->link[b->link_count] = (struct book_link){.record = (uint32_t)(r - b->record),
                                                    .folded = arena_new("one link", FOLDED_BYTES_MAX)};
        r->of = (uint32_t)++b->link_count;
    }
    link_refold(b, r->of - 1);
    if (fresh) earlier_answers_take(b, r->of - 1);
    return r->of - 1;
}

/* ---- answers ----------------------------------------------------------------------------------------- */

struct answer_word {
    const char *type, *to;
    enum link_answer_kind kind;
};
static const struct answer_word answer_words[] = {
    {"link", "linked", ANSWER_LINKED},
    {"link", "needs_work", ANSWER_NEEDS_WORK},
    {"link", "not_linked", ANSWER_NOT_LINKED},
    {"request_specialist", NULL, ANSWER_REQUESTS},
    {"specialist_accepts", NULL, ANSWER_ACCEPTS},
    {"specialist_declines", NULL, ANSWER_DECLINES},
};

static bool answer_kind(const struct decision *d, enum link_answer_kind *kind)
{
    for (size_t i = 0; i < COUNT_OF(answer_words); i++) {
        const struct answer_word *w = &answer_words[i];
        if (!str_eq(d->type, str_of(w->type)) || (w->to != NULL && !str_eq(d->to, str_of(w->to)))) continue;
        *kind = w->kind;
        return true;
    }
    return false;
}

/* Does it answer this link? By name; or, where it names none and says "link", by the two events it names. */
static bool answers(struct link_book *b, const struct record *r, const struct link_note *n)
{
    const struct decision *d = r->data;
    if (str_present(d->on)) {
        struct record_id on = id_of(r->id.ns, d->on, KIND_LINK);
        return record_id_eq(&on, &n->id);
    }
    if (!str_eq(d->type, S("link")) || str_empty(d->death)) return false;
    size_t named = 0;
    for (size_t i = 0; i < n->events; i++) {
        char key[KEY_BYTES];
        Str of = event_key(&n->event[i], key);
        bool names = str_eq(key_of(b->scratch, r->id.ns, d->death), of);
        for (size_t k = 0; k < d->relied_on.count && !names; k++)
            names = str_eq(key_of(b->scratch, r->id.ns, d->relied_on.item[k]), of);
        named += names;
    }
    return named >= 2;
}

static bool answer_take(struct link_book *b, const struct book_record *r, size_t *at)
{
    enum link_answer_kind kind;
    bool found = false;
    arena_reset(b->scratch);
    const struct record *decision = fold(b, r, UINT64_MAX, NULL, b->scratch);
    if (decision == NULL || !answer_kind(decision->data, &kind)) return false;
    for (size_t i = 0; i < b->link_count; i++) {
        if (!b->link[i].there || !answers(b, decision, &b->link[i].note)) continue;
        place_add(b->arena, &b->link[i].answer, (uint32_t)(r - b->record));
        *at = i;
        found = true;
    }
    return found;
}

/* What people had decided of two events before a link was raised belongs to its history. */
static void earlier_answers_take(struct link_book *b, size_t at)
{
    for (size_t i = 0; i < b->record_count && b->link[at].there; i++) {
        if (b->record[i].id.kind != KIND_DECISION) continue;
        arena_reset(b->scratch);
        const struct record *decision = fold(b, &b->record[i], UINT64_MAX, NULL, b->scratch);
        if (decision != NULL && answers(b, decision, &b->link[at].note))
            place_add(b->arena, &b->link[at].answer, (uint32_t)i);
    }
}

/* Decisions of other kinds are many: they are not kept. */
static bool may_answer(const struct change *c)
{
    static const char *const TYPE[] = {"\"link\"", "\"request_specialist\"", "\"specialist_accepts\"",
                                       "\"specialist_declines\""};
    for (size_t i = 0; i < c->fact_count; i++)
        for (size_t k = 0; k < COUNT_OF(TYPE); k++)
            if (c->fact[i].field == decision_field_type && str_eq(c->fact[i].value, str_of(TYPE[k])))
                return true;
    return false;
}

/* ---- restrictions ------------------------------------------------------------------------------------ */

static struct book_restriction *restriction_of(struct link_book *b, struct book_record *r)
{
    if (r->of == 0) {
        ARENA_ROOM(b->arena, b->restriction, b->restriction_room, b->restriction_count + 1, 16);
        r->of = (uint32_t)++b->restriction_count;
    }
    return &b->restriction[r->of - 1];
}

static void restriction_take(struct link_book *b, struct book_record *r)
{
    struct book_restriction *x = restriction_of(b, r);
    struct arena *a = b->arena; /* they are few */
    const struct record *record = fold(b, r, UINT64_MAX, NULL, a);
    *x = (struct book_restriction){.record = (uint32_t)(r - b->record), .from_ms = INT64_MAX};
    if (record == NULL) return;
    const struct restriction *d = record->data;
    x->event = keys_of(a, r->id.ns, &d->events);
    x->from_ms = d->from.precision ? d->from.ms : INT64_MIN;
    x->until_ms = d->lifted_at.precision ? d->lifted_at.ms : INT64_MAX;
}

/* ---- taking ------------------------------------------------------------------------------------------ */

static bool wanted_kind(enum kind_id kind)
{
    return (LINK_BOOK_KINDS >> kind & 1) != 0;
}

enum link_book_news link_book_take(struct link_book *b, const struct followed *f, size_t *at)
{
    if (f->what == FOLLOWED_WITHDRAWN) return LINK_BOOK_WITHDRAWN;
    if (!wanted_kind(f->record.kind)) return LINK_BOOK_NOTHING;
    struct book_record *r = record_of(b, &f->record, false);
    if (f->what == FOLLOWED_ERASED) return r != NULL ? LINK_BOOK_WITHDRAWN : LINK_BOOK_NOTHING;
    if (r == NULL && f->record.kind == KIND_DECISION && !may_answer(&f->line)) return LINK_BOOK_NOTHING;
    if (r != NULL && r->count > 0 && r->line[r->count - 1].line.seq >= f->seq) return LINK_BOOK_NOTHING;
    r = record_of(b, &f->record, true);
    line_keep(b, r, f);
    if (f->record.kind == KIND_DECISION) return answer_take(b, r, at) ? LINK_BOOK_ANSWER : LINK_BOOK_NOTHING;
    if (f->record.kind == KIND_RESTRICTION) {
        restriction_take(b, r);
        return LINK_BOOK_RESTRICTION;
    }
    *at = link_take(b, r);
    return LINK_BOOK_LINK;
}

/* ---- looking ----------------------------------------------------------------------------------------- */

bool link_note_is_group(const struct link_note *n)
{
    return str_eq(n->raised_by, S("scan")) || str_eq(n->raised_by, S("rate")) ||
           str_eq(n->raised_by, S("exposure"));
}

size_t link_book_count(const struct link_book *b)
{
    return b->link_count;
}

const struct link_note *link_book_at(const struct link_book *b, size_t at)
{
    MUST(at < b->link_count);
    return b->link[at].there ? &b->link[at].note : NULL;
}

static const struct book_record *record_find(const struct link_book *b, const struct record_id *id)
{
    char key[KEY_BYTES];
    const uint64_t *found = table_find(b->records, record_key(id, key));
    return found ? &b->record[*found - 1] : NULL;
}

size_t link_book_find(const struct link_book *b, const struct record_id *id)
{
    const struct book_record *r = id->kind == KIND_LINK ? record_find(b, id) : NULL;
    return r != NULL && r->of != 0 ? r->of - 1 : SIZE_MAX;
}

size_t link_book_of_event(const struct link_book *b, const struct record_id *event, const uint32_t **at)
{
    char key[KEY_BYTES];
    const uint64_t *found = table_find(b->of_event, event_key(event, key));
    if (found == NULL) return 0;
    *at = b->posting[*found - 1].item;
    return b->posting[*found - 1].count;
}

/* Who first gave a field its present value, and when that became known. */
static const struct book_line *line_giving(const struct book_record *r, int field)
{
    for (size_t i = r->count; i-- > 0;)
        for (size_t k = 0; k < r->line[i].line.change.fact_count; k++)
            if (r->line[i].line.change.fact[k].field == field) return &r->line[i];
    return NULL;
}

static Str account_of(const struct book_line *line)
{
    return line == NULL || str_eq(line->role, S("feed")) ? S("") : line->actor;
}

static void facts_then(struct link_book *b, const struct book_link *l, uint64_t seq, struct arena *a,
                       struct link_facts *out)
{
    const struct record *then = fold(b, &b->record[l->record], seq, says_what_it_is, a);
    struct link_note n = {.id = l->note.id};
    if (then == NULL) return; /* answered before it was raised: any fact is new */
    note_fill(a, then, &n);
    *out = (struct link_facts){then->last_known_ms, n.score_db, n.facts, n.events, n.model};
}

/* False where nothing of it is in view. */
static bool answer_fill(struct link_book *b, const struct book_link *l, const struct book_record *r,
                        struct arena *a, struct link_answer *out)
{
    const struct record *record = fold(b, r, UINT64_MAX, NULL, a);
    *out = (struct link_answer){.id = r->id.id};
    if (record == NULL || !answer_kind(record->data, &out->kind)) return false;
    const struct decision *d = record->data;
    const struct book_line *given = line_giving(r, decision_field_to),
                           *second = line_giving(r, decision_field_approved_by);
    if (given == NULL) given = line_giving(r, decision_field_type);
    out->at_ms = d->decided_at.precision ? d->decided_at.ms : given->line.change.known_at_ms;
    out->by = str_present(d->by) ? d->by : S("");
    out->reason = str_present(d->rationale) ? d->rationale : S("");
    out->why = str_present(d->why) ? d->why : S("");
    out->approved_by = str_present(d->approved_by) ? d->approved_by : S("");
    out->account = account_of(given);
    out->approved_account = second == given ? S("") : account_of(second);
    out->approved_ms = second != NULL && second != given ? second->line.change.known_at_ms : 0;
    out->owner = str_present(d->owner) ? d->owner : S("");
    out->due_ms = d->due_at.precision ? d->due_at.ms : 0;
    facts_then(b, l, given->line.seq, a, &out->facts);
    return true;
}

void link_book_case(const struct link_book *book, size_t at, struct arena *a, struct link_case *out)
{
    struct link_book *b = (struct link_book *)(uintptr_t)book; /* folding takes only the caller's memory */
    const struct book_link *l = &b->link[at];
    const struct link_note *n = &l->note;
    struct link_answer *answer = NEW_ARRAY(a, struct link_answer, l->answer.count + 1);
    struct link_case c = {.raised_ms = n->raised_ms,
                          .told_ms = n->back_record || n->told_ms > n->raised_ms ? n->told_ms : n->raised_ms,
                          .back_record = n->back_record,
                          .merged = n->merged,
                          .now = {n->changed_ms, n->score_db, n->facts, n->events, n->model},
                          .answer = answer};
    for (size_t i = 0; i < l->answer.count; i++)
        if (answer_fill(b, l, &b->record[l->answer.item[i]], a, &answer[c.answers])) c.answers++;
    *out = c;
}

static bool stands(const struct book_restriction *x, Str key, int64_t at_ms)
{
    return x->from_ms <= at_ms && at_ms < x->until_ms && list_has(&x->event, key);
}

bool link_book_restricted(const struct link_book *b, const struct record_id *event, int64_t at_ms)
{
    char key[KEY_BYTES];
    if (b->restriction_count == 0) return false;
    Str of = event_key(event, key);
    for (size_t i = 0; i < b->restriction_count; i++)
        if (stands(&b->restriction[i], of, at_ms)) return true;
    return false;
}

void link_book_restricted_each(const struct link_book *b, int64_t at_ms, struct table *out)
{
    for (size_t i = 0; i < b->restriction_count; i++)
        for (size_t k = 0; k < b->restriction[i].event.count; k++)
            if (stands(&b->restriction[i], b->restriction[i].event.item[k], at_ms))
                (void)table_at(out, b->restriction[i].event.item[k], NULL);
}

size_t link_book_restricted_count(const struct link_book *b, int64_t at_ms)
{
    struct table *seen CLEANUP_TABLE = table_new(RECORDS_MAX);
    link_book_restricted_each(b, at_ms, seen);
    return table_count(seen);
}
