/* From lines to a record: per source the latest assertion, then the sources against each other. */
#include "model/canon.h"
#include "model/record.h"

#include <stdlib.h>

/* A line in view. */
struct seen {
    const struct entry_line *line;
    size_t position; /* in the caller's array: the last tie-break */
};

/* What one source holds of one field: its latest assertion, when that is not a withdrawal. */
struct assertion {
    const struct fact *fact;
    const struct entry_line *line;
    uint64_t rank;
    struct assertion *next; /* of a set: the other sources */
};

/* By source, then by time: the last line of a source that speaks of a field is the one that counts. */
static int seen_compare(const void *left, const void *right)
{
    const struct seen *a = left, *b = right;
    const struct change *x = &a->line->change, *y = &b->line->change;
    int order = str_compare(x->source, y->source);

    if (order != 0) return order;
    if (x->known_at_ms != y->known_at_ms) return x->known_at_ms < y->known_at_ms ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (a->line->seq != b->line->seq) return a->line->seq < b->line->seq ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Sources come in the order of their names, so that an equal stays behind the earlier name. */
static bool wins(const struct assertion *challenger, const struct assertion *holder)
{
    if (challenger->rank != holder->rank) return challenger->rank > holder->rank;
    return challenger->line->change.known_at_ms > holder->line->change.known_at_ms;
}

/* One more source that holds a value. Sets keep all their sources, the winner first. */
static void field_merge(struct assertion **held, struct holding *h, struct assertion *mine, bool is_set)
{
    h->sources++;
    if (!*held) {
        *held = mine;
        return;
    }
    if (!is_set && !str_eq((*held)->fact->value, mine->fact->value)) h->disputed = true;
    if (wins(mine, *held)) {
        mine->next = *held;
        *held = mine;
    } else {
        mine->next = (*held)->next;
        (*held)->next = mine;
    }
}

static int keyed_compare(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = str_compare(a->text, b->text);

    /* the same text under two versions of the rules: any key goes before none, then by bytes */
    if (order != 0) return order;
    if (str_empty(a->key) != str_empty(b->key)) return str_empty(a->key) ? 1 : -1;
    return str_compare(a->key, b->key);
}

static bool keyed_items(struct arena *a, const struct fact *f, struct keyed_list *out)
{
    struct str_list text, key = {NULL, 0};

    if (!canon_read_strings(a, f->value, &text)) return false;
    if (!str_empty(f->key) && (!canon_read_strings(a, f->key, &key) || key.count != text.count)) return false;
    *out = (struct keyed_list){NEW_ARRAY(a, struct keyed, text.count + 1), text.count};
    for (size_t i = 0; i < text.count; i++)
        out->item[i] = (struct keyed){text.item[i], key.count ? key.item[i] : S("")};
    return true;
}

/* The union of addresses; each keeps its key beside it. */
static bool unite_keyed(struct arena *a, const struct assertion *first, size_t sources, struct holding *h)
{
    struct keyed_list *part = NEW_ARRAY(a, struct keyed_list, sources);
    struct str_list text, key;
    struct keyed *all;
    size_t total = 0, n = 0, i = 0;

    for (const struct assertion *s = first; s; s = s->next, i++) {
        if (!keyed_items(a, s->fact, &part[i])) return false;
        total += part[i].count;
    }
    all = NEW_ARRAY(a, struct keyed, total + 1);
    for (i = 0; i < sources; i++) {
        for (size_t j = 0; j < part[i].count; j++)
            all[n++] = part[i].item[j];
    }
    qsort(all, n, sizeof *all, keyed_compare);
    text = (struct str_list){NEW_ARRAY(a, Str, n + 1), 0};
    key = (struct str_list){NEW_ARRAY(a, Str, n + 1), 0};
    for (i = 0; i < n; i++) {
        if (i > 0 && str_eq(all[i].text, all[i - 1].text)) continue;
        text.item[text.count++] = all[i].text;
        key.item[key.count++] = all[i].key;
    }
    h->value = canon_strings(a, &text);
    h->key = canon_strings(a, &key);
    return true;
}

static bool unite(struct arena *a, const struct field *f, const struct assertion *first, size_t sources,
                  struct holding *h)
{
    bool objects = f->type == FT_LEVELS || f->type == FT_DATED;
    struct str_list *part, all;
    size_t total = 0, i = 0;

    if (f->type == FT_ADDRESSES) return unite_keyed(a, first, sources, h);
    part = NEW_ARRAY(a, struct str_list, sources);
    for (const struct assertion *s = first; s; s = s->next, i++) {
        if (!(objects ? canon_read_objects : canon_read_strings)(a, s->fact->value, &part[i])) return false;
        total += part[i].count;
    }
    all = (struct str_list){NEW_ARRAY(a, Str, total + 1), 0};
    for (i = 0; i < sources; i++) {
        for (size_t j = 0; j < part[i].count; j++)
            all.item[all.count++] = part[i].item[j];
    }
    str_sort_unique(&all);
    h->value = objects ? canon_objects(a, &all) : canon_strings(a, &all);
    h->key = S("");
    return true;
}

/* The lines in view, sorted; heads of the record on the way. */
static enum status select_lines(struct arena *a, const struct entry_line *lines, size_t count,
                                struct view view, struct seen **out, size_t *out_count, struct record *r,
                                struct err *e)
{
    struct seen *seen = NEW_ARRAY(a, struct seen, count + 1);
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        const struct change *c = &lines[i].change;
        if (!record_id_eq(&c->record, &lines[0].change.record))
            return ERR(e, E_INTERNAL, "", "lines of two records were given to be folded as one");
        if (c->known_at_ms > view.known_at_ms || lines[i].seq > view.seq) continue;
        if (lines[i].seq > r->version) r->version = lines[i].seq;
        if (lines[i].withdrawn) continue;
        if (n == 0 || c->known_at_ms < r->first_known_ms) r->first_known_ms = c->known_at_ms;
        if (n == 0 || c->known_at_ms > r->last_known_ms) r->last_known_ms = c->known_at_ms;
        seen[n++] = (struct seen){&lines[i], i};
    }
    if (n == 0) return ERR(e, E_NOT_FOUND, "", "no such record in this view");
    qsort(seen, n, sizeof *seen, seen_compare);
    *out = seen;
    *out_count = n;
    return OK;
}

