#include "assure/pack.h"

#include "base/utf8.h"
#include "model/suggest.h"

enum { LINES_MAX = 5000, LIST_MAX = 16, VALUE_BYTES_MAX = 4000 };

struct role_row {
    const char *role, *words;
};
/* The roles that policy of accounts knows; a check is for one of them. */
static const struct role_row roles[] = {
    {"response_officer", "the attending officer"},
    {"supervisor", "the supervisor"},
    {"duty_inspector", "the duty inspector"},
    {"detective", "the detective"},
    {"analyst", "the analyst"},
    {"specialist_homicide", "the specialist homicide team"},
    {"exhibits_officer", "the exhibits officer"},
    {"family_liaison", "the family liaison officer"},
    {"coroners_officer", "the coroner's officer"},
    {"medical_examiner", "the coroner or medical examiner"},
};

static const struct role_row *role_find(Str role)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (str_eq(role, str_of(roles[i].role))) return &roles[i];
    return NULL;
}

bool check_role_known(Str role)
{
    return role_find(role) != NULL;
}

Str check_role_words(Str role)
{
    const struct role_row *row = role_find(role);
    return row ? str_of(row->words) : role;
}

/* ---- lines ------------------------------------------------------------------------------------------ */

struct entry {
    uint64_t line;
    Str key, value;
};

enum section { IN_NONE, IN_PACK, IN_GROUP, IN_CHECK };

struct reading {
    struct arena *a;
    struct check_pack *pack;
    enum section section;
    struct check *check;
    bool closing; /* the last line of the check said what closes it: the next opens is another variant */
    struct err *err;
};

/* Puts the line in front of what `why` says. */
static enum status at_line(struct reading *r, uint64_t line, const char *key, const struct err *why)
{
    return ERR(r->err, why->status == OK ? E_INVALID : why->status, key, "line %llu%s%s: %s",
               (unsigned long long)line, key[0] != '\0' ? ", " : "", key, why->text);
}

#define FAIL_AT(r, line, key, ...)                                                                           \
    do {                                                                                                     \
        struct err why_ = {0};                                                                               \
        enum status ignored_ = ERR(&why_, E_INVALID, "", __VA_ARGS__);                                       \
        (void)ignored_;                                                                                      \
        return at_line(r, line, key, &why_);                                                                 \
    } while (0)

