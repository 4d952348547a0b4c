/* What was worked out of the lines and is kept to save time, beside the databases. It is as personal as they
 * are: sealed piece by piece with a key of its own, which stands in keys.db under no record's number.
 * Whatever takes facts away (an erasure, a batch withdrawn) makes it worthless, and an erasure destroys the
 * key first. */
#include "store/store_private.h"

#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>

#define KEY_NUMBER  0 /* records are numbered from 1 */
#define PATH_ROOM   4096
#define LABEL_ROOM  40
#define PIECE_BYTES ((size_t)8 << 20)
#define SEALING     40 /* bytes that sealing adds to a piece: nonce and tag */
#define KEPT_MAX    ((size_t)64 << 30)

struct kept_head {
    char magic[16];
    uint64_t seq, bytes;
};
static const char MAGIC[16] = "colligate kept1";

static enum status kept_path(const struct store *s, Str name, char path[PATH_ROOM], struct err *e)
{
    int len = snprintf(path, PATH_ROOM, "%s/%.*s.kept", s->dir, STR_ARG(name));
    if (len > 0 && len < PATH_ROOM) return OK;
    return ERR(e, E_IO, "", "%s: the name of the folder is too long.", s->dir);
}

/* Names what is sealed, so that a file cannot stand in for another. */
static const char *kept_label(Str name, char label[LABEL_ROOM])
{
    int len = snprintf(label, LABEL_ROOM, "kept %.*s", STR_ARG(name));
    MUST(len > 0 && len < LABEL_ROOM);
    return label;
}

/* E_CONFLICT when facts were taken away after `seq`, or the ledger has not come so far. */
static enum status still_holds(struct db *change, uint64_t seq, uint64_t head, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    if (seq > head)
        return ERR(e, E_CONFLICT, "", "it was made of entries up to %llu, and the ledger ends at %llu.",
                   (unsigned long long)seq, (unsigned long long)head);
    TRY(query_start(&q, change, Q_entries_since, e));
    query_u64(&q, seq);
    query_u64(&q, head);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        Str verb = query_get_str(&q, 3);
        if (str_eq(verb, S("erase")) || str_eq(verb, S("withdraw_batch")))
            return ERR(e, E_CONFLICT, "", "facts were taken away at entry %llu, after it was made.",
                       (unsigned long long)query_get_u64(&q, 0));
    }
}

/* ---- keeping ---------------------------------------------------------------------------------------- */

struct key_job {
    struct write_job job; /* first */
    uint64_t seq;
    struct record_key key;
};

/* On the writing thread: no erasure can come between the look and the key. */
static enum status key_run(struct writer *w, struct write_job *job, struct err *e)
{
    struct key_job *x = (struct key_job *)job;
    struct err none = {0};
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, w->change, Q_ledger_size, e));
    TRY(query_step(&q, &row, e));
    TRY(still_holds(w->change, x->seq, row ? query_get_u64(&q, 0) : 0, e));
    if (keys_get(w->keys, KEY_NUMBER, &x->key, &none) == OK) return OK;
    const struct entropy *entropy = &w->store->env.entropy;
    entropy->fill(entropy->state, x->key.byte, RECORD_KEY_BYTES);
    return keys_put(w->keys, KEY_NUMBER, &x->key, e);
}

static void seal_pieces(struct buf *out, const struct store *s, const struct record_key *key,
                        const char *label, uint64_t seq, Str content)
{
    uint64_t piece = 0;
    do { /* the last is told from the others, so that none can be cut off */
        bool is_last = content.len <= PIECE_BYTES;
        body_seal(out, key, &s->env.entropy, label, seq, piece++ << 1 | is_last,
                  str_slice(content, 0, PIECE_BYTES));
        content = str_slice(content, is_last ? content.len : PIECE_BYTES, content.len);
    } while (content.len > 0);
}

enum status store_keep(struct store *s, Str name, uint64_t seq, Str content, struct err *e)
{
    struct buf file CLEANUP_BUF;
    char path[PATH_ROOM], label[LABEL_ROOM];
    struct kept_head head = {.seq = seq, .bytes = content.len};
    struct key_job job = {.job = {.run = key_run}, .seq = seq};
    memcpy(head.magic, MAGIC, sizeof MAGIC);
    TRY(kept_path(s, name, path, e));
    TRY(writer_do(s, &job.job, e));
    buf_init(&file, KEPT_MAX);
    buf_add_bytes(&file, &head, sizeof head);
    seal_pieces(&file, s, &job.key, kept_label(name, label), seq, content);
    TRY(buf_status(&file, e));
    return file_write(path, buf_str(&file), 0600, e);
}

/* ---- looking ---------------------------------------------------------------------------------------- */

