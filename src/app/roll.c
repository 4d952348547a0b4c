#include "app/roll_private.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "model/kinds.h"
#include "store/follow.h"

#include <stdlib.h>

#define KEY_BYTES_MAX 1024
#define ROLL_KINDS                                                                                           \
    (UINT64_C(1) << KIND_DEATH | UINT64_C(1) << KIND_DECISION | UINT64_C(1) << KIND_OFFICER |                \
     UINT64_C(1) << KIND_UNIT | UINT64_C(1) << KIND_RESTRICTION | UINT64_C(1) << KIND_CONFLICT |             \
     UINT64_C(1) << KIND_INVOLVEMENT)

static const struct actor SELF = {
    .name = S_INIT("colligate"), .role = S_INIT("service"), .origin = S_INIT("service")};

/* ---- making ----------------------------------------------------------------------------------------- */

static void contents_init(struct roll *r)
{
    r->by_key = table_new(UINT32_MAX);
    r->by_word = table_new(UINT32_MAX);
    r->category = table_new(UINT32_MAX);
    r->names = name_index_new();
    people_init(&r->people);
}

static void contents_done(struct roll *r)
{
    for (size_t i = 0; i < r->count; i++)
        alloc_free(r->entry[i].texts);
    table_free(r->by_key);
    table_free(r->by_word);
    table_free(r->category);
    name_index_free(r->names);
    people_done(&r->people);
    r->count = r->timed = 0;
    r->seq = 0;
    r->stale = false;
}

