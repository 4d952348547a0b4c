/* The feed being written: lines wait until nothing earlier can come any more, then leave in order. */
#ifndef SYNTH_FEED_H
#define SYNTH_FEED_H

#include "synth/synth.h"

#include "base/buf.h"
#include "base/json.h"

/* The kinds that are numbered here, each with a prefix of its own: "BD000001". */
enum made {
    MADE_DEATH,
    MADE_PERSON,
    MADE_INVOLVEMENT,
    MADE_IDENTIFIER,
    MADE_INCIDENT,
    MADE_OFFICER,
    MADE_ATTENDANCE,
    MADE_RESULT,
    MADE_DECISION,
    MADE_COUNT
};

/* The id of a record. */
typedef struct RecordId {
    char text[16];
} RecordId;

struct waiting {
    int64_t known_ms;
    uint64_t seq;
    char *text;
    size_t len;
};

struct truth_row {
    int64_t from_ms;
    RecordId group, event;
    const char *nature, *kind;
};

struct feed {
    synth_line_sink put_line, put_truth;
    void *state, *truth_state;
    int64_t until_ms; /* later lines are dropped */
    struct waiting *heap;
    size_t count, room;
    uint64_t seq;
    uint32_t last[MADE_COUNT];
    struct buf line; /* the line being made */
    struct json_writer json;
    int64_t known_ms;
    struct truth_row *truth;
    size_t truth_count, truth_room;
};

void synth_feed_begin(struct feed *f, int64_t until_ms, synth_line_sink put_line, void *state,
                      synth_line_sink put_truth, void *truth_state);
void synth_feed_end(struct feed *f); /* frees everything; what still waits is dropped */

RecordId synth_id(enum made made, uint32_t number);
RecordId synth_feed_new(struct feed *f, enum made made); /* the next number */

/* Begins a line; the writer stands inside "set" until synth_line_end. Lines of one moment leave in
 * the order in which they were begun. */
struct json_writer *synth_line(struct feed *f, int64_t known_ms, enum made made, RecordId id,
                               const char *source);
void synth_line_end(struct feed *f);

/* Fields of a set. Words are constants of the program. */
void synth_set_word(struct json_writer *w, const char *field, const char *word);
void synth_set_text(struct json_writer *w, const char *field, Str text);
void synth_set_time(struct json_writer *w, const char *field, int64_t ms);
void synth_set_span(struct json_writer *w, const char *field, int64_t from_ms, int64_t to_ms);
void synth_set_place(struct json_writer *w, const char *field, double lat, double lon, int radius_m);
void synth_set_words(struct json_writer *w, const char *field, const char *const *word, size_t count);
void synth_set_bits(struct json_writer *w, const char *field, uint32_t set, const char *const *word,
                    size_t count);

/* A row of the truth: this event belongs to the group from from_ms on. */
void synth_truth_add(struct feed *f, RecordId group, const char *nature, RecordId event, enum made kind,
                     int64_t from_ms);

/* Hands out what became known before ms. */
MUST_USE enum status synth_feed_flush(struct feed *f, int64_t ms, struct err *e);
/* Hands out the truth: only groups of which two or more are in the feed. */
MUST_USE enum status synth_feed_truth(struct feed *f, struct err *e);

#endif
