#include "app/saved_searches.h"

#include "app/new_id.h"
#include "base/json.h"

#include <stdlib.h>

#define NOTE_PREFIX  "search/"
#define MEMBER_TITLE "title" /* no name of an input */
#define WORK_BYTES   ((size_t)SAVED_SEARCHES_MAX * 2 * NOTE_BYTES_MAX)

const char *const SAVED_SEARCH_INPUT[] = {"q",       "unit",    "category", "setting", "mechanism", "sex",
                                          "age_min", "age_max", "from",     "to",      "view"};
const size_t SAVED_SEARCH_INPUTS = COUNT_OF(SAVED_SEARCH_INPUT);
_Static_assert(COUNT_OF(SAVED_SEARCH_INPUT) <= SAVED_SEARCH_INPUTS_MAX, "room for every input");

static Str note_name(struct arena *a, Str id)
{
    return str_format(a, NOTE_PREFIX "%.*s", STR_ARG(id));
}

static enum status search_of(const struct note *note, struct arena *a, struct saved_search *out,
                             struct err *e)
{
    struct json_doc doc CLEANUP_JSON = {0};
    TRY(json_parse(note->text, &doc, e));
    *out =
        (struct saved_search){.id = str_copy(a, str_slice(note->name, strlen(NOTE_PREFIX), note->name.len)),
                              .title = str_copy(a, json_str(json_get(doc.root, MEMBER_TITLE)))};
    for (size_t i = 0; i < SAVED_SEARCH_INPUTS; i++) {
        Str value = json_str(json_get(doc.root, SAVED_SEARCH_INPUT[i]));
        out->value[i] = str_present(value) ? str_copy(a, value) : S("");
    }
    return OK;
}

static int by_title(const void *left, const void *right)
{
    const struct saved_search *a = left, *b = right;
    int order = str_compare(a->title, b->title);
    return order != 0 ? order : str_compare(a->id, b->id);
}

enum status saved_search_list(struct store *s, uint64_t account, struct arena *a, struct saved_search **out,
                              size_t *count, struct err *e)
{
    struct note *note = NULL;
    TRY(note_list(s, account, S(NOTE_PREFIX), a, &note, count, e));
    *out = NEW_ARRAY(a, struct saved_search, *count + 1);
    for (size_t i = 0; i < *count; i++)
        TRY(search_of(&note[i], a, &(*out)[i], e));
    if (*count > 1) qsort(*out, *count, sizeof **out, by_title);
    return OK;
}

static enum status check(const struct saved_search *search, struct err *e)
{
    bool asks = false;
    for (size_t i = 0; i + 1 < SAVED_SEARCH_INPUTS; i++) /* a view alone asks nothing */
        asks = asks || !str_empty(search->value[i]);
    if (!asks) return ERR(e, E_INVALID, "", "Search for something or set a filter, then keep it.");
    if (str_empty(search->title)) return ERR(e, E_INVALID, "title", "Give the search a name.");
    if (search->title.len > SAVED_SEARCH_TITLE_MAX)
        return ERR(e, E_INVALID, "title", "Give it a shorter name: up to %d letters.",
                   SAVED_SEARCH_TITLE_MAX);
    return OK;
}

enum status saved_search_keep(struct store *s, uint64_t account, const struct entropy *entropy,
                              const struct saved_search *search, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("keeping a search", WORK_BYTES);
    struct saved_search *kept = NULL;
    size_t count = 0;
    Str id = STR_NONE;
    TRY(check(search, e));
    TRY(saved_search_list(s, account, a, &kept, &count, e));
    for (size_t i = 0; i < count; i++)
        if (str_eq(kept[i].title, search->title)) id = kept[i].id;
    if (!str_present(id) && count >= SAVED_SEARCHES_MAX)
        return ERR(e, E_INVALID, "", "You keep %d searches, the most there can be. Remove one first.",
                   SAVED_SEARCHES_MAX);
    if (!str_present(id)) id = new_id(a, entropy, S(""));
    struct json_doc doc CLEANUP_JSON = {json_build_object()};
    struct buf text CLEANUP_BUF;
    json_build_member(doc.root, S(MEMBER_TITLE), json_build_text(search->title));
    for (size_t i = 0; i < SAVED_SEARCH_INPUTS; i++)
        if (!str_empty(search->value[i]))
            json_build_member(doc.root, str_of(SAVED_SEARCH_INPUT[i]), json_build_text(search->value[i]));
    buf_init(&text, 2 * NOTE_BYTES_MAX);
    json_write_canonical(&text, doc.root);
    TRY(buf_status(&text, e));
    return note_put(s, account, note_name(a, id), buf_str(&text), e);
}

enum status saved_search_drop(struct store *s, uint64_t account, Str id, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("dropping a search", 4 * NOTE_BYTES_MAX);
    struct note note;
    TRY(note_get(s, account, note_name(a, id), a, &note, e));
    return note_drop(s, account, note.name, e);
}