struct roll *roll_new(void)
{
    struct roll *r = alloc_zero(1, sizeof *r);
    pthread_rwlockattr_t fair; /* else readers without pause keep the follower out */
    MUST(pthread_rwlockattr_init(&fair) == 0);
    MUST(pthread_rwlockattr_setkind_np(&fair, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
    MUST(pthread_rwlock_init(&r->lock, &fair) == 0);
    pthread_rwlockattr_destroy(&fair);
    MUST(pthread_mutex_init(&r->time_mutex, NULL) == 0);
    MUST(pthread_mutex_init(&r->following, NULL) == 0);
    contents_init(r);
    r->scratch = arena_new("a row of the roll", (size_t)1 << 24);
    return r;
}

void roll_free(struct roll *r)
{
    if (r == NULL) return;
    contents_done(r);
    alloc_free(r->entry);
    alloc_free(r->by_time);
    arena_free(r->scratch);
    pthread_rwlock_destroy(&r->lock);
    pthread_mutex_destroy(&r->time_mutex);
    pthread_mutex_destroy(&r->following);
    alloc_free(r);
}

void roll_hold(struct roll *r)
{
    MUST(pthread_rwlock_rdlock(&r->lock) == 0);
}

void roll_release(struct roll *r)
{
    MUST(pthread_rwlock_unlock(&r->lock) == 0);
}

Str roll_key(const struct record_id *event, struct buf *out)
{
    buf_clear(out);
    buf_addf(out, "%.*s:%.*s", STR_ARG(event->ns), STR_ARG(event->id));
    return buf_str(out);
}

/* ---- one death -------------------------------------------------------------------------------------- */

/* The texts of an entry, to be counted and then moved into one block. */
static size_t texts_of(struct roll_death *d, Str **text)
{
    Str *all[] = {&d->id.ns,   &d->id.id,    &d->ref,     &d->force,       &d->unit,
                  &d->name,    &d->sex,      &d->setting, &d->mechanism,   &d->posture,
                  &d->address, &d->postcode, &d->manner,  &d->explanation, &d->explanation_verified};
    memcpy(text, all, sizeof all);
    return COUNT_OF(all);
}

enum { TEXTS_OF_DEATH = 15 };

static size_t list_bytes(const struct str_list *l)
{
    size_t bytes = l->count * sizeof(Str);
    for (size_t i = 0; i < l->count; i++)
        bytes += l->item[i].len;
    return bytes;
}

static Str move_text(char **at, Str s)
{
    Str moved = {*at, s.len};
    if (s.len > 0) memcpy(*at, s.ptr, s.len);
    *at += s.len;
    return moved;
}

/* The lists of Str first, for their alignment. */
static void move_texts(struct roll_entry *entry)
{
    struct roll_death *d = &entry->death;
    struct str_list *list[] = {&d->substance, &d->absent};
    Str *text[TEXTS_OF_DEATH];
    size_t texts = texts_of(d, text), bytes = 1;
    for (size_t i = 0; i < texts; i++)
        bytes += text[i]->len;
    for (size_t i = 0; i < COUNT_OF(list); i++)
        bytes += list_bytes(list[i]);
    char *block = alloc_zero(bytes, 1), *at = block;
    Str *items = (void *)block;
    at += (d->substance.count + d->absent.count) * sizeof(Str);
    for (size_t i = 0; i < COUNT_OF(list); i++) {
        for (size_t j = 0; j < list[i]->count; j++)
            items[j] = move_text(&at, list[i]->item[j]);
        list[i]->item = items;
        items += list[i]->count;
    }
    for (size_t i = 0; i < texts; i++)
        *text[i] = move_text(&at, *text[i]);
    alloc_free(entry->texts);
    entry->texts = block;
}

static int64_t first_time(const struct span *s, int64_t otherwise_ms)
{
    int64_t from_ms = 0, until_ms = 0;
    return span_interval(s, &from_ms, &until_ms) ? from_ms : otherwise_ms;
}

static int64_t when_of(const struct death *d)
{
    int64_t ms = first_time(&d->found, INT64_MIN);
    if (ms == INT64_MIN && d->reported_at.precision != PRECISION_NONE) ms = d->reported_at.ms;
    if (ms == INT64_MIN) ms = first_time(&d->died, INT64_MIN);
    return ms != INT64_MIN ? ms : first_time(&d->last_seen_alive, INT64_MIN);
}

static void name_by_word(struct roll *r, Str word, uint32_t place)
{
    bool fresh = false;
    if (str_empty(word)) return;
    uint64_t *at = table_at(r->by_word, word, &fresh);
    if (fresh)
        *at = place + 1;
    else if (*at != place + 1)
        *at = 0;
}

/* The entry of a death, made when it is not there yet. */
static struct roll_entry *entry_at(struct roll *r, Str key)
{
    bool fresh = false;
    uint64_t *at = table_at(r->by_key, key, &fresh);
    if (!fresh) return &r->entry[*at - 1];
    if (r->count == r->room) {
        r->room = r->room * 2 + 1024;
        r->entry = alloc_resize(r->entry, r->room, sizeof *r->entry);
    }
    r->entry[r->count] = (struct roll_entry){.classified_ms = INT64_MIN};
    r->entry[r->count].death.gone = true;
    *at = r->count + 1;
    return &r->entry[r->count++];
}

/* ---- by time ---------------------------------------------------------------------------------------- */

static int later_first(const void *x, const void *y, void *state)
{
    const struct roll *r = state;
    const struct roll_death *a = &r->entry[*(const uint32_t *)x].death,
                            *b = &r->entry[*(const uint32_t *)y].death;
    if (a->when_ms != b->when_ms) return a->when_ms > b->when_ms ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

/* Where it stands among those in order, or would. */
static size_t time_place(const struct roll *r, uint32_t at)
{
    size_t low = 0, high = r->timed;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (later_first(&r->by_time[middle], &at, (void *)(uintptr_t)r) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Before it changes, and after: nothing is sorted anew for one death. While none is in order yet, all are put
 * into it by whoever asks first. */
static void time_leave(struct roll *r, uint32_t at)
{
    if (r->timed == 0 || r->entry[at].death.gone) return;
    size_t place = time_place(r, at);
    MUST(place < r->timed && r->by_time[place] == at);
    memmove(&r->by_time[place], &r->by_time[place + 1], (--r->timed - place) * sizeof *r->by_time);
}

static void time_enter(struct roll *r, uint32_t at)
{
    if (r->timed == 0) return;
    r->by_time = alloc_room(r->by_time, &r->time_room, r->timed, sizeof *r->by_time);
    size_t place = time_place(r, at);
    memmove(&r->by_time[place + 1], &r->by_time[place], (r->timed++ - place) * sizeof *r->by_time);
    r->by_time[place] = at;
}

/* ---- what is taken ---------------------------------------------------------------------------------- */

static void take_death(struct roll *r, const struct row_now *row, Str key)
{
    const struct death *d = row->data;
    struct roll_entry *entry = entry_at(r, key);
    uint32_t place = (uint32_t)(entry - r->entry);
    time_leave(r, place);
    if (d == NULL) {
        entry->death.gone = true;
        name_index_put(r->names, place, S(""));
        return;
    }
    entry->first_category =
        str_empty(d->category) ? S("") : table_key(r->category, table_intern(r->category, d->category));
    entry->death = (struct roll_death){.id = row->id,
                                       .version = row->version,
                                       .ref = d->ref,
                                       .force = d->force,
                                       .unit = d->unit,
                                       .name = d->deceased_name,
                                       .sex = d->sex,
                                       .setting = d->setting,
                                       .mechanism = d->mechanism,
                                       .posture = d->posture,
                                       .address = d->address.text,
                                       .postcode = d->postcode,
                                       .manner = d->manner,
                                       .explanation = d->explanation,
                                       .explanation_verified = d->explanation_verified,
                                       .category = str_present(entry->classified) ? entry->classified
                                                                                  : entry->first_category,
                                       .substance = d->substances,
                                       .absent = d->absent,
                                       .age = d->age,
                                       .place = d->place,
                                       .found = d->found,
                                       .when_ms = when_of(d),
                                       .restricted = roll_is_restricted(r, &row->id)};
    arena_reset(r->scratch);
    name_index_put(r->names, place,
                   str_empty(d->deceased_name) ? S("") : utf8_fold(r->scratch, d->deceased_name));
    move_texts(entry);
    time_enter(r, place);
    name_by_word(r, entry->death.ref, place);
    name_by_word(r, entry->death.id.id, place);
}

/* A classify decision leads over what was first assessed; the latest one of all. */
static void take_decision(struct roll *r, const struct row_now *row)
{
    const struct decision *d = row->data;
    struct buf key CLEANUP_BUF = {0};
    struct record_id death = {.kind = KIND_DEATH};
    if (d == NULL) {
        r->stale = true;
        return;
    }
    if (!str_eq(d->type, S("classify")) || str_empty(d->death) || str_empty(d->to)) return;
    buf_init(&key, KEY_BYTES_MAX);
    ref_split(d->death, row->id.ns, &death.ns, &death.id);
    struct roll_entry *entry = entry_at(r, roll_key(&death, &key));
    int64_t at_ms = d->decided_at.precision == PRECISION_NONE ? INT64_MIN + 1 : d->decided_at.ms;
    if (at_ms < entry->classified_ms) return;
    entry->classified_ms = at_ms;
    entry->classified = table_key(r->category, table_intern(r->category, d->to));
    entry->death.category = entry->classified;
}

/* ---- following -------------------------------------------------------------------------------------- */

static enum status take_row(void *state, const struct row_now *row, struct err *e)
{
    struct roll *r = state;
    struct buf key CLEANUP_BUF = {0};
    (void)e;
    buf_init(&key, KEY_BYTES_MAX);
    if (row->id.kind == KIND_DEATH)
        take_death(r, row, roll_key(&row->id, &key));
    else if (row->id.kind == KIND_DECISION)
        take_decision(r, row);
    else if (people_take(&r->people, row))
        r->stale = true;
    r->bars_changed |= row->id.kind == KIND_RESTRICTION;
    return OK;
}

static void mark_one(void *state, Str key)
{
    struct roll *r = state;
    const uint64_t *at = table_find(r->by_key, key);
    if (at != NULL) r->entry[*at - 1].death.restricted = true;
}

static void mark_restricted(struct roll *r)
{
    for (size_t i = 0; i < r->count; i++)
        r->entry[i].death.restricted = false;
    people_each_restricted(&r->people, mark_one, r);
}

static enum status read_changes(struct roll *r, struct store *s, struct err *e)
{
    uint64_t head = r->seq;
    TRY(store_rows(s, &SELF, ROLL_KINDS, r->seq, S("the roll"), take_row, r, &head, e));
    r->seq = head;
    return OK;
}

/* Who writes waits for every page that is being made, and the next pages for the writer: most entries (the
 * linker's runs, statements, checks) touch nothing here, and are passed over without the lock. */
static enum status pass_over(struct roll *r, struct store *s, bool *current, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("what the roll looks at", (size_t)1 << 28);
    struct followed *list = NULL;
    size_t count = 0;
    uint64_t seq = r->seq, through = seq;
    if (seq == 0) return OK;
    TRY(store_follow(s, seq, ROLL_KINDS, 1, a, &list, &count, &through, e));
    *current = count == 0;
    if (*current) r->seq = through;
    return OK;
}

static enum status follow(struct roll *r, struct store *s, struct err *e)
{
    uint64_t newest = store_newest(s);
    bool current = newest > 0 && r->seq >= newest;
    if (!current) TRY(pass_over(r, s, &current, e));
    if (current) return OK;
    MUST(pthread_rwlock_wrlock(&r->lock) == 0);
    enum status status = read_changes(r, s, e);
    if (status == OK && r->stale) {
        contents_done(r);
        contents_init(r);
        status = read_changes(r, s, e);
        r->stale = false;
    }
    if (r->bars_changed) mark_restricted(r);
    r->bars_changed = false;
    MUST(pthread_rwlock_unlock(&r->lock) == 0);
    return status;
}

enum status roll_follow(struct roll *r, struct store *s, struct err *e)
{
    uint64_t newest = store_newest(s);
    if (newest > 0 && r->seq >= newest) return OK;
    MUST(pthread_mutex_lock(&r->following) == 0);
    enum status status = follow(r, s, e);
    MUST(pthread_mutex_unlock(&r->following) == 0);
    return status;
}

uint64_t roll_seq(struct roll *r)
{
    return r->seq;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

size_t roll_count(const struct roll *r)
{
    return r->count;
}

const struct roll_death *roll_death(const struct roll *r, uint32_t i)
{
    MUST(i < r->count);
    return &r->entry[i].death;
}

uint32_t roll_find(const struct roll *r, const struct record_id *id)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    if (id->kind != KIND_DEATH) return ROLL_NONE;
    const uint64_t *at = table_find(r->by_key, roll_key(id, &key));
    return at != NULL && !r->entry[*at - 1].death.gone ? (uint32_t)(*at - 1) : ROLL_NONE;
}

uint32_t roll_find_word(const struct roll *r, Str word)
{
    const uint64_t *at = table_find(r->by_key, word);
    if (at == NULL) at = table_find(r->by_word, word);
    return at != NULL && *at != 0 && !r->entry[*at - 1].death.gone ? (uint32_t)(*at - 1) : ROLL_NONE;
}

const struct name_index *roll_names(const struct roll *r)
{
    return r->names;
}

static void sort_by_time(struct roll *r)
{
    r->by_time = alloc_room(r->by_time, &r->time_room, r->count, sizeof *r->by_time);
    for (size_t i = 0; i < r->count; i++)
        if (!r->entry[i].death.gone) r->by_time[r->timed++] = (uint32_t)i;
    qsort_r(r->by_time, r->timed, sizeof *r->by_time, later_first, r);
}

const uint32_t *roll_by_time(struct roll *r, size_t *count)
{
    MUST(pthread_mutex_lock(&r->time_mutex) == 0);
    if (r->timed == 0) sort_by_time(r);
    MUST(pthread_mutex_unlock(&r->time_mutex) == 0);
    *count = r->timed;
    return r->by_time;
}
