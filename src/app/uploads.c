#include "app/uploads.h"

#include "app/new_id.h"
#include "base/assets.h"
#include "base/json.h"
#include "base/stream.h"
#include "model/suggest.h"
#include "store/accounts.h"

#include <errno.h>
#include <sys/stat.h>

#define NAME_CHARS_MAX 80

/* ---- keeping ---------------------------------------------------------------------------------------- */

static enum status folder_make(const char *path, struct err *e)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return OK;
    return ERR(e, E_IO, "", "the folder for files cannot be made: %s.", strerror(errno));
}

/* Its last part, letters and digits; never a path. */
static Str plain_name(struct arena *a, Str name)
{
    size_t from = name.len;
    while (from > 0 && name.ptr[from - 1] != '/' && name.ptr[from - 1] != '\\')
        from--;
    name = str_slice(name, from, name.len);
    if (name.len > NAME_CHARS_MAX) name = str_slice(name, name.len - NAME_CHARS_MAX, name.len);
    char *out = str_cstr(a, name);
    for (size_t i = 0; i < name.len; i++) {
        char c = out[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("._-", c) != NULL && i > 0);
        if (!plain) out[i] = '_';
    }
    return (Str){out, name.len};
}

static Str note_name(struct arena *a, Str id)
{
    return str_format(a, "import/%.*s", STR_ARG(id));
}

enum status upload_map(struct session *s, uint64_t account, const struct upload *u, Str map, struct err *e)
{
    struct buf text CLEANUP_BUF = {0};
    struct arena *a CLEANUP_ARENA = arena_new("an upload", (size_t)1 << 20);
    buf_init(&text, NOTE_BYTES_MAX);
    struct json_writer w = json_writer(&text, false);
    json_open(&w, '{');
    json_kv_str(&w, S("path"), u->path);
    json_kv_str(&w, S("map"), map);
    json_close(&w, '}');
    TRY(buf_status(&text, e));
    return note_put(s->store, account, note_name(a, u->id), buf_str(&text), e);
}

enum status upload_keep(struct session *s, uint64_t account, Str name, Str content, Str map, struct arena *a,
                        struct upload *out, struct err *e)
{
    if (str_empty(name) || str_empty(content))
        return ERR(e, E_INVALID, "file", "Choose a file that is not empty.");
    Str id = new_id(a, &s->env.entropy, S("UP-"));
    const char *all = str_cstr(a, str_format(a, "%s/uploads", s->dir));
    const char *own = str_cstr(a, str_format(a, "%s/%.*s", all, STR_ARG(id)));
    *out = (struct upload){id, str_format(a, "%s/%.*s", own, STR_ARG(plain_name(a, name))), map};
    TRY(folder_make(all, e));
    TRY(folder_make(own, e));
    TRY(file_write(str_cstr(a, out->path), content, 0600, e));
    return upload_map(s, account, out, map, e);
}

enum status upload_find(struct session *s, uint64_t account, Str id, struct arena *a, struct upload *out,
                        struct err *e)
{
    struct note note;
    struct json_doc doc CLEANUP_JSON = {0};
    TRY(note_get(s->store, account, note_name(a, id), a, &note, e));
    TRY(json_parse(note.text, &doc, e));
    *out = (struct upload){id, str_copy(a, json_str(json_get(doc.root, "path"))),
                           str_copy(a, json_str(json_get(doc.root, "map")))};
    return OK;
}

const char *upload_refused_path(struct arena *a, const struct upload *u)
{
    return str_cstr(a, str_format(a, "%.*s.refused", STR_ARG(u->path)));
}

Str upload_shipped_map(struct arena *a, Str name)
{
    return asset_find(str_format(a, "policy/maps/%.*s.map", STR_ARG(name)));
}

/* ---- suggesting ------------------------------------------------------------------------------------- */

/* "Date of death" -> "date_of_death" */
static Str folded(struct arena *a, Str s)
{
    char *out = str_cstr(a, str_lower(a, s));
    for (size_t i = 0; i < s.len; i++)
        if (!((out[i] >= 'a' && out[i] <= 'z') || (out[i] >= '0' && out[i] <= '9'))) out[i] = '_';
    return (Str){out, s.len};
}

/* Words for a field in other people's tables. */
static const struct {
    const char *field, *words;
} SYNONYMS[] = {
    {"deceased_name", "name full_name decedent decedent_name victim_name"},
    {"age", "age_years age_at_death"},
    {"sex", "gender"},
    {"died", "date_of_death death_date dod date"},
    {"found", "found_date date_found"},
    {"address", "street location incident_address death_address"},
    {"postcode", "zip zip_code zipcode"},
    {"ref", "reference case_number case_no casenumber"},
    {"circumstances", "narrative description summary"},
    {"substances", "cause cause_of_death primary_cause drugs"},
    {"manner", "manner_of_death"},
};

