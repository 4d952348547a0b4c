#include "app/live_casework.h"

struct asking {
    const struct casework_live *from;
    const struct record_id *death;
    struct arena *a;
    struct case_context *out;
};

/* Under the lock of the world: what is kept is copied. */
static enum status ask_world(void *state, const struct live_view *view, struct err *e)
{
    const struct asking *x = state;
    struct case_links_options o = {.threshold_db = (int)world_model(view->world)->start_threshold_db};
    TRY(case_links_read(view->world, view->places, x->death, &o, x->a, x->out, e));
    casework_context_keep(x->a, x->out);
    return OK;
}

static void hide(const struct casework_live *from, struct case_context *c)
{
    struct case_link *link = (struct case_link *)(uintptr_t)c->link; /* ours: it was copied */
    struct case_near *near = (struct case_near *)(uintptr_t)c->near;
    size_t links = 0, nears = 0;
    for (size_t i = 0; i < c->links; i++)
        if (from->may_see(from->state, &link[i].other)) link[links++] = link[i];
    for (size_t i = 0; i < c->nears; i++)
        if (from->may_see(from->state, &near[i].other)) near[nears++] = near[i];
    c->links = links;
    c->nears = nears;
}

/* While nothing is loaded yet, nothing is linked: whoever shows it says so. */
static enum status read_links(void *state, const struct record_id *death, struct arena *a,
                              struct case_context *out, struct err *e)
{
    const struct casework_live *from = state;
    struct asking x = {from, death, a, out};
    struct err none = {0};
    enum status status = live_with(from->live, from->side, ask_world, &x, &none);
    if (status == E_BUSY || status == E_NOT_FOUND) {
        *out = (struct case_context){0};
        return OK;
    }
    if (status != OK) return ERR(e, status, none.field, "%s", none.text);
    if (from->may_see != NULL) hide(from, out);
    return OK;
}

struct casework_links casework_of_live(struct casework_live *from)
{
    return (struct casework_links){read_links, from};
}
