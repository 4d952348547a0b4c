/* What is kept of the linker at work: its world and its alarm, as they were at one entry of the ledger, so
 * that a start goes on from there. Sealed as the records are (store.h), destroyed by an erasure. */
#include "app/linking.h"
#include "app/live_private.h"

#include "base/buf.h"
#include "base/log.h"

#define ALARM_KEPT_AS   S("linker-alarm")
#define ALARM_BYTES_MAX ((size_t)4 << 30)

struct kept_head {
    int64_t warm_from_ms;
    uint64_t told;   /* 1: all it had found was on record */
    uint64_t events; /* digest of the world's events: the alarm knows them by number */
};

/* Two worlds of one entry may number their events differently: one that a command made anew and kept lies
 * beside the alarm of the one before. */
static uint64_t events_digest(const struct world *w)
{
    uint64_t h = world_event_count(w);
    for (uint32_t i = 0; i < world_event_count(w); i++) {
        const struct record_id *id = world_event_id(w, i);
        h = hash64_mix(hash64_mix(h, (uint64_t)id->kind), hash64_mix(hash64(id->ns), hash64(id->id)));
    }
    return h;
}

static enum status keep(struct store *s, struct side *side, bool told, struct err *e)
{
    struct buf image CLEANUP_BUF;
    struct kept_head head = {side->warm_from_ms, told, events_digest(side->open)};
    buf_init(&image, ALARM_BYTES_MAX);
    buf_add_bytes(&image, &head, sizeof head);
    alarm_save(side->alarm, &image);
    TRY(buf_status(&image, e));
    TRY(linking_keep(s, side->open, side->through, e));
    return store_keep(s, ALARM_KEPT_AS, side->through, buf_str(&image), e);
}

void side_keep(struct store *s, struct side *side, bool told)
{
    struct err why = {0};
    if (side->whole != NULL) return; /* what is restricted is in no file but the ledger's */
    if (keep(s, side, told, &why) != OK)
        log_line(LOG_WARNING, "the linker could not be kept, the next start will take longer: %s", why.text);
}

static enum status alarm_read(struct side *side, const struct load_order *o, uint64_t linked, Str image,
                              struct err *e)
{
    struct kept_head head;
    if (image.len < sizeof head) return ERR(e, E_INVALID, "", "what was kept of the alarm is cut short");
    memcpy(&head, image.ptr, sizeof head);
    if (head.events != events_digest(side->open))
        return ERR(e, E_CONFLICT, "", "the world beside the alarm is not the one that it watched");
    if (!head.told && linked < side->through)
        return ERR(e, E_CONFLICT, "", "not everything that was found by then had been told");
    side->warm_from_ms = head.warm_from_ms;
    side->alarm = alarm_new(o->model, o->look, o->price_per_week);
    return alarm_restore(side->alarm, world_event_count(side->open), str_slice(image, sizeof head, image.len),
                         e);
}

static enum status side_take(struct side *side, const struct load_order *o, uint64_t linked, struct err *e)
{
    struct buf image CLEANUP_BUF;
    uint64_t world_seq = 0;
    buf_init(&image, ALARM_BYTES_MAX);
    TRY(store_kept(o->store, o->actor, ALARM_KEPT_AS, &side->through, &image, e));
    TRY(linking_kept(o->store, o->actor, o->policy, o->model, &world_seq, &side->open, e));
    if (world_seq != side->through)
        return ERR(e, E_CONFLICT, "", "the world was kept at entry %llu, the alarm at %llu",
                   (unsigned long long)world_seq, (unsigned long long)side->through);
    return alarm_read(side, o, linked, buf_str(&image), e);
}

enum status side_restore(const struct load_order *o, uint64_t linked, struct side **out, struct err *e)
{
    struct side *side = side_new(o->policy);
    enum status status = side_take(side, o, linked, e);
    if (status != OK) {
        side_free(side);
        return status;
    }
    side_places_fill(side);
    *out = side;
    return OK;
}
