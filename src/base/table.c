#include "base/table.h"

#include "base/alloc.h"
#include "base/hash.h"

/* Entries stand densely in order of insertion; an open-addressed index of slots points at them.
 * A slot is 32 bits of the hash above the entry's number + 1, 0 when empty, so that probing
 * touches an entry only when it very likely is the one. */

enum table_kind { KIND_UNUSED, KIND_TEXT, KIND_NUMBER };

struct text_entry {
    Str key;
    uint64_t value;
};

struct number_entry {
    uint64_t key;
    uint64_t value;
};

struct table {
    uint64_t *slot;
    size_t mask; /* slots - 1; the number of slots is a power of two */
    struct text_entry *text;
    struct number_entry *number;
    size_t count;
    size_t room;
    size_t entries_max;
    struct arena *keys;
    enum table_kind kind;
};

enum { SLOTS_FIRST = 32 };

struct table *table_new(size_t entries_max)
{
    struct table *t = alloc_zero(1, sizeof *t);
    t->entries_max = entries_max < UINT32_MAX - 1 ? entries_max : UINT32_MAX - 1;
    t->slot = alloc_zero(SLOTS_FIRST, sizeof t->slot[0]);
    t->mask = SLOTS_FIRST - 1;
    return t;
}

void table_free(struct table *t)
{
    if (t == NULL) return;
    arena_free(t->keys);
    alloc_free(t->slot);
    alloc_free(t->text);
    alloc_free(t->number);
    alloc_free(t);
}

void table_cleanup(struct table **t)
{
    table_free(*t);
    *t = NULL;
}

size_t table_count(const struct table *t)
{
    return t->count;
}

static uint32_t slot_tag(uint64_t slot)
{
    return (uint32_t)(slot >> 32);
}

static size_t slot_entry(uint64_t slot)
{
    return (uint32_t)slot - 1;
}

static void table_rehash(struct table *t)
{
    size_t slots = (t->mask + 1) * 2;
    uint64_t *fresh = alloc_zero(slots, sizeof fresh[0]);
    for (size_t i = 0; i <= t->mask; i++) {
        if (t->slot[i] == 0) continue;
        size_t at = slot_tag(t->slot[i]) & (slots - 1);
        while (fresh[at] != 0)
            at = (at + 1) & (slots - 1);
        fresh[at] = t->slot[i];
    }
    alloc_free(t->slot);
    t->slot = fresh;
    t->mask = slots - 1;
}

/* Takes a new entry's number and fills its slot; keeps the index at most two thirds full. */
static size_t table_add(struct table *t, uint32_t tag, size_t at)
{
    if (t->count >= t->entries_max) alloc_exhausted("a table of keys", sizeof(struct text_entry));
    if (t->count == t->room) {
        t->room = t->room == 0 ? 16 : t->room * 2;
        if (t->kind == KIND_TEXT)
            t->text = alloc_resize(t->text, t->room, sizeof t->text[0]);
        else
            t->number = alloc_resize(t->number, t->room, sizeof t->number[0]);
    }
    size_t entry = t->count++;
    t->slot[at] = (uint64_t)tag << 32 | (entry + 1);
    if (t->count * 3 > (t->mask + 1) * 2) table_rehash(t);
    return entry;
}