static enum status open_pieces(struct buf *out, const struct record_key *key, const char *label, uint64_t seq,
                               Str sealed, struct err *e)
{
    uint64_t piece = 0;
    do {
        bool is_last = sealed.len <= PIECE_BYTES + SEALING;
        TRY(body_open(out, key, label, seq, piece++ << 1 | is_last,
                      str_slice(sealed, 0, PIECE_BYTES + SEALING), e));
        sealed = str_slice(sealed, is_last ? sealed.len : PIECE_BYTES + SEALING, sealed.len);
    } while (sealed.len > 0);
    return buf_status(out, e);
}

static enum status kept_open(struct reader *r, const char *path, const char *label, uint64_t *seq,
                             struct buf *content, struct err *e)
{
    struct buf file CLEANUP_BUF;
    struct record_key key;
    struct kept_head head;
    buf_init(&file, KEPT_MAX);
    TRY(file_read(path, &file, e));
    if (file.len < sizeof head || memcmp(file.ptr, MAGIC, sizeof MAGIC) != 0)
        return ERR(e, E_INVALID, "", "%s is no file of this version of the program.", path);
    memcpy(&head, file.ptr, sizeof head);
    TRY(still_holds(r->bodies.change, head.seq, r->head, e));
    TRY(keys_get(r->bodies.keys, KEY_NUMBER, &key, e));
    *seq = head.seq;
    return open_pieces(content, &key, label, head.seq, str_slice(buf_str(&file), sizeof head, file.len), e);
}

enum status store_kept(struct store *s, const struct actor *viewer, Str name, uint64_t *seq,
                       struct buf *content, struct err *e)
{
    char path[PATH_ROOM], label[LABEL_ROOM];
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(kept_path(s, name, path, e));
    if (!file_exists(path)) return ERR(e, E_NOT_FOUND, "", "nothing is kept there yet.");
    TRY(reader_take(s, &r, e));
    enum status status = kept_open(r, path, kept_label(name, label), seq, content, e);
    reader_give(s, r);
    TRY(status);
    char words[100];
    int len = snprintf(words, sizeof words, "%.*s: all records up to entry %llu", STR_ARG(name),
                       (unsigned long long)*seq);
    return access_note_records(s, viewer, OP_CONSULT, S("kept"), (Str){words, (size_t)len}, 0, NULL, 0, e);
}

enum status kept_destroy(struct writer *w, struct err *e)
{
    return keys_destroy(w->keys, KEY_NUMBER, e);
}

/* ---- lines after what is kept ----------------------------------------------------------------------- */

struct late_line {
    struct change change;
    uint64_t seq;
};

static int late_compare(const void *left, const void *right)
{
    const struct late_line *a = left, *b = right;
    if (a->change.known_at_ms != b->change.known_at_ms)
        return a->change.known_at_ms < b->change.known_at_ms ? -1 : 1;
    if (a->change.line != b->change.line) return a->change.line < b->change.line ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

struct late_lines {
    struct reader *reader;
    struct arena *arena;
    struct late_line *line;
    struct record_id *id;
    size_t count, room, id_room;
};

static enum status late_line(struct late_lines *x, uint64_t seq, uint64_t record, uint64_t kinds,
                             struct err *e)
{
    struct record_key key;
    struct change change;
    uint64_t prior = 0, batch = 0;
    Str text;
    TRY(keys_get(x->reader->bodies.keys, record, &key, e));
    TRY(bodies_text(&x->reader->bodies, &key, seq, x->arena, &text, &prior, &batch, e));
    TRY(change_read_body(x->arena, text, &change, e));
    if (!(kinds >> change.record.kind & 1)) return OK;
    ARENA_ROOM(x->arena, x->line, x->room, x->count + 1, 64);
    ARENA_ROOM(x->arena, x->id, x->id_room, x->count + 1, 64);
    x->id[x->count] = change.record;
    x->line[x->count++] = (struct late_line){change, seq};
    return OK;
}

static enum status late_read(struct late_lines *x, uint64_t since, uint64_t kinds, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, x->reader->bodies.change, Q_entries_since, e));
    query_u64(&q, since);
    query_u64(&q, x->reader->head);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        if (str_eq(query_get_str(&q, 3), S("append")) && query_get_u64(&q, 1) > 0)
            TRY(late_line(x, query_get_u64(&q, 0), query_get_u64(&q, 1), kinds, e));
    }
}

enum status store_lines_after(struct store *s, const struct actor *viewer, uint64_t since, uint64_t kinds,
                              Str purpose, line_visit visit, void *state, uint64_t *head, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("late lines", (size_t)4 << 30);
    struct late_lines x = {.arena = a};
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &x.reader, e));
    *head = x.reader->head;
    enum status status = still_holds(x.reader->bodies.change, since, *head, e);
    if (status == OK) status = late_read(&x, since, kinds, e);
    reader_give(s, x.reader);
    TRY(status);
    if (x.count == 0) return OK;
    TRY(access_note_records(s, viewer, OP_CONSULT, S("lines"), purpose, 0, x.id, x.count, e));
    qsort(x.line, x.count, sizeof *x.line, late_compare);
    for (size_t i = 0; i < x.count; i++)
        TRY(visit(state, &x.line[i].change, x.line[i].seq, e));
    return OK;
}
