/* The linker as bytes. Sections follow one another in the order of SECTIONS; each starts at a multiple of
 * eight. Arrays of numbers and packed lines are used where they stand in the image, whose memory the world
 * takes over; what grows moves to the arena. Addresses of this run are left out, so that the same lines give
 * the same bytes. Counts are checked against what is left, so that a short image is refused. */
#include "base/hash.h"
#include "link/index.h"

#define SNAPSHOT_FORM 1 /* raise it whenever what is read from a record, or this form, changes */

/* ---- writing and reading ---------------------------------------------------------------------------- */

/* The image begins where the buffer does. */
static void fill_up(struct buf *out)
{
    static const char NOTHING[8] = {0};
    buf_add_bytes(out, NOTHING, (8 - out->len % 8) % 8);
}

static void put(struct buf *out, const void *p, size_t bytes)
{
    if (bytes > 0) buf_add_bytes(out, p, bytes);
    fill_up(out);
}

static void put_number(struct buf *out, uint64_t n)
{
    put(out, &n, sizeof n);
}

struct image {
    char *at;
    size_t left;
    bool is_short;
};

/* The bytes where they stand; NULL when there are not so many. */
static void *take(struct image *m, size_t count, size_t size)
{
    if (m->is_short || count > m->left / size) {
        m->is_short = true;
        return NULL;
    }
    void *p = m->at;
    size_t bytes = (count * size + 7) / 8 * 8;
    bytes = bytes > m->left ? m->left : bytes;
    m->at += bytes;
    m->left -= bytes;
    return p;
}

static uint64_t take_number(struct image *m)
{
    const uint64_t *p = take(m, 1, sizeof *p);
    return p == NULL ? 0 : *p;
}

static void put_numbers(struct buf *out, const uint32_t *p, size_t count)
{
    put_number(out, count);
    put(out, p, count * sizeof *p);
}

static uint32_t *take_numbers(struct image *m, size_t *count)
{
    *count = (size_t)take_number(m);
    uint32_t *p = take(m, *count, sizeof *p);
    if (p == NULL) *count = 0;
    return p;
}

/* ---- what the image belongs to ---------------------------------------------------------------------- */

static uint64_t hash_bytes(uint64_t h, const void *p, size_t bytes)
{
    return hash64_mix(h, hash64((Str){p, bytes}));
}

/* Everything of the model that weighs or reads, the vocabularies, and the forms of what is stored raw. */
static uint64_t identity(const struct link_model *m, const struct policy *p)
{
    const size_t forms[] = {SNAPSHOT_FORM,
                            sizeof(struct event),
                            sizeof(struct node),
                            sizeof(struct row),
                            sizeof(struct packed_line),
                            sizeof(struct record_slot),
                            FEATURE_COUNT,
                            NODE_LEVELS,
                            KIND_COUNT,
                            NORMALISER_VERSION,
                            p->vocabulary_version,
                            p->source_count,
                            (size_t)m->version,
                            (size_t)m->institution_deaths,
                            (size_t)m->common_deaths,
                            m->role_count};
    const double numbers[] = {m->belief,           m->smoothing,          m->population_prior,
                              m->rest_share,       m->prior_series_pairs, m->history_weeks,
                              m->other_role_factor};
    uint64_t h = hash_bytes(hash64(m->label), forms, sizeof forms);
    h = hash_bytes(h, numbers, sizeof numbers);
    h = hash_bytes(h, m->feature, sizeof m->feature);
    h = hash_bytes(h, m->place_radius_m, sizeof m->place_radius_m);
    h = hash_bytes(h, m->place_m, sizeof m->place_m);
    h = hash_bytes(h, m->time_days, sizeof m->time_days);
    h = hash_bytes(h, m->time_m, sizeof m->time_m);
    h = hash_bytes(h, m->age_years, sizeof m->age_years);
    h = hash_bytes(h, m->age_m, sizeof m->age_m);
    for (size_t i = 0; i < m->role_count; i++) {
        h = hash64_mix(h, hash64(m->role[i].role));
        h = hash_bytes(h, &m->role[i].factor, sizeof m->role[i].factor);
        h = hash64_mix(h, m->role[i].of_place);
    }
    return hash64_mix(h, hash64(S(COLLIGATE_VERSION)));
}

struct head {
    char magic[8];
    uint64_t identity, bytes; /* of all that follows the head */
    int64_t now_ms, frozen_ms;
    uint64_t next_seq, slots, refs, events, nodes, counts_epoch;
};
static const char MAGIC[8] = "COLWRLD";

