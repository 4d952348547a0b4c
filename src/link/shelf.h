/* The records behind the events. What was said of each stands as packed lines; a record is folded from them
 * when somebody asks. Of records that tie events together, the few things that are asked for all the time are
 * kept beside it. Insides of the linker. */
#ifndef LINK_SHELF_H
#define LINK_SHELF_H

#include "base/table.h"
#include "model/record.h"

/* Folded records that are kept: what world_record gave is good until the next tick, and until so many others
 * were asked for. */
#define RECORDS_KEPT 1024

struct world;
struct shelf;

/* What ties: of an involvement the event and the person, of an identifier its holder, type and key, of a
 * person the keys of the addresses. */
struct tying {
    Str event, person, holder; /* references as given */
    Str key;                   /* normalised: the identifier's value, a person's name */
    Str role, type;
    struct str_list address;
};

/* One line, packed: what follows is the text of its facts. */
struct packed_line {
    const struct packed_line *before; /* of the same record; NULL: the first */
    int64_t known_at_ms;
    uint64_t seq;
    uint32_t source; /* in the shelf's words */
    uint32_t facts;
};

struct shelf *shelf_new(void);
void shelf_free(struct shelf *s);

/* Sources, roles and types: few words, used again and again. */
struct table **shelf_words(struct shelf *s);
Str shelf_word(struct world *w, Str text);
/* A packed line is so long, with its facts. */
size_t packed_line_bytes(const struct packed_line *p);

const struct packed_line *shelf_pack(struct world *w, const struct change *line, uint64_t seq,
                                     const struct packed_line *before);
Str shelf_source(const struct world *w, uint32_t source);
/* Folds what is known of these slots now, each once and at most RECORDS_KEPT of them, by several threads;
 * forgets what was folded of them before. */
void shelf_fold(const struct world *w, const uint32_t *slot, size_t count, size_t threads);
/* What was folded of it, as long as it is kept; else NULL. */
const struct record *shelf_kept(const struct world *w, uint32_t slot);
/* The folded record, from those that are kept or folded now. NULL when nothing is left of it. */
const struct record *shelf_record(const struct world *w, uint32_t slot);
/* The same without keeping it: what is not kept is folded into `a`. For several threads at once, while nobody
 * folds. */
const struct record *shelf_read(const struct world *w, uint32_t slot, struct arena *a);
/* Keeps of a folded record what ties, in place of what was kept of it before. */
void shelf_keep_tying(struct world *w, uint32_t slot, const struct record *r);

#endif
