#include "link/shelf.h"

#include "base/alloc.h"
#include "link/world_internal.h"
#include "model/kinds.h"
#include "model/normalise.h"

#define RECORD_BYTES_MAX ((size_t)64 << 20)
#define WORDS_MAX        ((size_t)1 << 24)

struct kept {
    struct arena *arena;
    struct record record;
    uint32_t slot; /* + 1; 0: nothing */
    bool folded;   /* something was left of it */
};

struct shelf {
    struct table *words; /* sources, roles, types: few, and used again and again */
    struct kept kept[RECORDS_KEPT];
    uint32_t *place; /* by slot: in `kept`, + 1 */
    size_t place_room;
    size_t next;
};

struct shelf *shelf_new(void)
{
    struct shelf *s = alloc_zero(1, sizeof *s);
    s->words = table_new(WORDS_MAX);
    return s;
}

void shelf_free(struct shelf *s)
{
    if (s == NULL) return;
    for (size_t i = 0; i < RECORDS_KEPT; i++)
        arena_free(s->kept[i].arena);
    table_free(s->words);
    alloc_free(s->place);
    alloc_free(s);
}

/* ---- lines ----------------------------------------------------------------------------------------- */

/* A fact, packed: its field and the lengths of value and key stand before the text. */
struct packed_fact {
    int32_t field;
    uint32_t value_len, key_len;
};

const struct packed_line *shelf_pack(struct world *w, const struct change *line, uint64_t seq,
                                     const struct packed_line *before)
{
    size_t bytes = sizeof(struct packed_line) + line->fact_count * sizeof(struct packed_fact);
    for (size_t i = 0; i < line->fact_count; i++)
        bytes += line->fact[i].value.len + line->fact[i].key.len;
    struct packed_line *p = arena_alloc(w->arena, 1, bytes, _Alignof(struct packed_line));
    struct packed_fact *fact = (struct packed_fact *)(p + 1);
    char *text = (char *)(fact + line->fact_count);
    *p = (struct packed_line){before, line->known_at_ms, seq, table_intern(w->shelf->words, line->source),
                              (uint32_t)line->fact_count};
    for (size_t i = 0; i < line->fact_count; i++) {
        const struct fact *f = &line->fact[i];
        fact[i] = (struct packed_fact){f->field, (uint32_t)f->value.len, (uint32_t)f->key.len};
        if (f->value.len > 0) memcpy(text, f->value.ptr, f->value.len);
        text += f->value.len;
        if (f->key.len > 0) memcpy(text, f->key.ptr, f->key.len);
        text += f->key.len;
    }
    return p;
}

size_t packed_line_bytes(const struct packed_line *p)
{
    const struct packed_fact *fact = (const struct packed_fact *)(p + 1);
    size_t bytes = sizeof *p + p->facts * sizeof *fact;
    for (size_t i = 0; i < p->facts; i++)
        bytes += (size_t)fact[i].value_len + fact[i].key_len;
    return bytes;
}

struct table **shelf_words(struct shelf *s)
{
    return &s->words;
}

Str shelf_source(const struct world *w, uint32_t source)
{
    return table_key(w->shelf->words, source);
}

static void unpack(const struct world *w, struct arena *a, const struct record_id *id,
                   const struct packed_line *p, struct entry_line *out)
{
    const struct packed_fact *fact = (const struct packed_fact *)(p + 1);
    const char *text = (const char *)(fact + p->facts);
    struct fact *into = NEW_ARRAY(a, struct fact, p->facts);
    for (size_t i = 0; i < p->facts; i++) {
        Str value = {text, fact[i].value_len}, key = {text + value.len, fact[i].key_len};
        into[i] = (struct fact){.field = fact[i].field, .value = value, .key = key};
        text += value.len + key.len;
    }
    *out = (struct entry_line){.change = {.record = *id,
                                          .source = shelf_source(w, p->source),
                                          .known_at_ms = p->known_at_ms,
                                          .fact = into,
                                          .fact_count = p->facts},
                               .seq = p->seq};
}

static bool fold(const struct world *w, struct arena *a, uint32_t slot, struct record *out)
{
    const struct record_slot *s = &w->slot[slot];
    struct entry_line *line = NEW_ARRAY(a, struct entry_line, s->line_count);
    size_t at = s->line_count;
    for (const struct packed_line *p = s->last_line; p != NULL; p = p->before)
        unpack(w, a, &s->id, p, &line[--at]);
    /* Lines were checked on the way in; what cannot be folded with the newest stays what it was. */
    for (size_t n = s->line_count; n > 0; n--) {
        struct err e = {0};
        if (record_fold(a, w->policy, line, n, VIEW_NOW, out, &e) == OK) return true;
    }
    return false;
}

/* ---- folded records --------------------------------------------------------------------------------- */