/* ---- tables ----------------------------------------------------------------------------------------- */

#define TABLES 11
static void tables_of(struct world *w, struct table **t[TABLES + FEATURE_COUNT])
{
    struct table **const all[TABLES] = {shelf_words(w->shelf), &w->records, &w->event_refs, &w->person_refs,
                                        &w->holder_refs,       &w->nodes,   &w->cells,      &w->addresses,
                                        &w->buildings,         &w->spots,   &w->values};
    memcpy(t, all, sizeof all);
    for (size_t f = 0; f < FEATURE_COUNT; f++)
        t[TABLES + f] = &w->codes[f];
}

static void save_tables(struct world *w, struct buf *out)
{
    struct table **t[TABLES + FEATURE_COUNT];
    tables_of(w, t);
    for (size_t i = 0; i < COUNT_OF(t); i++) {
        table_save(*t[i], out);
        fill_up(out);
    }
}

static void restore_tables(struct world *w, struct image *m)
{
    struct table **t[TABLES + FEATURE_COUNT];
    tables_of(w, t);
    for (size_t i = 0; i < COUNT_OF(t) && !m->is_short; i++) {
        Str rest = {m->at, m->left};
        struct table *own = table_restore(&rest, UINT32_MAX);
        m->is_short = own == NULL;
        if (own == NULL) return;
        table_free(*t[i]);
        *t[i] = own;
        (void)take(m, m->left - rest.len, 1);
    }
}

/* ---- postings --------------------------------------------------------------------------------------- */

static void save_postings(const struct posting *p, size_t count, struct buf *out)
{
    put_number(out, count);
    for (size_t i = 0; i < count; i++)
        buf_add_bytes(out, &(uint32_t){(uint32_t)p[i].count}, sizeof(uint32_t));
    fill_up(out);
    for (size_t i = 0; i < count; i++)
        if (p[i].count > 0) buf_add_bytes(out, p[i].event, p[i].count * sizeof *p[i].event);
    fill_up(out);
}

static struct posting *restore_postings(struct world *w, struct image *m, size_t *room)
{
    size_t count, sum = 0;
    const uint32_t *each = take_numbers(m, &count);
    struct posting *p = NEW_ARRAY(w->arena, struct posting, count + 1);
    for (size_t i = 0; i < count; i++)
        sum += each[i];
    uint32_t *event = take(m, sum, sizeof *event);
    *room = count;
    if (event == NULL) return p;
    for (size_t i = 0; i < count; i++) {
        p[i] = (struct posting){event, each[i], each[i]};
        event += each[i];
    }
    return p;
}

struct posting_array {
    struct posting **posting;
    size_t *room;
};
#define POSTINGS (5 + LIST_FEATURES)
static void postings_of(struct world *w, struct posting_array out[POSTINGS])
{
    const struct posting_array all[5] = {{&w->address_events, &w->address_room},
                                         {&w->building_events, &w->building_room},
                                         {&w->spot_events, &w->spot_room},
                                         {&w->value_events, &w->value_room},
                                         {&w->value_holders, &w->value_holders_room}};
    memcpy(out, all, sizeof all);
    for (size_t l = 0; l < LIST_FEATURES; l++)
        out[5 + l] = (struct posting_array){&w->list_events[l], &w->list_room[l]};
}

/* ---- records ---------------------------------------------------------------------------------------- */

struct saved_slot {
    uint32_t lines, first_source, event, addresses; /* addresses: UINT32_MAX: no tying */
    uint32_t is_folded, role, type;                 /* words, + 1 */
    uint32_t length[4];                             /* of event, person, holder, key */
};

static uint32_t word_number(struct world *w, Str word)
{
    return str_empty(word) ? 0 : table_intern(*shelf_words(w->shelf), word) + 1;
}

static Str word_at(const struct world *w, uint32_t number)
{
    return number == 0 ? STR_NONE : table_key(*shelf_words(w->shelf), number - 1);
}

static void save_tying(const struct tying *t, struct buf *out)
{
    const Str text[4] = {t->event, t->person, t->holder, t->key};
    for (size_t i = 0; i < t->address.count; i++)
        buf_add_bytes(out, &(uint32_t){(uint32_t)t->address.item[i].len}, sizeof(uint32_t));
    for (size_t i = 0; i < 4; i++)
        buf_add(out, text[i]);
    for (size_t i = 0; i < t->address.count; i++)
        buf_add(out, t->address.item[i]);
    fill_up(out);
}

