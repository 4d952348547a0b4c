#include "synth/feed.h"

#include "base/alloc.h"
#include "base/caldate.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_BYTES_MAX 65536

static const struct {
    const char *kind, *prefix;
} made_row[MADE_COUNT] = {
    [MADE_DEATH] = {"death", "BD"},
    [MADE_PERSON] = {"person", "BP"},
    [MADE_INVOLVEMENT] = {"involvement", "BV"},
    [MADE_IDENTIFIER] = {"identifier", "BN"},
    [MADE_INCIDENT] = {"incident", "BI"},
    [MADE_OFFICER] = {"officer", "BO"},
    [MADE_ATTENDANCE] = {"attendance", "BA"},
    [MADE_RESULT] = {"result", "BR"},
    [MADE_DECISION] = {"decision", "BX"},
};

void synth_feed_begin(struct feed *f, int64_t until_ms, synth_line_sink put_line, void *state,
                      synth_line_sink put_truth, void *truth_state)
{
    *f = (struct feed){.until_ms = until_ms,
                       .put_line = put_line,
                       .state = state,
                       .put_truth = put_truth,
                       .truth_state = truth_state};
    buf_init(&f->line, LINE_BYTES_MAX);
}

void synth_feed_end(struct feed *f)
{
    for (size_t i = 0; i < f->count; i++)
        alloc_free(f->heap[i].text);
    alloc_free(f->heap);
    alloc_free(f->truth);
    buf_free(&f->line);
    *f = (struct feed){.count = 0};
}

RecordId synth_id(enum made made, uint32_t number)
{
    RecordId id;
    (void)snprintf(id.text, sizeof id.text, "%s%06u", made_row[made].prefix, number);
    return id;
}

RecordId synth_feed_new(struct feed *f, enum made made)
{
    return synth_id(made, ++f->last[made]);
}

struct json_writer *synth_line(struct feed *f, int64_t known_ms, enum made made, RecordId id,
                               const char *source)
{
    char when[32];
    caldate_format(known_ms, when);
    f->known_ms = known_ms;
    buf_clear(&f->line);
    f->json = json_writer(&f->line, false);
    json_open(&f->json, '{');
    json_kv_str(&f->json, S("known_at"), str_of(when));
    json_kv_str(&f->json, S("kind"), str_of(made_row[made].kind));
    json_kv_str(&f->json, S("id"), str_of(id.text));
    json_kv_str(&f->json, S("source"), str_of(source));
    json_put_key(&f->json, S("set"));
    json_open(&f->json, '{');
    return &f->json;
}

static bool before(const struct waiting *a, const struct waiting *b)
{
    return a->known_ms != b->known_ms ? a->known_ms < b->known_ms : a->seq < b->seq;
}

static void heap_push(struct feed *f, struct waiting w)
{
    if (f->count == f->room) {
        f->room = f->room == 0 ? 256 : 2 * f->room;
        f->heap = alloc_resize(f->heap, f->room, sizeof *f->heap);
    }
    size_t at = f->count++;
    while (at > 0 && before(&w, &f->heap[(at - 1) / 2])) {
        f->heap[at] = f->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    f->heap[at] = w;
}

static struct waiting heap_pop(struct feed *f)
{
    struct waiting top = f->heap[0], last = f->heap[--f->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= f->count) break;
        if (child + 1 < f->count && before(&f->heap[child + 1], &f->heap[child])) child++;
        if (!before(&f->heap[child], &last)) break;
        f->heap[at] = f->heap[child];
        at = child;
    }
    if (f->count > 0) f->heap[at] = last;
    return top;
}

void synth_line_end(struct feed *f)
{
    json_close(&f->json, '}');
    json_close(&f->json, '}');
    MUST(!f->line.failed);
    if (f->known_ms >= f->until_ms) return;
    struct waiting w = {.known_ms = f->known_ms, .seq = f->seq++, .len = f->line.len};
    w.text = alloc_resize(NULL, w.len, 1);
    memcpy(w.text, f->line.ptr, w.len);
    heap_push(f, w);
}

void synth_set_word(struct json_writer *w, const char *field, const char *word)
{
    if (word != NULL) json_kv_str(w, str_of(field), str_of(word));
}

void synth_set_text(struct json_writer *w, const char *field, Str text)
{
    if (str_present(text)) json_kv_str(w, str_of(field), text);
}

void synth_set_time(struct json_writer *w, const char *field, int64_t ms)
{
    char when[32];
    caldate_format(ms, when);
    json_kv_str(w, str_of(field), str_of(when));
}