/* One source's lines, oldest first: its latest word on each field goes into `held`. */
static enum status fold_source(struct arena *a, const struct policy *policy, const struct kind *kind,
                               const struct seen *seen, size_t count, struct assertion *held[FIELDS_MAX],
                               struct holding *holdings, struct err *e)
{
    uint64_t rank = policy_precedence(policy, seen[0].line->change.source);
    struct assertion latest[FIELDS_MAX] = {0};

    for (size_t i = 0; i < count; i++) {
        const struct change *c = &seen[i].line->change;
        for (size_t j = 0; j < c->fact_count; j++) {
            int field = c->fact[j].field;
            if (field < 0 || (size_t)field >= kind->field_count)
                return ERR(e, E_INTERNAL, kind->name, "kind %s has no field %d", kind->name, field);
            latest[field] = (struct assertion){&c->fact[j], seen[i].line, rank, NULL};
        }
    }
    for (size_t i = 0; i < kind->field_count; i++) {
        if (!latest[i].fact || str_eq(latest[i].fact->value, S("null"))) continue;
        struct assertion *mine = NEW(a, struct assertion);
        *mine = latest[i];
        field_merge(&held[i], &holdings[i], mine, field_type_is_set(kind->field[i].type));
    }
    return OK;
}

static enum status settle(struct arena *a, const struct field *f, const struct assertion *held,
                          struct holding *h, struct err *e)
{
    h->source = held->line->change.source;
    h->known_at_ms = held->line->change.known_at_ms;
    h->seq = held->line->seq;
    if (field_type_is_set(f->type) && h->sources > 1) {
        if (!unite(a, f, held, h->sources, h))
            return ERR(e, E_INVALID, f->name,
                       "%s holds something else than a list; an entry's body is damaged", f->name);
        return OK;
    }
    h->value = held->fact->value;
    h->key = held->fact->key;
    return OK;
}

enum status record_fold(struct arena *a, const struct policy *policy, const struct entry_line *lines,
                        size_t count, struct view view, struct record *out, struct err *e)
{
    struct assertion *held[FIELDS_MAX] = {NULL};
    struct record r = {0};
    struct holding *holdings;
    const struct kind *kind;
    struct seen *seen = NULL;
    size_t n = 0;
    void *data;

    if (count == 0) return ERR(e, E_NOT_FOUND, "", "no such record in this view");
    r.id = lines[0].change.record;
    kind = kind_of(r.id.kind);
    TRY(select_lines(a, lines, count, view, &seen, &n, &r, e));
    holdings = NEW_ARRAY(a, struct holding, kind->field_count);
    for (size_t from = 0, to; from < n; from = to) {
        to = from + 1;
        while (to < n && str_eq(seen[to].line->change.source, seen[from].line->change.source))
            to++;
        TRY(fold_source(a, policy, kind, &seen[from], to - from, held, holdings, e));
    }
    data = arena_alloc(a, 1, kind->size, _Alignof(max_align_t));
    for (size_t i = 0; i < kind->field_count; i++) {
        if (held[i]) TRY(settle(a, &kind->field[i], held[i], &holdings[i], e));
        TRY(field_decode(a, &kind->field[i], holdings[i].value, holdings[i].key, data, e));
    }
    r.held = holdings;
    r.data = data;
    *out = r;
    return OK;
}
