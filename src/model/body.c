/* A change as the body of a ledger entry and as a line of the feed. Both carry canonical values, so that
 * reading a body normalises nothing. */
#include "base/caldate.h"
#include "model/body_scan.h"
#include "model/canon.h"
#include "model/record.h"

/* The members of one fact that a body or line may carry. */
enum part { PART_VALUE, PART_KEY, PART_GIVEN };

static Str part_of(const struct fact *f, enum part part)
{
    if (part == PART_KEY) return f->key;
    return part == PART_GIVEN ? f->given : f->value;
}

/* Writes {"field":...} of the facts that have this part, in the order given by `order`. */
static void put_parts(struct json_writer *w, const struct change *c, const size_t *order, enum part part)
{
    const struct kind *kind = kind_of(c->record.kind);

    json_open(w, '{');
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct fact *f = &c->fact[order[i]];
        if (str_empty(part_of(f, part))) continue;
        json_put_key(w, str_of(kind->field[f->field].name));
        json_put_raw(w, part_of(f, part));
    }
    json_close(w, '}');
}

static bool any_part(const struct change *c, enum part part)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        if (!str_empty(part_of(&c->fact[i], part))) return true;
    }
    return false;
}

/* The facts by the names of their fields, as canonical JSON wants them: insertion into a short list. */
static void order_by_name(const struct change *c, size_t order[FIELDS_MAX])
{
    const struct kind *kind = kind_of(c->record.kind);

    MUST(c->fact_count <= FIELDS_MAX);
    for (size_t i = 0; i < c->fact_count; i++) {
        size_t at = i;
        const char *name = kind->field[c->fact[i].field].name;
        while (at > 0 && strcmp(kind->field[c->fact[order[at - 1]].field].name, name) > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

void change_write_body(struct buf *b, const struct change *c)
{
    struct json_writer w = json_writer(b, false);
    size_t order[FIELDS_MAX];
    char known_at[32];

    order_by_name(c, order);
    caldate_format(c->known_at_ms, known_at);
    json_open(&w, '{');
    if (any_part(c, PART_GIVEN)) {
        json_put_key(&w, S("g"));
        put_parts(&w, c, order, PART_GIVEN);
    }
    json_kv_str(&w, S("id"), c->record.id);
    if (c->known_at_implied) json_kv_bool(&w, S("implied"), true);
    if (any_part(c, PART_KEY)) {
        json_put_key(&w, S("k"));
        put_parts(&w, c, order, PART_KEY);
    }
    json_kv_str(&w, S("kind"), str_of(kind_of(c->record.kind)->name));
    json_kv_str(&w, S("known_at"), str_of(known_at));
    json_kv_i64(&w, S("line"), (int64_t)c->line);
    json_kv_str(&w, S("ns"), c->record.ns);
    json_kv_str(&w, S("source"), c->source);
    json_put_key(&w, S("v"));
    put_parts(&w, c, order, PART_VALUE);
    json_close(&w, '}');
}

void change_write_feed(struct buf *b, const struct change *c, bool with_ns)
{
    struct json_writer w = json_writer(b, false);
    size_t order[FIELDS_MAX];
    char known_at[32];

    MUST(c->fact_count <= FIELDS_MAX);
    for (size_t i = 0; i < c->fact_count; i++)
        order[i] = i;
    caldate_format(c->known_at_ms, known_at);
    json_open(&w, '{');
    json_kv_str(&w, S("known_at"), str_of(known_at));
    if (with_ns) json_kv_str(&w, S("ns"), c->record.ns);
    json_kv_str(&w, S("kind"), str_of(kind_of(c->record.kind)->name));
    json_kv_str(&w, S("id"), c->record.id);
    json_kv_str(&w, S("source"), c->source);
    json_put_key(&w, S("set"));
    put_parts(&w, c, order, PART_VALUE);
    if (any_part(c, PART_GIVEN)) {
        json_put_key(&w, S("given"));
        put_parts(&w, c, order, PART_GIVEN);
    }
    json_close(&w, '}');
}

static enum status damaged(struct err *e, const char *what)
{
    return ERR(e, E_INVALID, what,
               "the body of an entry has no usable \"%s\"; it is damaged or of another program", what);
}

static Str canonical_of(struct arena *a, const Json *v)
{
    struct buf b CLEANUP_BUF = {0};

    buf_init(&b, (size_t)1 << 30);
    json_write_canonical(&b, v);
    return canon_from_buf(a, &b);
}

/* One of "v", "k", "g" into the facts; "k" and "g" speak only of fields that "v" has. */
static enum status read_parts(struct arena *a, const struct kind *kind, const Json *parts, enum part part,
                              struct fact fact[FIELDS_MAX], bool has[FIELDS_MAX], struct err *e)
{
    static const char *const names[] = {[PART_VALUE] = "v", [PART_KEY] = "k", [PART_GIVEN] = "g"};

    if (parts == NULL && part != PART_VALUE) return OK;
    if (json_type(parts) != JSON_OBJECT || json_count(parts) == 0) return damaged(e, names[part]);
    for (const void *it = json_first(parts); it; it = json_next(parts, it)) {
        int i = field_index(kind, json_key(it));
        if (i < 0) return damaged(e, names[part]);
        if (part == PART_VALUE) {
            fact[i] = (struct fact){i, canonical_of(a, json_value(it)), S(""), S("")};
            has[i] = true;
        } else if (!has[i]) {
            return damaged(e, names[part]);
        } else if (part == PART_KEY) {
            fact[i].key = canonical_of(a, json_value(it));
        } else {
            fact[i].given = canonical_of(a, json_value(it));
        }
    }
    return OK;
}

static enum status read_text(struct arena *a, const Json *root, const char *name, Str *out, struct err *e)
{
    Str s = json_str(json_get(root, name));

    if (str_empty(s)) return damaged(e, name);
    *out = str_copy(a, s);
    return OK;
}

static enum status read_head(struct arena *a, const Json *root, struct change *c, struct err *e)
{
    const struct kind *kind = kind_named(json_str(json_get(root, "kind")));
    const Json *line = json_get(root, "line");
    bool day_only;

    if (!kind) return damaged(e, "kind");
    c->record.kind = kind->id;
    TRY(read_text(a, root, "id", &c->record.id, e));
    TRY(read_text(a, root, "ns", &c->record.ns, e));
    TRY(read_text(a, root, "source", &c->source, e));
    if (caldate_parse(json_str(json_get(root, "known_at")), &c->known_at_ms, &day_only, NULL) != OK ||
        day_only)
        return damaged(e, "known_at");
    if (!json_is_integer(line) || json_integer(line) < 0) return damaged(e, "line");
    c->line = (uint64_t)json_integer(line);
    c->known_at_implied = json_bool(json_get(root, "implied"));
    return OK;
}

enum status change_read_body(struct arena *a, Str body, struct change *out, struct err *e)
{
    struct json_doc doc CLEANUP_JSON = {NULL};
    struct fact fact[FIELDS_MAX], *facts;
    bool has[FIELDS_MAX] = {false};
    struct change c = {0};
    const struct kind *kind;

    if (body_scan(a, str_copy(a, body), out)) return OK;
    TRY(json_parse(body, &doc, e));
    if (json_type(doc.root) != JSON_OBJECT) return damaged(e, "v");
    TRY(read_head(a, doc.root, &c, e));
    kind = kind_of(c.record.kind);
    TRY(read_parts(a, kind, json_get(doc.root, "v"), PART_VALUE, fact, has, e));
    TRY(read_parts(a, kind, json_get(doc.root, "k"), PART_KEY, fact, has, e));
    TRY(read_parts(a, kind, json_get(doc.root, "g"), PART_GIVEN, fact, has, e));
    facts = NEW_ARRAY(a, struct fact, json_count(json_get(doc.root, "v")));
    for (size_t i = 0; i < kind->field_count; i++) {
        if (has[i]) facts[c.fact_count++] = fact[i];
    }
    c.fact = facts;
    *out = c;
    return OK;
}

bool change_same(const struct change *a, const struct change *b)
{
    if (!record_id_eq(&a->record, &b->record) || !str_eq(a->source, b->source)) return false;
    if (a->known_at_ms != b->known_at_ms || a->fact_count != b->fact_count) return false;
    for (size_t i = 0; i < a->fact_count; i++) {
        const struct fact *x = &a->fact[i], *y = &b->fact[i];
        if (x->field != y->field || !str_eq(x->value, y->value) || !str_eq(x->key, y->key) ||
            !str_eq(x->given, y->given))
            return false;
    }
    return true;
}