void synth_set_span(struct json_writer *w, const char *field, int64_t from_ms, int64_t to_ms)
{
    json_put_key(w, str_of(field));
    json_open(w, '{');
    synth_set_time(w, "from", from_ms);
    synth_set_time(w, "to", to_ms);
    json_close(w, '}');
}

void synth_set_place(struct json_writer *w, const char *field, double lat, double lon, int radius_m)
{
    json_put_key(w, str_of(field));
    json_open(w, '{');
    json_put_key(w, S("lat"));
    json_put_fixed(w, lat, 5);
    json_put_key(w, S("lon"));
    json_put_fixed(w, lon, 5);
    json_kv_i64(w, S("radius_m"), radius_m);
    json_close(w, '}');
}

void synth_set_words(struct json_writer *w, const char *field, const char *const *word, size_t count)
{
    if (count == 0) return;
    json_put_key(w, str_of(field));
    json_open(w, '[');
    for (size_t i = 0; i < count; i++)
        json_put_str(w, str_of(word[i]));
    json_close(w, ']');
}

void synth_set_bits(struct json_writer *w, const char *field, uint32_t set, const char *const *word,
                    size_t count)
{
    if (set == 0) return;
    json_put_key(w, str_of(field));
    json_open(w, '[');
    for (size_t i = 0; i < count; i++)
        if (set & (1u << i)) json_put_str(w, str_of(word[i]));
    json_close(w, ']');
}

void synth_truth_add(struct feed *f, RecordId group, const char *nature, RecordId event, enum made kind,
                     int64_t from_ms)
{
    if (from_ms >= f->until_ms || f->put_truth == NULL) return;
    if (f->truth_count == f->truth_room) {
        f->truth_room = f->truth_room == 0 ? 64 : 2 * f->truth_room;
        f->truth = alloc_resize(f->truth, f->truth_room, sizeof *f->truth);
    }
    f->truth[f->truth_count++] = (struct truth_row){from_ms, group, event, nature, made_row[kind].kind};
}

enum status synth_feed_flush(struct feed *f, int64_t ms, struct err *e)
{
    while (f->count > 0 && f->heap[0].known_ms < ms) {
        struct waiting w = heap_pop(f);
        enum status s = f->put_line(f->state, (Str){w.text, w.len}, e);
        alloc_free(w.text);
        if (s != OK) return s;
    }
    return OK;
}

static int by_group(const void *a, const void *b)
{
    const struct truth_row *x = a, *y = b;
    int c = strcmp(x->group.text, y->group.text);
    if (c != 0) return c;
    if (x->from_ms != y->from_ms) return x->from_ms < y->from_ms ? -1 : 1;
    return strcmp(x->event.text, y->event.text);
}

static int by_start(const void *a, const void *b)
{
    const struct truth_row *x = a, *y = b;
    if (x->from_ms != y->from_ms) return x->from_ms < y->from_ms ? -1 : 1;
    int c = strcmp(x->group.text, y->group.text);
    return c != 0 ? c : strcmp(x->event.text, y->event.text);
}

/* A group of one is no tie: its other half was not yet known when the feed ended. */
static void drop_lone_rows(struct feed *f)
{
    qsort(f->truth, f->truth_count, sizeof *f->truth, by_group);
    size_t kept = 0;
    for (size_t i = 0; i < f->truth_count;) {
        size_t end = i + 1;
        while (end < f->truth_count && strcmp(f->truth[end].group.text, f->truth[i].group.text) == 0)
            end++;
        for (size_t k = i; end - i >= 2 && k < end; k++)
            f->truth[kept++] = f->truth[k];
        i = end;
    }
    f->truth_count = kept;
}

enum status synth_feed_truth(struct feed *f, struct err *e)
{
    if (f->put_truth == NULL) return OK;
    TRY(f->put_truth(f->truth_state, S("group\tnature\tevent\tkind\tlinkable_from"), e));
    if (f->truth_count == 0) return OK;
    drop_lone_rows(f);
    qsort(f->truth, f->truth_count, sizeof *f->truth, by_start);
    for (size_t i = 0; i < f->truth_count; i++) {
        const struct truth_row *t = &f->truth[i];
        char when[32];
        caldate_format(t->from_ms, when);
        buf_clear(&f->line);
        buf_addf(&f->line, "%s\t%s\t%s\t%s\t%s", t->group.text, t->nature, t->event.text, t->kind, when);
        TRY(f->put_truth(f->truth_state, buf_str(&f->line), e));
    }
    return OK;
}