/* The lines, the oldest first. */
static void save_lines(struct arena *scratch, const struct record_slot *s, struct buf *out)
{
    arena_reset(scratch);
    const struct packed_line **line = NEW_ARRAY(scratch, const struct packed_line *, s->line_count);
    size_t at = s->line_count;
    for (const struct packed_line *p = s->last_line; p != NULL; p = p->before)
        line[--at] = p;
    for (size_t i = 0; i < s->line_count; i++) {
        struct packed_line head = *line[i];
        head.before = NULL;
        put_number(out, packed_line_bytes(line[i]));
        put(out, &head, sizeof head);
        put(out, line[i] + 1, packed_line_bytes(line[i]) - sizeof head);
    }
}

static void save_slots(struct world *w, struct buf *out)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("lines of a record", (size_t)1 << 30);
    for (size_t i = 0; i < w->slot_count; i++) {
        const struct record_slot *s = &w->slot[i];
        const struct tying *t = s->tying;
        struct saved_slot saved = {
            .lines = s->line_count,
            .first_source = s->first_source,
            .event = s->event,
            .addresses = t == NULL ? UINT32_MAX : (uint32_t)t->address.count,
            .is_folded = s->folded,
        };
        if (t != NULL) {
            saved.role = word_number(w, t->role);
            saved.type = word_number(w, t->type);
            const uint32_t length[4] = {(uint32_t)t->event.len, (uint32_t)t->person.len,
                                        (uint32_t)t->holder.len, (uint32_t)t->key.len};
            memcpy(saved.length, length, sizeof length);
        }
        put(out, &saved, sizeof saved);
        if (t != NULL) save_tying(t, out);
        save_lines(scratch, s, out);
    }
}

static void restore_tying(struct world *w, struct image *m, const struct saved_slot *saved, struct tying *t)
{
    size_t bytes = saved->addresses * sizeof(uint32_t);
    const char *start = m->at;
    Str *const text[4] = {&t->event, &t->person, &t->holder, &t->key};
    if (bytes > m->left) {
        m->is_short = true;
        return;
    }
    const char *at = start + bytes;
    t->role = word_at(w, saved->role);
    t->type = word_at(w, saved->type);
    t->address = (struct str_list){NEW_ARRAY(w->arena, Str, saved->addresses), saved->addresses};
    for (size_t i = 0; i < 4; i++) {
        *text[i] = saved->length[i] == 0 ? STR_NONE : (Str){at, saved->length[i]};
        at += saved->length[i];
        bytes += saved->length[i];
    }
    for (size_t i = 0; i < saved->addresses && bytes <= m->left; i++) {
        uint32_t len;
        memcpy(&len, start + i * sizeof len, sizeof len);
        t->address.item[i] = (Str){at, len};
        at += len;
        bytes += len;
    }
    (void)take(m, bytes, 1);
}

static void restore_lines(struct image *m, struct record_slot *s)
{
    for (uint32_t i = 0; i < s->line_count && !m->is_short; i++) {
        struct packed_line *line = take(m, (size_t)take_number(m), 1);
        if (line == NULL) return;
        line->before = s->last_line;
        s->last_line = line;
    }
}

/* Kind, namespace and id stand in the key of the record. */
static struct record_id id_of_key(Str key)
{
    Str kind = STR_NONE, ns = STR_NONE;
    int64_t number = 0;
    (void)str_next(&key, '\x1f', &kind);
    (void)str_next(&key, '\x1f', &ns);
    MUST(str_to_i64(kind, &number) == OK);
    return (struct record_id){ns, (enum kind_id)number, key};
}

/* The largest arrays leave room for those to come: or the first arrival after a start would wait until all of
 * them were copied. */
static size_t with_room(size_t count)
{
    return count + count / 8 + 1;
}

static void restore_slots(struct world *w, struct image *m, size_t count)
{
    if (count != table_count(w->records)) m->is_short = true;
    if (m->is_short) return;
    w->slot_room = with_room(count);
    w->slot = NEW_ARRAY(w->arena, struct record_slot, w->slot_room);
    for (size_t i = 0; i < count; i++) {
        const struct saved_slot *saved = take(m, 1, sizeof *saved);
        if (saved == NULL) return;
        struct record_slot *s = &w->slot[i];
        *s = (struct record_slot){.id = id_of_key(table_key(w->records, i)),
                                  .line_count = saved->lines,
                                  .first_source = saved->first_source,
                                  .folded = saved->is_folded != 0,
                                  .event = saved->event};
        if (saved->addresses != UINT32_MAX) {
            s->tying = NEW(w->arena, struct tying);
            restore_tying(w, m, saved, s->tying);
        }
        restore_lines(m, s);
        w->slot_count++;
    }
}

