#include "app/exhibit_register.h"

#include "app/exhibits.h"
#include "base/alloc.h"
#include "model/kinds.h"
#include "store/follow.h"

#include <pthread.h>
#include <stdlib.h>

#define ARENA_BYTES_MAX ((size_t)8 << 30)
#define KEY_BYTES_MAX   1024
#define NONE            UINT32_MAX
/* Old versions of rows stay in the arena; after so many beyond their number everything is read anew. */
#define UPDATES_SPARE ((size_t)20000)
#define KINDS_READ                                                                                           \
    (UINT64_C(1) << KIND_EXHIBIT | UINT64_C(1) << KIND_MOVEMENT | UINT64_C(1) << KIND_SUBMISSION)

static const struct actor SELF = {
    .name = S_INIT("colligate"), .role = S_INIT("service"), .origin = S_INIT("service")};

struct movement_row {
    struct custody_line line;
    uint32_t exhibit; /* its place */
    uint32_t next;    /* of the same exhibit */
    bool gone;
};
struct submission_row {
    struct str_list exhibit; /* keys */
    int64_t due_ms;          /* INT64_MAX: no longer open, or no date */
};
struct exhibit_entry {
    struct exhibit_row row;
    Str own_seal; /* on its own record */
    uint32_t movement;
    bool dirty;
};

struct exhibit_register {
    pthread_rwlock_t lock;
    uint64_t seq;
    struct arena *arena;
    struct table *place; /* "kind ns:id" -> place + 1 */
    struct exhibit_entry *entry;
    struct movement_row *movement;
    struct submission_row *submission;
    size_t entries, entry_room, movements, movement_room, submissions, submission_room;
    size_t updates;
    bool due_dirty;
};

static void contents_init(struct exhibit_register *r)
{
    r->arena = arena_new("the register of exhibits", ARENA_BYTES_MAX);
    r->place = table_new(UINT32_MAX);
}

static void contents_done(struct exhibit_register *r)
{
    arena_free(r->arena);
    table_free(r->place);
    r->entry = NULL;
    r->movement = NULL;
    r->submission = NULL;
    r->entries = r->entry_room = r->movements = r->movement_room = 0;
    r->submissions = r->submission_room = r->updates = 0;
    r->seq = 0;
    r->due_dirty = false;
}

struct exhibit_register *exhibit_register_new(void)
{
    struct exhibit_register *r = alloc_zero(1, sizeof *r);
    MUST(pthread_rwlock_init(&r->lock, NULL) == 0);
    contents_init(r);
    return r;
}

void exhibit_register_free(struct exhibit_register *r)
{
    if (r == NULL) return;
    contents_done(r);
    pthread_rwlock_destroy(&r->lock);
    alloc_free(r);
}

void exhibit_register_hold(struct exhibit_register *r)
{
    MUST(pthread_rwlock_rdlock(&r->lock) == 0);
}

void exhibit_register_release(struct exhibit_register *r)
{
    MUST(pthread_rwlock_unlock(&r->lock) == 0);
}

/* ---- taking rows ------------------------------------------------------------------------------------ */

