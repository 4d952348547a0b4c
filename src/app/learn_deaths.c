#include "app/learn_deaths.h"

#include "app/import.h"
#include "app/linking.h"
#include "base/assets.h"
#include "base/stream.h"
#include "intake/mapping.h"

#define MODEL_MAX_BYTES ((size_t)1 << 20)

enum status learn_deaths_asked(const char *map, const struct policy *policy, bool *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("mapping", (size_t)64 << 20);
    const struct mapping *mapping = NULL;
    bool filled[FIELDS_MAX];
    TRY(import_mapping(a, policy, map, &mapping, e));
    *out = mapping_table(mapping) == NULL && mapping_has_records(mapping) &&
           mapping_first_record(mapping, filled)->id == KIND_DEATH;
    return OK;
}

/* The events as rows with nothing but their ids, so that labels can name them. */
static const struct sheet *ids_of(const struct world *w, struct arena *a, struct err *e)
{
    struct sheet_maker *m = sheet_maker_new(a, S("the deaths"), world_event_count(w) + 1);
    for (uint32_t i = 0; i < world_event_count(w); i++)
        if (sheet_begin_row(m, world_event_id(w, i)->id, i + 1, e) != OK) {
            sheet_maker_free(m);
            return NULL;
        }
    return sheet_finish(m);
}

static struct decision *decisions_of(const struct label_file *f, struct arena *a,
                                     struct learn_deaths_result *r, size_t *count)
{
    const struct labels *l = &f->labels;
    struct decision *d = NEW_ARRAY(a, struct decision, l->pairs + 1);
    *count = 0;
    for (size_t i = 0; i < l->pairs; i++) {
        if (!l->linked[i] && f->of_groups) continue; /* nobody looked at those */
        d[(*count)++] = (struct decision){l->pair[i].a, l->pair[i].b, l->linked[i], l->weight[i]};
        *(l->linked[i] ? &r->confirmed : &r->dismissed) += 1;
    }
    return d;
}

static enum status learn_in(struct world *w, const struct learn_deaths_options *o,
                            const struct policy *policy, struct arena *a, struct learn_deaths_result *r,
                            struct err *e)
{
    size_t count;
    TRY(file_world_fill(w, o->file, o->map, policy, &r->rows, e));
    const struct sheet *ids = ids_of(w, a, e);
    if (ids == NULL) return e->status;
    TRY(label_file_take(o->labels, ids, a, &r->labels, e));
    const struct decision *d = decisions_of(&r->labels, a, r, &count);
    link_model_learn(w, d, count, a, &r->after, r->seen);
    return OK;
}

static enum status parent_text(const char *path, struct arena *a, Str *out, struct err *e)
{
    struct buf text CLEANUP_BUF = {0};
    *out = asset_find(S("policy/model-deaths.tsv"));
    if (path == NULL) return OK;
    buf_init(&text, MODEL_MAX_BYTES);
    TRY(file_read(path, &text, e));
    *out = str_copy(a, buf_str(&text));
    return OK;
}

enum status learn_deaths(const struct learn_deaths_options *options, const struct policy *policy,
                         struct arena *a, struct learn_deaths_result *result, struct buf *out, struct err *e)
{
    struct learn_deaths_result *r = NEW(a, struct learn_deaths_result);
    struct link_model again;
    Str text;
    TRY(parent_text(options->parent, a, &text, e));
    TRY(link_model_load(a, text, &r->before, e));
    struct world *w CLEANUP_WORLD = world_new(&r->before, policy, FILE_WORLD_MAX_BYTES);
    TRY(learn_in(w, options, policy, a, r, e));
    link_model_write(text, &r->after, options->name, r->before.label, options->notes, out);
    TRY(buf_status(out, e));
    TRY(link_model_load(a, buf_str(out), &again, e));
    r->after.label = again.label;
    *result = *r;
    return OK;
}