static void room_for_slots(struct shelf *s, size_t count)
{
    if (count <= s->place_room) return;
    size_t room = count + count / 2 + 64;
    s->place = alloc_resize(s->place, room, sizeof *s->place);
    memset(s->place + s->place_room, 0, (room - s->place_room) * sizeof *s->place);
    s->place_room = room;
}

/* In place of the one that was kept first. A slot that is folded again moves to the end, so that those of one
 * call never drive one another out. */
static void place_anew(struct shelf *s, uint32_t slot)
{
    if (s->place[slot] != 0) s->kept[s->place[slot] - 1].slot = 0;
    struct kept *oldest = &s->kept[s->next];
    if (oldest->slot != 0) s->place[oldest->slot - 1] = 0;
    oldest->slot = slot + 1;
    s->place[slot] = (uint32_t)++s->next;
    s->next %= RECORDS_KEPT;
}

#define FOLDED_AT_ONCE 16
struct folding {
    const struct world *w;
    const uint32_t *slot;
    size_t count;
};

static void fold_part(void *state, size_t part, size_t thread)
{
    const struct folding *f = state;
    struct shelf *s = f->w->shelf;
    (void)thread; /* each record has an arena of its own */
    for (size_t i = part * FOLDED_AT_ONCE; i < f->count && i < (part + 1) * FOLDED_AT_ONCE; i++) {
        struct kept *k = &s->kept[s->place[f->slot[i]] - 1];
        if (k->arena == NULL)
            k->arena = arena_new("a record", RECORD_BYTES_MAX);
        else
            arena_reset(k->arena);
        k->folded = fold(f->w, k->arena, f->slot[i], &k->record);
    }
}

void shelf_fold(const struct world *w, const uint32_t *slot, size_t count, size_t threads)
{
    struct shelf *s = w->shelf;
    MUST(count <= RECORDS_KEPT);
    room_for_slots(s, w->slot_count);
    for (size_t i = 0; i < count; i++)
        place_anew(s, slot[i]);
    struct folding f = {w, slot, count};
    parallel_run(threads, (count + FOLDED_AT_ONCE - 1) / FOLDED_AT_ONCE, fold_part, &f);
    for (size_t i = 0; i < count; i++) {
        struct kept *k = &s->kept[s->place[slot[i]] - 1];
        if (!k->folded) s->place[slot[i]] = k->slot = 0;
    }
}

const struct record *shelf_kept(const struct world *w, uint32_t slot)
{
    const struct shelf *s = w->shelf;
    return slot < s->place_room && s->place[slot] != 0 ? &s->kept[s->place[slot] - 1].record : NULL;
}

const struct record *shelf_record(const struct world *w, uint32_t slot)
{
    const struct record *r = shelf_kept(w, slot);
    if (r != NULL) return r;
    shelf_fold(w, &slot, 1, 1);
    return shelf_kept(w, slot);
}

const struct record *shelf_read(const struct world *w, uint32_t slot, struct arena *a)
{
    const struct record *r = shelf_kept(w, slot);
    if (r != NULL) return r;
    struct record *own = NEW(a, struct record);
    return fold(w, a, slot, own) ? own : NULL;
}

/* ---- what ties -------------------------------------------------------------------------------------- */

Str shelf_word(struct world *w, Str text)
{
    return str_empty(text) ? STR_NONE : table_key(w->shelf->words, table_intern(w->shelf->words, text));
}

static Str kept_text(struct world *w, Str old, Str text)
{
    return str_eq(old, text) ? old : str_copy(w->arena, text);
}

void shelf_keep_tying(struct world *w, uint32_t slot, const struct record *r)
{
    struct record_slot *s = &w->slot[slot];
    if (s->tying == NULL) s->tying = NEW(w->arena, struct tying);
    struct tying *t = s->tying;
    if (r->id.kind == KIND_INVOLVEMENT) {
        const struct involvement *v = r->data;
        t->event = kept_text(w, t->event, v->event);
        t->person = kept_text(w, t->person, v->person);
        t->role = shelf_word(w, v->role);
    } else if (r->id.kind == KIND_IDENTIFIER) {
        const struct identifier *v = r->data;
        t->holder = kept_text(w, t->holder, v->holder);
        t->key = kept_text(w, t->key, v->value.key);
        t->type = shelf_word(w, v->type);
        t->role = shelf_word(w, v->role);
    } else if (r->id.kind == KIND_PERSON) {
        const struct person *p = r->data;
        struct arena *scratch CLEANUP_ARENA = arena_new("a name", (size_t)1 << 20);
        t->key = kept_text(w, t->key, str_empty(p->name) ? STR_NONE : normalise_name(scratch, p->name));
        t->address = (struct str_list){NEW_ARRAY(w->arena, Str, p->addresses.count), p->addresses.count};
        for (size_t i = 0; i < p->addresses.count; i++)
            t->address.item[i] = str_copy(w->arena, p->addresses.item[i].key);
    }
}