static Str place_key(const struct record_id *id, struct buf *out)
{
    buf_clear(out);
    buf_addf(out, "%d %.*s:%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id));
    return buf_str(out);
}

/* Its place in a list of `count`; a new one stands at the end. */
static uint32_t place_of(struct exhibit_register *r, const struct record_id *id, size_t count)
{
    struct buf key CLEANUP_BUF = {0};
    bool fresh = false;
    buf_init(&key, KEY_BYTES_MAX);
    uint64_t *at = table_at(r->place, place_key(id, &key), &fresh);
    if (fresh)
        *at = count + 1;
    else
        r->updates++;
    return (uint32_t)(*at - 1);
}

static struct record_id id_of(struct arena *a, enum kind_id kind, Str ns, Str reference)
{
    struct record_id id = {.kind = kind};
    ref_split(reference, ns, &id.ns, &id.id);
    return (struct record_id){str_copy(a, id.ns), kind, str_copy(a, id.id)};
}

static int64_t ms_or(const struct moment *m, int64_t otherwise)
{
    return m->precision == PRECISION_NONE ? otherwise : m->ms;
}

/* Made when a movement speaks of it before it has come itself. */
static struct exhibit_entry *entry_at(struct exhibit_register *r, const struct record_id *id)
{
    uint32_t at = place_of(r, id, r->entries);
    if (at == r->entries) {
        ARENA_ROOM(r->arena, r->entry, r->entry_room, r->entries + 1, 1024);
        r->entry[r->entries++] = (struct exhibit_entry){
            .row = {.gone = true, .custody = CUSTODY_NONE, .due_ms = INT64_MAX}, .movement = NONE};
    }
    r->entry[at].dirty = true;
    return &r->entry[at];
}

static void take_exhibit(struct exhibit_register *r, const struct row_now *row)
{
    const struct exhibit *x = row->data;
    struct arena *a = r->arena;
    struct exhibit_entry *entry = entry_at(r, &row->id);
    entry->row.gone = x == NULL || str_empty(x->death);
    if (entry->row.gone) return;
    entry->row.id = (struct record_id){str_copy(a, row->id.ns), KIND_EXHIBIT, str_copy(a, row->id.id)};
    entry->row.death = id_of(a, KIND_DEATH, row->id.ns, x->death);
    entry->row.ref = str_copy(a, x->ref);
    entry->row.description = str_copy(a, x->description);
    entry->row.item = str_copy(a, x->item);
    entry->row.state = str_copy(a, x->state);
    entry->row.found_where = str_copy(a, x->found_where);
    entry->row.packaging = str_copy(a, x->packaging);
    entry->row.quantity = str_copy(a, x->quantity);
    entry->row.listed_by = str_copy(a, x->listed_by);
    entry->row.found_ms = ms_or(&x->found_at, INT64_MIN);
    entry->own_seal = str_copy(a, x->seal);
    r->due_dirty = true;
}

static void take_movement(struct exhibit_register *r, const struct row_now *row)
{
    const struct movement *m = row->data;
    uint32_t at = place_of(r, &row->id, r->movements);
    bool fresh = at == r->movements;
    if (fresh) {
        ARENA_ROOM(r->arena, r->movement, r->movement_room, r->movements + 1, 1024);
        r->movement[r->movements++] = (struct movement_row){.exhibit = NONE, .next = NONE, .gone = true};
    }
    struct movement_row *own = &r->movement[at];
    if (own->exhibit != NONE) r->entry[own->exhibit].dirty = true;
    own->gone = m == NULL || str_empty(m->exhibit);
    if (own->gone) return;
    own->gone = !exhibit_line_read(r->arena, &row->id, m, &own->line);
    own->line.seq = row->version;
    struct record_id exhibit = id_of(r->arena, KIND_EXHIBIT, row->id.ns, m->exhibit);
    struct exhibit_entry *entry = entry_at(r, &exhibit);
    if (own->exhibit != NONE) return; /* which exhibit it moves does not change: it stays in its chain */
    own->exhibit = (uint32_t)(entry - r->entry);
    own->next = entry->movement;
    entry->movement = at;
}

static void take_submission(struct exhibit_register *r, const struct row_now *row)
{
    const struct submission *x = row->data;
    uint32_t at = place_of(r, &row->id, r->submissions);
    if (at == r->submissions) {
        ARENA_ROOM(r->arena, r->submission, r->submission_room, r->submissions + 1, 256);
        r->submissions++;
    }
    r->due_dirty = true;
    r->submission[at] = (struct submission_row){.due_ms = INT64_MAX};
    if (x == NULL) return;
    struct str_list keys = {NEW_ARRAY(r->arena, Str, x->exhibits.count + 1), x->exhibits.count};
    for (size_t i = 0; i < keys.count; i++)
        keys.item[i] = roll_ref_key(r->arena, row->id.ns, x->exhibits.item[i]);
    bool open = str_eq(x->state, S("asked")) || str_eq(x->state, S("accepted"));
    r->submission[at] = (struct submission_row){keys, open ? ms_or(&x->due_at, INT64_MAX) : INT64_MAX};
}

static enum status take_row(void *state, const struct row_now *row, struct err *e)
{
    struct exhibit_register *r = state;
    (void)e;
    if (row->id.kind == KIND_EXHIBIT)
        take_exhibit(r, row);
    else if (row->id.kind == KIND_MOVEMENT)
        take_movement(r, row);
    else
        take_submission(r, row);
    return OK;
}

/* ---- settling --------------------------------------------------------------------------------------- */

static void settle_custody(struct exhibit_register *r, struct exhibit_entry *entry, struct arena *scratch)
{
    struct custody_line *line = NULL;
    size_t count = 0, room = 0;
    for (uint32_t at = entry->movement; at != NONE; at = r->movement[at].next) {
        if (r->movement[at].gone) continue;
        ARENA_ROOM(scratch, line, room, count + 1, 8);
        line[count++] = r->movement[at].line;
    }
    entry->row.custody = custody_read(line, count, entry->own_seal);
    entry->row.fault = 0;
    for (size_t i = 0; i < count; i++)
        entry->row.fault |= line[i].fault;
    entry->dirty = false;
}

static void settle_due(struct exhibit_register *r)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    for (size_t i = 0; i < r->entries; i++)
        r->entry[i].row.due_ms = INT64_MAX;
    for (size_t i = 0; i < r->submissions; i++)
        for (size_t j = 0; j < r->submission[i].exhibit.count; j++) {
            buf_clear(&key);
            buf_addf(&key, "%d %.*s", (int)KIND_EXHIBIT, STR_ARG(r->submission[i].exhibit.item[j]));
            const uint64_t *at = table_find(r->place, buf_str(&key));
            if (at == NULL) continue;
            struct exhibit_row *row = &r->entry[*at - 1].row;
            if (r->submission[i].due_ms < row->due_ms) row->due_ms = r->submission[i].due_ms;
        }
    r->due_dirty = false;
}