static int field_for(struct arena *a, Str column)
{
    const struct kind *death = kind_of(KIND_DEATH);
    Str own = folded(a, column);
    struct suggest near = suggest_for(own);
    for (size_t i = 0; i < death->field_count; i++) {
        Str name = str_of(death->field[i].name);
        if (str_eq(own, name) || str_eq(own, folded(a, str_of(death->field[i].label)))) return (int)i;
        suggest_try(&near, name);
    }
    for (size_t i = 0; i < COUNT_OF(SYNONYMS); i++)
        if (field_value_listed(SYNONYMS[i].words, own)) return field_index(death, str_of(SYNONYMS[i].field));
    Str best = own.len >= 5 ? suggest_best(&near) : STR_NONE;
    return str_present(best) ? field_index(death, best) : -1;
}

/* How its cells are read; NULL: such a field cannot be filled without knowing the table. */
static const char *transform_for(enum field_type type)
{
    static const char DATES[] = " | date \"%Y-%m-%d\" \"%d/%m/%Y\" \"%Y-%m-%dT%H:%M:%S\"";
    switch ((int)type) {
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_ADDRESS:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
        return "";
    case FT_NUMBER:
        return " | number";
    case FT_SPAN:
    case FT_TIME:
        return DATES;
    default:
        return NULL;
    }
}

static void column_line(struct arena *a, struct buf *out, Str column, bool filled[FIELDS_MAX])
{
    const struct kind *death = kind_of(KIND_DEATH);
    int field = str_find_char(column, '}') == STR_NPOS ? field_for(a, column) : -1;
    if (field < 0 || filled[field]) return;
    const char *transform = transform_for(death->field[field].type);
    bool substances = strcmp(death->field[field].name, "substances") == 0;
    if (substances) transform = " | words substances";
    if (transform == NULL) return;
    filled[field] = true;
    buf_addf(out, "%s = {%.*s}%s\n", death->field[field].name, STR_ARG(column), transform);
}

static bool is_id(struct arena *a, Str column)
{
    return field_value_listed("id case_id case_number casenumber case_no record_id", folded(a, column));
}

static void map_write(struct arena *a, const struct table_columns *columns, struct buf *out)
{
    bool filled[FIELDS_MAX] = {false};
    Str id = S("#content");
    for (size_t i = columns->count; i-- > 0;)
        if (is_id(a, columns->column[i].name)) id = columns->column[i].name;
    buf_add_cstr(out,
                 "# A suggestion: look at each line, and at the preview below.\n[mapping]\nname = table\n"
                 "version = 1\nnamespace = table\nsource = import\n\n[record death]\n");
    buf_addf(out, "id = {%.*s}\n", STR_ARG(id));
    for (size_t i = 0; i < columns->count; i++)
        column_line(a, out, columns->column[i].name, filled);
}

enum status upload_suggest(struct session *s, const struct upload *u, struct arena *a, Str *map,
                           struct err *e)
{
    struct intake_options options = {.policy = &s->policy, .as_table = true};
    struct intake *in = NULL;
    struct intake_item item;
    struct buf out CLEANUP_BUF = {0};
    buf_init(&out, MAPPING_BYTES_MAX);
    TRY(intake_open(str_cstr(a, u->path), &options, &in, e));
    enum status status = intake_next(in, a, &item, e);
    if (status == OK && item.kind != INTAKE_COLUMNS)
        status = ERR(e, E_INVALID, "file", "This is no table with a header. A feed needs no mapping.");
    if (status == OK) map_write(a, &item.columns, &out);
    intake_close(in);
    *map = str_copy(a, buf_str(&out));
    return status;
}

/* ---- looking first ---------------------------------------------------------------------------------- */

enum status upload_first(struct session *s, const struct upload *u, const struct mapping *mapping,
                         int64_t now_ms, struct arena *a, struct change *out, size_t room, size_t *count,
                         struct err *e)
{
    struct intake_options options = {.policy = &s->policy, .mapping = mapping, .known_at_ms_max = now_ms};
    struct intake *in = NULL;
    struct intake_item item = {0};
    *count = 0;
    TRY(intake_open(str_cstr(a, u->path), &options, &in, e));
    enum status status = OK;
    while (status == OK && item.kind != INTAKE_DONE && *count < room) {
        status = intake_next(in, a, &item, e);
        if (status == OK && item.kind == INTAKE_CHANGE) out[(*count)++] = item.change;
    }
    intake_close(in);
    return status;
}
