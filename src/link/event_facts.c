#include "link/event_facts.h"

#include "base/hash.h"
#include "link/world_internal.h"

/* A sum, so that the order of what is added does not matter. */
uint64_t event_facts_digest(struct world *w, uint32_t event)
{
    MUST(event < w->event_count);
    const struct event *ev = &w->event[event];
    const struct record *r = world_record_at(w, ev->record);
    uint64_t digest = 0;
    if (r == NULL) return 0;
    const struct kind *kind = kind_of(r->id.kind);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct holding *held = &r->held[i];
        if (kind->field[i].compare[0] == '\0' || !str_present(held->value)) continue;
        Str compared = str_empty(held->key) ? held->value : held->key;
        digest += hash64_mix(hash64(str_of(kind->field[i].name)), hash64(compared));
    }
    for (size_t i = 0; i < ev->path_count; i++) {
        Str type, value = world_value(w, ev->path[i].value, &type);
        digest += hash64_mix(hash64_mix(hash64(type), hash64(value)), hash64(ev->path[i].role));
    }
    return digest;
}