static enum status read_changes(struct exhibit_register *r, struct store *s, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a chain of custody", (size_t)1 << 30);
    uint64_t head = r->seq;
    bool first = head == 0;
    TRY(store_rows(s, &SELF, KINDS_READ, r->seq, S("the register of exhibits"), take_row, r, &head, e));
    r->seq = head;
    for (size_t i = 0; i < r->entries; i++) {
        if (!r->entry[i].dirty) continue;
        arena_reset(scratch);
        settle_custody(r, &r->entry[i], scratch);
    }
    if (r->due_dirty) settle_due(r);
    if (first) r->updates = 0;
    return OK;
}

enum status exhibit_register_follow(struct exhibit_register *r, struct store *s, struct err *e)
{
    uint64_t newest = store_newest(s);
    exhibit_register_hold(r);
    bool current = newest > 0 && r->seq >= newest;
    exhibit_register_release(r);
    if (current) return OK;
    MUST(pthread_rwlock_wrlock(&r->lock) == 0);
    enum status status = read_changes(r, s, e);
    if (status == OK && r->updates > r->entries + r->movements + UPDATES_SPARE) {
        contents_done(r);
        contents_init(r);
        status = read_changes(r, s, e);
    }
    MUST(pthread_rwlock_unlock(&r->lock) == 0);
    return status;
}

/* ---- asking ----------------------------------------------------------------------------------------- */

static bool holds_nocase(Str text, Str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (str_eq_nocase(str_slice(text, i, i + word.len), word)) return true;
    return word.len == 0;
}

static bool has_words(const struct exhibit_row *row, Str words)
{
    Str word;
    if (str_empty(words)) return true;
    if (custody_seal_same(row->custody.seal, words)) return true;
    while (str_next(&words, ' ', &word))
        if (!holds_nocase(row->ref, word) && !holds_nocase(row->custody.seal, word) &&
            !holds_nocase(row->description, word) && !holds_nocase(row->id.id, word))
            return false;
    return true;
}

