/* Series: which items belong together, since when and why. Items are numbers (events of a world, rows of a
 * table); an item is in one series of a book at a time. Numbers of series, from 1, stay for ever. Every join
 * and leave is an entry, dated, with its reason; nothing is overwritten, so membership can be read as of any
 * day and every step can be taken back by another one. */
#ifndef LINK_SERIES_H
#define LINK_SERIES_H

#include "base/arena.h"
#include "link/image.h"

#include <stdbool.h>
#include <stdint.h>

struct series_book;
struct series_book *series_book_new(void);
void series_book_free(struct series_book *b); /* NULL is allowed */
#define CLEANUP_SERIES_BOOK __attribute__((cleanup(series_book_cleanup)))
void series_book_cleanup(struct series_book **b);

void series_book_save(const struct series_book *b, struct buf *out);
/* Into a new one. False: not whole, or of an item beyond `items`. */
bool series_book_restore(struct series_book *b, size_t items, struct image_rest *from);

enum series_reason {
    SERIES_TIED,    /* weighs enough with a member, and the whole coheres */
    SERIES_FOLLOWS, /* is about a member, or the same people and numbers lead to it */
    SERIES_GROUP,   /* found together with the others, by a scan or a rate */
    SERIES_UNITED,  /* its series became one with another; `other` is the number of that series */
    SERIES_PARTED,  /* the uniting was taken back; `other` likewise */
    SERIES_LOOSE,   /* what tied it is gone: new facts, a withdrawn report */
    SERIES_DECIDED, /* a person said so */
};
const char *series_reason_name(enum series_reason why);

struct series_move {
    int64_t at_ms;
    uint32_t series, item;
    bool in; /* joins; else leaves */
    enum series_reason why;
    uint32_t
        other; /* SERIES_TIED, SERIES_FOLLOWS: the member it is tied to; UNITED, PARTED: the other series */
    int weight_db; /* of that tie; 0 where there is none */
};

/* A series of one item, to be joined by others. Its number. */
uint32_t series_open(struct series_book *b, uint32_t item, int64_t at_ms);
/* The item joins `series`; it must be in none. `move.series`, `.item` and `.in` are filled in. */
void series_join(struct series_book *b, uint32_t series, uint32_t item, struct series_move move);
/* The item leaves its series; false when it was in none. */
bool series_leave(struct series_book *b, uint32_t item, struct series_move move);
/* The smaller joins the larger, whose number stays; the older where they are of one size. That number. */
uint32_t series_unite(struct series_book *b, uint32_t x, uint32_t y, int64_t at_ms, int weight_db);
/* Takes a uniting back: who came from `from` into `series` and is still there returns. How many returned. */
size_t series_part(struct series_book *b, uint32_t series, uint32_t from, int64_t at_ms);

uint32_t series_of(const struct series_book *b, uint32_t item); /* 0: in none */
size_t series_count(const struct series_book *b);               /* numbers given out */
/* Members in the order of joining; good until the next change. */
size_t series_members(const struct series_book *b, uint32_t series, const uint32_t **member);
/* The same as of a time. */
size_t series_members_at(const struct series_book *b, uint32_t series, int64_t at_ms, struct arena *a,
                         uint32_t **member);
/* All moves, oldest first. */
size_t series_moves(const struct series_book *b, const struct series_move **move);

#endif