static bool name_valid(Str name)
{
    if (name.len == 0 || name.len > 48) return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

/* ---- keys ------------------------------------------------------------------------------------------- */

struct key_row {
    const char *key;
    enum status (*put)(struct reading *r, const struct entry *entry);
    const char *about;
};

static enum status put_text(struct reading *r, const struct entry *entry, Str *into)
{
    if (str_present(*into)) FAIL_AT(r, entry->line, "", "%.*s is given twice", STR_ARG(entry->key));
    *into = entry->value;
    return OK;
}

#define PUT_TEXT(name, into)                                                                                 \
    static enum status name(struct reading *r, const struct entry *entry)                                    \
    {                                                                                                        \
        return put_text(r, entry, &(into));                                                                  \
    }
PUT_TEXT(put_pack_name, r->pack->name)
PUT_TEXT(put_pack_title, r->pack->title)
PUT_TEXT(put_pack_about, r->pack->about)
PUT_TEXT(put_pack_clocks, r->pack->clocks)
PUT_TEXT(put_group_title, r->pack->group[r->pack->groups - 1].title)
PUT_TEXT(put_title, r->check->title)
PUT_TEXT(put_asks, r->check->asks)
PUT_TEXT(put_why, r->check->why)
PUT_TEXT(put_source, r->check->source)
PUT_TEXT(put_guidance, r->check->guidance)
PUT_TEXT(put_due_from, r->check->due_from)
PUT_TEXT(put_due_field, r->check->due_field)

static enum status put_version(struct reading *r, const struct entry *entry)
{
    int64_t n = 0;
    if (str_to_i64(entry->value, &n) != OK || n < 1)
        FAIL_AT(r, entry->line, "version", "a version is a whole number from 1");
    r->pack->version = (uint64_t)n;
    return OK;
}

static enum status put_verified(struct reading *r, const struct entry *entry)
{
    r->pack->verified = str_eq(entry->value, S("yes"));
    if (!r->pack->verified && !str_eq(entry->value, S("no")))
        FAIL_AT(r, entry->line, "verified", "verified is yes or no");
    return OK;
}

static enum status put_group(struct reading *r, const struct entry *entry)
{
    for (size_t i = 0; i < r->pack->groups; i++)
        if (str_eq(r->pack->group[i].id, entry->value)) {
            r->check->group = i;
            return OK;
        }
    FAIL_AT(r, entry->line, "group", "there is no [group %.*s] above",
            STR_ARG(str_slice(entry->value, 0, 40)));
}

static enum status put_role(struct reading *r, const struct entry *entry)
{
    if (!check_role_known(entry->value)) {
        struct suggest s = suggest_for(entry->value);
        for (size_t i = 0; i < COUNT_OF(roles); i++)
            suggest_try(&s, str_of(roles[i].role));
        Str near = suggest_best(&s);
        FAIL_AT(r, entry->line, "for", "\"%.*s\" is no role%s%.*s%s", STR_ARG(str_slice(entry->value, 0, 40)),
                str_present(near) ? "; did you mean " : "", STR_ARG(near), str_present(near) ? "?" : "");
    }
    r->check->role = entry->value;
    return OK;
}

static enum status put_due(struct reading *r, const struct entry *entry)
{
    struct err why = {0};
    if (duration_parse(entry->value, &r->check->due_ms, &why) != OK)
        return at_line(r, entry->line, "due", &why);
    return OK;
}

static enum status put_waive(struct reading *r, const struct entry *entry)
{
    r->check->waive_rank = rank_height(entry->value);
    if (r->check->waive_rank == 0 && !str_eq(entry->value, S("never")))
        FAIL_AT(r, entry->line, "not_needed",
                "give the least rank of the second person (sergeant, inspector ...), or never");
    return OK;
}

/* The variant that an opens or closed line belongs to. */
static struct variant *variant_for(struct reading *r, bool opens)
{
    struct check *c = r->check;
    if (c->variants == 0 || (opens && r->closing)) {
        if (c->variants == VARIANTS_MAX) return NULL;
        c->variant[c->variants++] = (struct variant){.opens = NEW_ARRAY(r->a, struct opening, LIST_MAX),
                                                     .closed = NEW_ARRAY(r->a, struct evidence, LIST_MAX)};
    }
    r->closing = !opens;
    return &c->variant[c->variants - 1];
}

static enum status put_opens(struct reading *r, const struct entry *entry)
{
    struct err why = {0};
    struct variant *v = variant_for(r, true);
    if (!v || v->openings == LIST_MAX) FAIL_AT(r, entry->line, "opens", "there are too many of them");
    if (opening_parse(r->a, entry->value, &v->opens[v->openings], &why) != OK)
        return at_line(r, entry->line, "opens", &why);
    v->openings++;
    return OK;
}

static enum status put_closed(struct reading *r, const struct entry *entry)
{
    struct err why = {0};
    struct variant *v = variant_for(r, false);
    if (v->openings == 0) FAIL_AT(r, entry->line, "closed", "say first what opens it");
    if (v->closings == LIST_MAX) FAIL_AT(r, entry->line, "closed", "there are too many of them");
    if (evidence_parse(r->a, entry->value, &v->closed[v->closings], &why) != OK)
        return at_line(r, entry->line, "closed", &why);
    v->closings++;
    return OK;
}

static enum status put_selector(struct reading *r, const struct entry *entry, const char *key,
                                struct selector **list, size_t *count)
{
    struct err why = {0};
    if (!*list) *list = NEW_ARRAY(r->a, struct selector, LIST_MAX);
    if (*count == LIST_MAX) FAIL_AT(r, entry->line, key, "there are too many of them");
    if (selector_parse(r->a, entry->value, &(*list)[*count], &why) != OK)
        return at_line(r, entry->line, key, &why);
    ++*count;
    return OK;
}

static enum status put_reopens(struct reading *r, const struct entry *entry)
{
    return put_selector(r, entry, "reopens", &r->check->reopens, &r->check->reopenings);
}

static enum status put_begun(struct reading *r, const struct entry *entry)
{
    return put_selector(r, entry, "begun", &r->check->begun, &r->check->begins);
}

static enum status put_waiting(struct reading *r, const struct entry *entry)
{
    struct err why = {0};
    if (!r->check->waiting) r->check->waiting = NEW_ARRAY(r->a, struct waiting, LIST_MAX);
    if (r->check->waits == LIST_MAX) FAIL_AT(r, entry->line, "waiting", "there are too many of them");
    if (waiting_parse(r->a, entry->value, &r->check->waiting[r->check->waits], &why) != OK)
        return at_line(r, entry->line, "waiting", &why);
    r->check->waits++;
    return OK;
}

static const struct key_row pack_keys[] = {
    {"name", put_pack_name, "its short name"},
    {"version", put_version, "raised with every change"},
    {"title", put_pack_title, "what people call it"},
    {"about", put_pack_about, "where it comes from"},
    {"clocks", put_pack_clocks, "whose the durations are; shown beside every date that they give"},
    {"verified", put_verified, "no: the list has not been compared with its source, and says so"},
};
static const struct key_row group_keys[] = {{"title", put_group_title, "the heading on the page"}};
static const struct key_row check_keys[] = {
    {"title", put_title, "what is checked, in a few words"},
    {"asks", put_asks, "what has to be done, in a sentence or two"},
    {"why", put_why, "why it is asked"},
    {"source", put_source, "the lesson or document it comes from"},
    {"group", put_group, "the group on the page"},
    {"for", put_role, "the role that has to do it"},
    {"opens", put_opens, "when it is asked; several lines: any of them"},
    {"closed", put_closed, "the evidence that completes it; several lines: any of them"},
    {"begun", put_begun, "what shows that somebody is at it"},
    {"waiting", put_waiting, "what shows that an answer is owed, and by whom"},
    {"reopens", put_reopens, "a later fact that undoes the completion"},
    {"due", put_due, "how long there is"},
    {"due_from", put_due_from, "from which time the clock runs, in place of the opening"},
    {"due_field", put_due_field, "a date on the record that opened it, which goes before due"},
    {"not_needed", put_waive, "the least rank of the second person who says it is not needed, or never"},
    {"guidance", put_guidance, "the page of guidance it shows"},
};

static enum status key_put(struct reading *r, const struct entry *entry, const struct key_row *row,
                           size_t rows)
{
    struct suggest s = suggest_for(entry->key);
    if (str_empty(entry->value))
        FAIL_AT(r, entry->line, "", "nothing stands after %.*s =", STR_ARG(str_slice(entry->key, 0, 40)));
    for (size_t i = 0; i < rows; i++) {
        if (str_eq(entry->key, str_of(row[i].key))) return row[i].put(r, entry);
        suggest_try(&s, str_of(row[i].key));
    }
    Str near = suggest_best(&s);
    FAIL_AT(r, entry->line, "", "\"%.*s\" is no key here%s%.*s%s", STR_ARG(str_slice(entry->key, 0, 40)),
            str_present(near) ? "; did you mean " : "", STR_ARG(near), str_present(near) ? "?" : "");
}

/* ---- sections --------------------------------------------------------------------------------------- */

static enum status check_done(struct reading *r)
{
    const struct check *c = r->check;
    if (!c) return OK;
    struct {
        const char *key;
        Str text;
    } needed[] = {
        {"title", c->title}, {"asks", c->asks}, {"why", c->why}, {"source", c->source}, {"for", c->role}};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (!str_present(needed[i].text))
            FAIL_AT(r, c->line, needed[i].key, "[check %.*s] needs %s =", STR_ARG(c->id), needed[i].key);
    if (c->group == GROUPS_MAX) FAIL_AT(r, c->line, "group", "[check %.*s] needs group =", STR_ARG(c->id));
    if (c->waive_rank < 0)
        FAIL_AT(r, c->line, "not_needed", "[check %.*s] needs not_needed =", STR_ARG(c->id));
    if (c->variants == 0) FAIL_AT(r, c->line, "opens", "[check %.*s] needs opens =", STR_ARG(c->id));
    for (size_t i = 0; i < c->variants; i++)
        if (c->variant[i].closings == 0)
            FAIL_AT(r, c->line, "closed", "[check %.*s] needs closed =, or it could never be completed",
                    STR_ARG(c->id));
    if (str_present(c->due_from) && c->due_ms == 0)
        FAIL_AT(r, c->line, "due_from", "[check %.*s] has due_from and no due", STR_ARG(c->id));
    return OK;
}

static enum status check_begin(struct reading *r, uint64_t line, Str id)
{
    struct check_pack *p = r->pack;
    if (!name_valid(id))
        FAIL_AT(r, line, "check",
                "a check's name is 1 to 48 of a-z 0-9 _, for decisions name it in their field to");
    if (check_find(p, id)) FAIL_AT(r, line, "check", "[check %.*s] is there already", STR_ARG(id));
    if (p->count == CHECKS_MAX) FAIL_AT(r, line, "check", "a pack has at most %d checks", CHECKS_MAX);
    r->check = &p->check[p->count++];
    *r->check = (struct check){.id = id,
                               .group = GROUPS_MAX,
                               .waive_rank = -1,
                               .line = line,
                               .variant = NEW_ARRAY(r->a, struct variant, VARIANTS_MAX)};
    r->closing = false;
    return OK;
}

static enum status section_begin(struct reading *r, uint64_t line, Str inside)
{
    size_t cut = str_find_char(inside, ' ');
    Str word = str_slice(inside, 0, cut);
    Str name = cut == STR_NPOS ? S("") : str_trim(str_slice(inside, cut, inside.len));
    TRY(check_done(r));
    r->check = NULL;
    if (str_eq(word, S("pack")) && str_empty(name)) {
        r->section = IN_PACK;
        return OK;
    }
    if (str_eq(word, S("group"))) {
        if (r->pack->groups == GROUPS_MAX)
            FAIL_AT(r, line, "group", "a pack has at most %d groups", GROUPS_MAX);
        if (!name_valid(name)) FAIL_AT(r, line, "group", "a group's name is 1 to 48 of a-z 0-9 _");
        r->pack->group[r->pack->groups++].id = name;
        r->section = IN_GROUP;
        return OK;
    }
    if (str_eq(word, S("check"))) {
        r->section = IN_CHECK;
        return check_begin(r, line, name);
    }
    FAIL_AT(r, line, "", "a section is [pack], [group NAME] or [check NAME], not [%.*s]",
            STR_ARG(str_slice(inside, 0, 40)));
}

static enum status entry_take(struct reading *r, const struct entry *entry)
{
    switch (r->section) {
    case IN_PACK:
        return key_put(r, entry, pack_keys, COUNT_OF(pack_keys));
    case IN_GROUP:
        return key_put(r, entry, group_keys, COUNT_OF(group_keys));
    case IN_CHECK:
        return key_put(r, entry, check_keys, COUNT_OF(check_keys));
    case IN_NONE:
        break;
    }
    FAIL_AT(r, entry->line, "", "a file of checks begins with [pack]");
}

/* A line that begins with a blank goes on with the value above it. */
static void entry_continue(struct arena *a, struct entry *entry, Str text)
{
    entry->value = str_format(a, "%.*s %.*s", STR_ARG(entry->value), STR_ARG(text));
}

static enum status line_read(struct reading *r, uint64_t line, Str raw, struct entry *open)
{
    Str text = str_trim(raw);
    if (str_empty(text) || text.ptr[0] == '#') return OK;
    bool inner = raw.ptr[0] == ' ' || raw.ptr[0] == '\t';
    if (inner && open->line > 0) {
        if (open->value.len + text.len > VALUE_BYTES_MAX)
            FAIL_AT(r, line, "", "a value has at most %d bytes", VALUE_BYTES_MAX);
        entry_continue(r->a, open, text);
        return OK;
    }
    if (open->line > 0) TRY(entry_take(r, open));
    open->line = 0;
    if (text.ptr[0] == '[') {
        if (text.ptr[text.len - 1] != ']') FAIL_AT(r, line, "", "a section ends with ]");
        return section_begin(r, line, str_trim(str_slice(text, 1, text.len - 1)));
    }
    size_t at = str_find_char(text, '=');
    if (at == STR_NPOS) FAIL_AT(r, line, "", "a line is written: key = value");
    *open =
        (struct entry){line, str_trim(str_slice(text, 0, at)), str_trim(str_slice(text, at + 1, text.len))};
    return OK;
}

static enum status pack_done(struct reading *r)
{
    const struct check_pack *p = r->pack;
    if (!str_present(p->name) || !str_present(p->title) || p->version == 0)
        FAIL_AT(r, 1, "pack", "[pack] needs name, title and version");
    if (p->count == 0) FAIL_AT(r, 1, "pack", "there is no [check NAME]");
    for (size_t i = 0; i < p->groups; i++)
        if (!str_present(p->group[i].title))
            FAIL_AT(r, 1, "group", "[group %.*s] needs a title", STR_ARG(p->group[i].id));
    for (size_t i = 0; i < p->count; i++)
        if (p->check[i].due_ms > 0 && !str_present(p->clocks))
            FAIL_AT(r, p->check[i].line, "due", "[pack] must say whose the durations are: clocks =");
    return OK;
}

enum status check_pack_parse(struct arena *a, Str text, struct check_pack *out, struct err *e)
{
    struct check_pack pack = {.check = NEW_ARRAY(a, struct check, CHECKS_MAX)};
    struct reading r = {.a = a, .pack = &pack, .err = e};
    struct entry open = {0};
    uint64_t line = 0;
    size_t bad = 0;
    Str rest = text, raw = STR_NONE;
    if (text.len > PACK_BYTES_MAX)
        return ERR(e, E_LIMIT, "pack", "a pack of checks has at most %zu bytes", PACK_BYTES_MAX);
    if (!utf8_valid(text, &bad)) return ERR(e, E_INVALID, "pack", "byte %zu is no UTF-8", bad);
    while (str_next(&rest, '\n', &raw)) {
        if (++line > LINES_MAX) FAIL_AT(&r, line, "pack", "a pack of checks has at most %d lines", LINES_MAX);
        TRY(line_read(&r, line, raw, &open));
    }
    if (open.line > 0) TRY(entry_take(&r, &open));
    TRY(check_done(&r));
    TRY(pack_done(&r));
    *out = pack;
    return OK;
}

const struct check *check_find(const struct check_pack *p, Str id)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->check[i].id, id)) return &p->check[i];
    return NULL;
}
