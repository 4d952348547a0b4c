#include "intake/order.h"

#include "base/json.h"

void order_write(struct buf *b, const struct intake_options *o)
{
    struct json_writer w = json_writer(b, false);
    json_open(&w, '{');
    json_put_key(&w, S("policy"));
    json_open(&w, '{');
    for (size_t i = 0; i < o->policy->files; i++)
        json_kv_str(&w, o->policy->file[i].path, o->policy->file[i].text);
    json_close(&w, '}');
    if (o->mapping) json_kv_str(&w, S("mapping"), mapping_text(o->mapping));
    if (str_present(o->ns)) json_kv_str(&w, S("ns"), o->ns);
    json_kv_bool(&w, S("as_table"), o->as_table);
    json_kv_i64(&w, S("known_at_ms_max"), o->known_at_ms_max);
    json_kv_i64(&w, S("bytes_max"), (int64_t)o->bytes_max);
    json_kv_i64(&w, S("memory_bytes_max"), (int64_t)o->memory_bytes_max);
    json_kv_i64(&w, S("cpu_seconds_max"), (int64_t)o->cpu_seconds_max);
    json_close(&w, '}');
}

struct texts {
    struct arena *arena;
    const Json *policy;
};

static Str text_of(const struct texts *t, const Json *of, Str name)
{
    Str text = json_str(json_get(of, str_cstr(t->arena, name)));
    return str_present(text) ? str_copy(t->arena, text) : STR_NONE;
}

static Str find(void *state, Str path)
{
    const struct texts *t = state;
    return text_of(t, t->policy, path);
}

enum status order_read(struct arena *a, Str text, struct intake_options *out, struct err *e)
{
    struct json_doc doc CLEANUP_JSON = {0};
    struct intake_options o = {0};
    TRY(json_parse(text, &doc, e));
    struct texts texts = {a, json_get(doc.root, "policy")};
    struct policy *policy = NEW(a, struct policy);
    TRY(policy_load(a, find, &texts, policy, e));
    o.policy = policy;
    Str map = text_of(&texts, doc.root, S("mapping"));
    if (str_present(map)) TRY(mapping_parse(a, policy, map, &o.mapping, e));
    o.ns = text_of(&texts, doc.root, S("ns"));
    o.as_table = json_bool(json_get(doc.root, "as_table"));
    o.known_at_ms_max = json_integer(json_get(doc.root, "known_at_ms_max"));
    o.bytes_max = (uint64_t)json_integer(json_get(doc.root, "bytes_max"));
    o.memory_bytes_max = (size_t)json_integer(json_get(doc.root, "memory_bytes_max"));
    o.cpu_seconds_max = (unsigned)json_integer(json_get(doc.root, "cpu_seconds_max"));
    *out = o;
    return OK;
}