/* ---- events ----------------------------------------------------------------------------------------- */

#define EVENT_LISTS (2 * LIST_FEATURES + 2)
static void lists_of(struct event *ev, struct item_list *out[EVENT_LISTS])
{
    for (size_t l = 0; l < LIST_FEATURES; l++) {
        out[l] = &ev->list[l];
        out[LIST_FEATURES + l] = &ev->counted_list[l];
    }
    out[EVENT_LISTS - 2] = &ev->wide;
    out[EVENT_LISTS - 1] = &ev->counted_wide;
}

struct saved_path {
    uint32_t value, role;
    int32_t person;
    uint8_t factor, flags;
};
enum { PATH_OF_PLACE = 1, PATH_SCENE = 2, PATH_HOP = 4, PATH_ALIKE = 8 };

static void save_events(struct world *w, struct buf *out)
{
    for (size_t i = 0; i < w->event_count; i++) {
        struct event *ev = &w->event[i];
        struct event bare = *ev;
        struct item_list *list[EVENT_LISTS];
        lists_of(&bare, list);
        bare.path = NULL;
        for (size_t l = 0; l < EVENT_LISTS; l++)
            list[l]->item = NULL;
        put(out, &bare, sizeof bare);
        lists_of(ev, list);
        for (size_t l = 0; l < EVENT_LISTS; l++)
            put(out, list[l]->item, list[l]->count * sizeof *list[l]->item);
        for (size_t k = 0; k < ev->path_count; k++) {
            const struct holding_path *p = &ev->path[k];
            struct saved_path saved = {p->value, word_number(w, p->role), p->person, p->factor,
                                       (uint8_t)((p->of_place ? PATH_OF_PLACE : 0) |
                                                 (p->scene ? PATH_SCENE : 0) | (p->hop ? PATH_HOP : 0) |
                                                 (p->alike ? PATH_ALIKE : 0))};
            put(out, &saved, sizeof saved);
        }
    }
}

static void restore_event(struct world *w, struct image *m, struct event *ev)
{
    struct item_list *list[EVENT_LISTS];
    lists_of(ev, list);
    for (size_t l = 0; l < EVENT_LISTS; l++) {
        list[l]->item = take(m, list[l]->count, sizeof *list[l]->item);
        list[l]->room = list[l]->count;
    }
    if (m->is_short) return;
    ev->path = NEW_ARRAY(w->arena, struct holding_path, ev->path_count);
    for (size_t k = 0; k < ev->path_count; k++) {
        const struct saved_path *p = take(m, 1, sizeof *p);
        if (p == NULL) return;
        ev->path[k] = (struct holding_path){.value = p->value,
                                            .factor = p->factor,
                                            .of_place = (p->flags & PATH_OF_PLACE) != 0,
                                            .scene = (p->flags & PATH_SCENE) != 0,
                                            .hop = (p->flags & PATH_HOP) != 0,
                                            .alike = (p->flags & PATH_ALIKE) != 0,
                                            .person = p->person,
                                            .role = word_at(w, p->role)};
    }
}

static void restore_events(struct world *w, struct image *m, size_t count)
{
    if (m->is_short || count > m->left / sizeof(struct event)) {
        m->is_short = true;
        return;
    }
    w->event_room = with_room(count);
    w->event = NEW_ARRAY(w->arena, struct event, w->event_room);
    for (size_t i = 0; i < count && !m->is_short; i++) {
        const struct event *saved = take(m, 1, sizeof *saved);
        if (saved == NULL) return;
        w->event[i] = *saved;
        restore_event(w, m, &w->event[i]);
        w->event_count++;
    }
}

/* ---- counts ----------------------------------------------------------------------------------------- */

static void save_nodes(const struct world *w, struct buf *out)
{
    for (size_t i = 0; i < w->node_count; i++) {
        const struct node *n = w->node[i];
        struct node bare = *n;
        bare.day = bare.day_sum = NULL;
        for (size_t f = 0; f < FEATURE_COUNT; f++)
            bare.feature[f].value = NULL;
        put(out, &bare, sizeof bare);
        for (size_t f = 0; f < FEATURE_COUNT; f++)
            put(out, n->feature[f].value, n->feature[f].room * sizeof *n->feature[f].value);
        put(out, n->day, n->day_room * sizeof *n->day);
        put(out, n->day_sum, n->day_sum_room * sizeof *n->day_sum);
    }
}

