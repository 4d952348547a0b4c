#include "app/file_world.h"

#include "app/import.h"
#include "intake/intake.h"

static enum status take_changes(struct world *w, struct intake *in, struct file_rows *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("a row", (size_t)256 << 20);
    for (;;) {
        struct intake_item item;
        arena_reset(a);
        TRY(intake_next(in, a, &item, e));
        if (item.kind == INTAKE_CHANGE) {
            item.change.known_at_ms = 0;
            TRY(world_apply(w, &item.change, e));
        }
        if (item.kind != INTAKE_DONE) continue;
        *out = (struct file_rows){item.summary.rows, item.summary.refused, item.summary.dropped};
        (void)world_tick(w);
        world_count_all(w);
        return OK;
    }
}

enum status file_world_fill(struct world *w, const char *file, const char *map, const struct policy *policy,
                            struct file_rows *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("mapping", (size_t)64 << 20);
    const struct mapping *mapping = NULL;
    struct intake *in = NULL;
    TRY(import_mapping(a, policy, map, &mapping, e));
    struct intake_options options = {.policy = policy, .mapping = mapping};
    TRY(intake_open(file, &options, &in, e));
    enum status s = take_changes(w, in, out, e);
    intake_close(in);
    return s;
}