static bool answers(const struct exhibit_row *row, const struct exhibit_query *q)
{
    if (row->gone) return false;
    if (q->death != NULL && !record_id_eq(q->death, &row->death)) return false;
    if (!str_empty(q->state) && !str_eq(q->state, row->state)) return false;
    if (!str_empty(q->holder) && !str_eq(q->holder, row->custody.holder)) return false;
    if (q->held_by_who && !custody_holds(&row->custody, &q->who)) return false;
    if (q->waits_for_who &&
        !(row->custody.begun == CUSTODY_HAND_OVER && custody_may_confirm(&row->custody, &q->who)))
        return false;
    if (q->due_until_ms != INT64_MAX && row->due_ms > q->due_until_ms) return false;
    return has_words(row, q->words);
}

static bool is_seen(const struct roll *roll, const struct sight *sight, const struct exhibit_row *row,
                    const struct exhibit_query *q)
{
    uint32_t at = roll_find(roll, &row->death);
    if (at == ROLL_NONE) return false;
    /* somebody who is given an exhibit sees it in the list, whatever unit the death is of */
    const struct roll_death *d = roll_death(roll, at);
    if (q->death != NULL || q->held_by_who || q->waits_for_who) return sight_of_death(sight, d) != SIGHT_NONE;
    return sight_lists(sight, d);
}

static int newest_first(const void *x, const void *y)
{
    const struct exhibit_row *a = *(const struct exhibit_row *const *)x,
                             *b = *(const struct exhibit_row *const *)y;
    int64_t at = a->custody.at_ms != INT64_MIN ? a->custody.at_ms : a->found_ms;
    int64_t bt = b->custody.at_ms != INT64_MIN ? b->custody.at_ms : b->found_ms;
    if (at != bt) return at > bt ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

size_t exhibit_register_ask(const struct exhibit_register *r, const struct roll *roll,
                            const struct sight *sight, const struct exhibit_query *q, struct arena *a,
                            const struct exhibit_row ***out)
{
    size_t count = 0, room = 0;
    const struct exhibit_row **found = NEW_ARRAY(a, const struct exhibit_row *, 1);
    for (size_t i = 0; i < r->entries; i++) {
        const struct exhibit_row *row = &r->entry[i].row;
        if (!answers(row, q) || !is_seen(roll, sight, row, q)) continue;
        ARENA_ROOM(a, found, room, count + 1, 64);
        found[count++] = row;
    }
    qsort(found, count, sizeof *found, newest_first);
    *out = found;
    return count;
}

/* ---- lists against each other ----------------------------------------------------------------------- */

static bool same_thing(const struct exhibit_row *x, const struct exhibit_row *y)
{
    if (!str_empty(x->custody.seal) && !str_empty(y->custody.seal))
        return custody_seal_same(x->custody.seal, y->custody.seal);
    return str_eq(x->item, y->item) && str_eq_nocase(str_trim(x->description), str_trim(y->description));
}

static bool is_on(const struct exhibit_row *const *row, size_t count, Str list)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(row[i]->listed_by, list)) return true;
    return false;
}

static bool has_twin(const struct exhibit_row *const *row, size_t count, size_t of, Str list)
{
    for (size_t i = 0; i < count; i++)
        if (i != of && str_eq(row[i]->listed_by, list) && same_thing(row[i], row[of])) return true;
    return false;
}

size_t exhibit_discrepancies(const struct exhibit_row *const *row, size_t count, struct arena *a,
                             struct exhibit_discrepancy **out)
{
    Str scene = S("scene_search"), mortuary = S("mortuary");
    size_t found = 0;
    *out = NEW_ARRAY(a, struct exhibit_discrepancy, count + 1);
    if (!is_on(row, count, scene) || !is_on(row, count, mortuary)) return 0;
    for (size_t i = 0; i < count; i++) {
        bool at_scene = str_eq(row[i]->listed_by, scene), at_mortuary = str_eq(row[i]->listed_by, mortuary);
        if (at_scene && !has_twin(row, count, i, mortuary))
            (*out)[found++] = (struct exhibit_discrepancy){row[i], true};
        if (at_mortuary && !has_twin(row, count, i, scene))
            (*out)[found++] = (struct exhibit_discrepancy){row[i], false};
    }
    return found;
}