static void restore_nodes(struct world *w, struct image *m, size_t count)
{
    if (m->is_short || count > m->left / sizeof(struct node)) {
        m->is_short = true;
        return;
    }
    w->node = NEW_ARRAY(w->arena, struct node *, count + 1);
    w->node_room = count;
    w->node_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct node *n = take(m, 1, sizeof *n);
        if (n == NULL) return;
        for (size_t f = 0; f < FEATURE_COUNT; f++)
            n->feature[f].value = take(m, n->feature[f].room, sizeof *n->feature[f].value);
        n->day = take(m, n->day_room, sizeof *n->day);
        n->day_sum = take(m, n->day_sum_room, sizeof *n->day_sum);
        w->node[w->node_count++] = n;
    }
}

/* ---- the whole -------------------------------------------------------------------------------------- */

void world_save(struct world *w, struct buf *out)
{
    MUST(w->stale_count == 0 && w->touched_count == 0 && out->len == 0);
    struct head head = {.identity = identity(w->model, w->policy),
                        .now_ms = w->now_ms,
                        .frozen_ms = w->frozen_ms,
                        .next_seq = w->next_seq,
                        .slots = w->slot_count,
                        .refs = w->refs_count,
                        .events = w->event_count,
                        .nodes = w->node_count,
                        .counts_epoch = w->counts_epoch};
    struct posting_array posting[POSTINGS];
    memcpy(head.magic, MAGIC, sizeof head.magic);
    for (size_t i = 0; i < w->event_count; i++) /* roles become words, before the words are saved */
        for (size_t k = 0; k < w->event[i].path_count; k++)
            (void)word_number(w, w->event[i].path[k].role);
    put(out, &head, sizeof head);
    save_tables(w, out);
    save_postings(w->refs, w->refs_count, out);
    postings_of(w, posting);
    for (size_t i = 0; i < POSTINGS; i++)
        save_postings(*posting[i].posting, *posting[i].room, out);
    save_nodes(w, out);
    put_numbers(out, w->uncounted, w->uncounted_count);
    save_slots(w, out);
    save_events(w, out);
    if (out->failed) return;
    head.bytes = out->len - sizeof head;
    memcpy(out->ptr, &head, sizeof head);
}

static void restore_all(struct world *w, struct image *m, const struct head *head)
{
    struct posting_array posting[POSTINGS];
    restore_tables(w, m);
    w->refs = restore_postings(w, m, &w->refs_room);
    w->refs_count = w->refs_room;
    postings_of(w, posting);
    for (size_t i = 0; i < POSTINGS; i++)
        *posting[i].posting = restore_postings(w, m, posting[i].room);
    restore_nodes(w, m, head->nodes);
    w->uncounted = take_numbers(m, &w->uncounted_count);
    w->uncounted_room = w->uncounted_count;
    restore_slots(w, m, head->slots);
    restore_events(w, m, head->events);
    w->now_ms = head->now_ms;
    w->frozen_ms = head->frozen_ms;
    w->next_seq = head->next_seq;
    w->counts_epoch = (uint32_t)head->counts_epoch;
    for (uint32_t i = 0; i < w->event_count && !m->is_short; i++)
        index_touch(w, i);
}

enum status world_restore(const struct link_model *model, const struct policy *policy,
                          size_t memory_max_bytes, struct buf *image, struct world **out, struct err *e)
{
    struct head head;
    if (image->len < sizeof head || memcmp(image->ptr, MAGIC, sizeof MAGIC) != 0)
        return ERR(e, E_INVALID, "snapshot",
                   "the snapshot of the linker is none: its first bytes are others");
    memcpy(&head, image->ptr, sizeof head);
    if (head.identity != identity(model, policy))
        return ERR(e, E_INVALID, "snapshot",
                   "the snapshot of the linker was made by another version, model or vocabulary");
    if (head.bytes != image->len - sizeof head)
        return ERR(e, E_INVALID, "snapshot", "the snapshot of the linker is cut short");
    struct world *w = world_new(model, policy, memory_max_bytes);
    w->image = *image;
    buf_init(image, image->cap_bytes);
    struct image m = {.at = w->image.ptr + sizeof head, .left = head.bytes};
    restore_all(w, &m, &head);
    if (m.is_short || m.left != 0) {
        world_free(w);
        return ERR(e, E_INVALID, "snapshot", "the snapshot of the linker does not hold what it should");
    }
    *out = w;
    return OK;
}