static void table_use(struct table *t, enum table_kind kind)
{
    if (t->kind == KIND_UNUSED) t->kind = kind;
    MUST(t->kind == kind);
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t find_text(const struct table *t, Str key, uint32_t tag)
{
    size_t at = tag & t->mask;
    for (; t->slot[at] != 0; at = (at + 1) & t->mask)
        if (slot_tag(t->slot[at]) == tag && str_eq(t->text[slot_entry(t->slot[at])].key, key)) break;
    return at;
}

static size_t find_number(const struct table *t, uint64_t key, uint32_t tag)
{
    size_t at = tag & t->mask;
    for (; t->slot[at] != 0; at = (at + 1) & t->mask)
        if (slot_tag(t->slot[at]) == tag && t->number[slot_entry(t->slot[at])].key == key) break;
    return at;
}

static uint32_t text_tag(Str key)
{
    return (uint32_t)(hash64(key) >> 32);
}

static uint32_t number_tag(uint64_t key)
{
    return (uint32_t)(hash64_mix(key, 0) >> 32);
}

uint64_t *table_at(struct table *t, Str key, bool *fresh)
{
    table_use(t, KIND_TEXT);
    uint32_t tag = text_tag(key);
    size_t at = find_text(t, key, tag);
    bool absent = t->slot[at] == 0;
    if (fresh != NULL) *fresh = absent;
    if (!absent) return &t->text[slot_entry(t->slot[at])].value;
    if (t->keys == NULL) t->keys = arena_new("the keys of a table", SIZE_MAX);
    Str own = str_copy(t->keys, (Str){key.len > 0 ? key.ptr : "", key.len});
    size_t entry = table_add(t, tag, at);
    t->text[entry] = (struct text_entry){own, 0};
    return &t->text[entry].value;
}

const uint64_t *table_find(const struct table *t, Str key)
{
    if (t->kind == KIND_UNUSED) return NULL;
    MUST(t->kind == KIND_TEXT);
    size_t at = find_text(t, key, text_tag(key));
    return t->slot[at] != 0 ? &t->text[slot_entry(t->slot[at])].value : NULL;
}

uint64_t *table_at_number(struct table *t, uint64_t key, bool *fresh)
{
    table_use(t, KIND_NUMBER);
    uint32_t tag = number_tag(key);
    size_t at = find_number(t, key, tag);
    bool absent = t->slot[at] == 0;
    if (fresh != NULL) *fresh = absent;
    if (!absent) return &t->number[slot_entry(t->slot[at])].value;
    size_t entry = table_add(t, tag, at);
    t->number[entry] = (struct number_entry){key, 0};
    return &t->number[entry].value;
}

const uint64_t *table_find_number(const struct table *t, uint64_t key)
{
    if (t->kind == KIND_UNUSED) return NULL;
    MUST(t->kind == KIND_NUMBER);
    size_t at = find_number(t, key, number_tag(key));
    return t->slot[at] != 0 ? &t->number[slot_entry(t->slot[at])].value : NULL;
}

void table_ask_number(const struct table *t, uint64_t key)
{
    __builtin_prefetch(&t->slot[number_tag(key) & t->mask]);
}

/* Most keys stand in their first slot. */
void table_ask_again(const struct table *t, uint64_t key)
{
    uint64_t slot = t->slot[number_tag(key) & t->mask];
    if (slot != 0 && t->kind == KIND_NUMBER) __builtin_prefetch(&t->number[slot_entry(slot)]);
}

Str table_key(const struct table *t, size_t i)
{
    MUST(t->kind == KIND_TEXT && i < t->count);
    return t->text[i].key;
}

uint64_t table_key_number(const struct table *t, size_t i)
{
    MUST(t->kind == KIND_NUMBER && i < t->count);
    return t->number[i].key;
}

uint64_t *table_value(const struct table *t, size_t i)
{
    MUST(i < t->count);
    return t->kind == KIND_TEXT ? &t->text[i].value : &t->number[i].value;
}

uint32_t table_intern(struct table *t, Str key)
{
    bool fresh;
    uint64_t *number = table_at(t, key, &fresh);
    if (fresh) *number = t->count - 1;
    return (uint32_t)*number;
}

/* ---- as bytes --------------------------------------------------------------------------------------- */

struct table_head {
    uint64_t kind, count, slots, key_bytes;
};

void table_save(const struct table *t, struct buf *out)
{
    struct table_head head = {t->kind, t->count, t->mask + 1, 0};
    for (size_t i = 0; t->kind == KIND_TEXT && i < t->count; i++)
        head.key_bytes += t->text[i].key.len;
    buf_add_bytes(out, &head, sizeof head);
    buf_add_bytes(out, t->slot, head.slots * sizeof *t->slot);
    if (t->kind == KIND_NUMBER) buf_add_bytes(out, t->number, t->count * sizeof *t->number);
    if (t->kind != KIND_TEXT) return;
    for (size_t i = 0; i < t->count; i++) {
        uint64_t pair[2] = {t->text[i].key.len, t->text[i].value};
        buf_add_bytes(out, pair, sizeof pair);
    }
    for (size_t i = 0; i < t->count; i++)
        buf_add(out, t->text[i].key);
}

static bool take_bytes(Str *from, void *into, size_t count, size_t size)
{
    if (count > from->len / size) return false;
    if (count > 0) memcpy(into, from->ptr, count * size);
    *from = str_slice(*from, count * size, from->len);
    return true;
}

static bool restore_text(struct table *t, Str *bytes)
{
    if (t->count > bytes->len / (2 * sizeof(uint64_t))) return false;
    const char *pair = bytes->ptr;
    *bytes = str_slice(*bytes, t->count * 2 * sizeof(uint64_t), bytes->len);
    for (size_t i = 0; i < t->count; i++, pair += 2 * sizeof(uint64_t)) {
        uint64_t len;
        memcpy(&len, pair, sizeof len);
        memcpy(&t->text[i].value, pair + sizeof len, sizeof t->text[i].value);
        if (len > bytes->len) return false;
        t->text[i].key = str_slice(*bytes, 0, len);
        *bytes = str_slice(*bytes, len, bytes->len);
    }
    return true;
}

struct table *table_restore(Str *bytes, size_t entries_max)
{
    struct table_head head;
    struct table *t = table_new(entries_max);
    if (!take_bytes(bytes, &head, 1, sizeof head) || head.slots > bytes->len / sizeof *t->slot ||
        head.slots < SLOTS_FIRST || (head.slots & (head.slots - 1)) != 0 || head.count > bytes->len)
        goto broken;
    t->kind = (enum table_kind)head.kind;
    t->count = t->room = head.count;
    t->mask = head.slots - 1;
    t->slot = alloc_resize(t->slot, head.slots, sizeof *t->slot);
    if (!take_bytes(bytes, t->slot, head.slots, sizeof *t->slot)) goto broken;
    if (t->kind == KIND_TEXT) {
        t->text = alloc_resize(NULL, t->count + 1, sizeof *t->text);
        if (!restore_text(t, bytes)) goto broken;
    } else if (t->kind == KIND_NUMBER) {
        t->number = alloc_resize(NULL, t->count + 1, sizeof *t->number);
        if (!take_bytes(bytes, t->number, t->count, sizeof *t->number)) goto broken;
    }
    return t;
broken:
    table_free(t);
    return NULL;
}
