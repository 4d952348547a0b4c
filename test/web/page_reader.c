#include "page_reader.h"

#include <ctype.h>

static bool is_void(Str name)
{
    static const char *const names[] = {"meta", "link", "input", "img", "br", "hr", "!DOCTYPE"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_of(names[i]))) return true;
    return false;
}

static Str unescape(struct arena *a, Str text)
{
    static const struct {
        const char *entity, *text;
    } known[] = {{"&amp;", "&"},   {"&lt;", "<"},      {"&gt;", ">"},    {"&quot;", "\""}, {"&#39;", "'"},
                 {"&times;", "x"}, {"&ctdot;", "..."}, {"&#9650;", "^"}, {"&#9660;", "v"}};
    struct buf out CLEANUP_BUF;
    buf_init(&out, (size_t)8 << 20);
    for (size_t i = 0; i < text.len;) {
        size_t took = 0;
        for (size_t k = 0; text.ptr[i] == '&' && k < COUNT_OF(known) && took == 0; k++)
            if (str_starts(str_slice(text, i, text.len), str_of(known[k].entity))) {
                buf_add_cstr(&out, known[k].text);
                took = strlen(known[k].entity);
            }
        if (text.ptr[i] == '&' && took == 0) BUG("an & that begins no entity: %.*s", 40, text.ptr + i);
        if (took == 0) buf_add_char(&out, text.ptr[i]);
        i += took == 0 ? 1 : took;
    }
    return str_copy(a, buf_str(&out));
}

static size_t blanks(Str s, size_t i)
{
    while (i < s.len && isspace((unsigned char)s.ptr[i]))
        i++;
    return i;
}

/* One attribute of a tag that begins at `i`. */
static size_t attribute_read(struct arena *a, Str tag, size_t i, struct element *e)
{
    size_t from = i;
    while (i < tag.len && tag.ptr[i] != '=' && !isspace((unsigned char)tag.ptr[i]))
        i++;
    MUST(e->attributes < ELEMENT_ATTRIBUTES_MAX);
    struct http_pair *p = &e->attribute[e->attributes++];
    *p = (struct http_pair){.name = str_slice(tag, from, i), .value = S("")};
    for (size_t n = 0; n + 1 < e->attributes; n++)
        if (str_eq(e->attribute[n].name, p->name))
            BUG("the attribute %.*s twice: %.*s", STR_ARG(p->name), STR_ARG(tag));
    if (i >= tag.len || tag.ptr[i] != '=') return i;
    if (tag.ptr[i + 1] != '"') BUG("an attribute without quotes: %.*s", STR_ARG(tag));
    size_t end = i + 2;
    while (end < tag.len && tag.ptr[end] != '"')
        end++;
    p->value = unescape(a, str_slice(tag, i + 2, end));
    return end + 1;
}

static void tag_read(struct arena *a, Str tag, struct element *e)
{
    size_t i = 0;
    while (i < tag.len && !isspace((unsigned char)tag.ptr[i]))
        i++;
    e->name = str_slice(tag, 0, i);
    while ((i = blanks(tag, i)) < tag.len)
        i = attribute_read(a, tag, i, e);
}

static size_t element_new(struct arena *a, struct page *p, size_t parent)
{
    ARENA_ROOM(a, p->element, p->room, p->count + 1, 64);
    p->element[p->count] = (struct element){.parent = parent};
    return p->count++;
}

void page_read(struct arena *a, Str html, struct page *out)
{
    size_t open = element_new(a, out, 0);
    for (size_t i = 0; i < html.len;) {
        size_t tag = i;
        while (tag < html.len && html.ptr[tag] != '<')
            tag++;
        if (!str_present(out->element[open].text))
            out->element[open].text = unescape(a, str_slice(html, i, tag));
        else
            (void)unescape(a, str_slice(html, i, tag));
        if (tag >= html.len) break;
        size_t end = tag;
        for (bool quoted = false; end < html.len && (quoted || html.ptr[end] != '>'); end++)
            if (html.ptr[end] == '"') quoted = !quoted;
        Str inside = str_slice(html, tag + 1, end);
        i = end + 1;
        if (str_starts(inside, S("/"))) {
            Str name = str_slice(inside, 1, inside.len);
            if (!str_eq(name, out->element[open].name))
                BUG("</%.*s> closes <%.*s>: %.*s", STR_ARG(name), STR_ARG(out->element[open].name), 60,
                    html.ptr + tag);
            out->element[open].closed = true;
            open = out->element[open].parent;
            continue;
        }
        bool ends = str_ends(inside, S("/"));
        size_t made = element_new(a, out, open);
        tag_read(a, ends ? str_slice(inside, 0, inside.len - 1) : inside, &out->element[made]);
        if (!ends && !is_void(out->element[made].name)) open = made;
    }
    if (open != 0) BUG("<%.*s> is not closed", STR_ARG(out->element[open].name));
}

Str element_attribute(const struct element *e, const char *name)
{
    for (size_t i = 0; i < e->attributes; i++)
        if (str_eq(e->attribute[i].name, str_of(name))) return e->attribute[i].value;
    return STR_NONE;
}

bool element_has(const struct element *e, const char *name)
{
    return str_present(element_attribute(e, name));
}

const struct element *page_by_id(const struct page *p, Str id)
{
    for (size_t i = 0; i < p->count; i++)
        if (element_has(&p->element[i], "id") && str_eq(element_attribute(&p->element[i], "id"), id))
            return &p->element[i];
    return NULL;
}

/* ---- what a form would send ------------------------------------------------------------------------- */

static void send(struct arena *a, struct http_pairs *out, Str name, Str value)
{
    ARENA_ROOM(a, out->pair, out->room, out->count + 1, 32);
    out->pair[out->count++] = (struct http_pair){.name = name, .value = value};
}

static Str option_chosen(const struct page *p, size_t select)
{
    Str first = STR_NONE;
    for (size_t i = select + 1; i < p->count; i++) {
        const struct element *e = &p->element[i];
        if (e->parent != select || !str_eq(e->name, S("option"))) continue;
        if (element_has(e, "selected")) return element_attribute(e, "value");
        if (!str_present(first)) first = element_attribute(e, "value");
    }
    return str_present(first) ? first : S("");
}

void page_sends(struct arena *a, const struct page *p, struct http_pairs *out)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct element *e = &p->element[i];
        Str name = element_attribute(e, "name"), type = element_attribute(e, "type");
        if (!str_present(name)) continue;
        if (str_eq(e->name, S("textarea"))) {
            Str text = e->text;
            if (str_starts(text, S("\n"))) text = str_slice(text, 1, text.len);
            send(a, out, name, text);
        } else if (str_eq(e->name, S("select"))) {
            send(a, out, name, option_chosen(p, i));
        } else if (str_eq(e->name, S("input"))) {
            bool box = str_eq(type, S("checkbox")) || str_eq(type, S("radio"));
            Str value = element_attribute(e, "value");
            if (!box || element_has(e, "checked")) send(a, out, name, str_present(value) ? value : S(""));
        }
    }
}
