#include "kit.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static const struct {
    const char *path, *text;
} small[] = {
    {"policy/substances.tsv",
     "code\tlabel\tparents\tsynonyms\tgroup\n"
     "opioid\tOpioid\t\topiate|opiates\topioids\n"
     "heroin\tHeroin\topioid\tdiamorphine|smack\topioids\n"
     "fentanyl\tFentanyl\topioid\tfentanil\topioids\n"
     "acetyl_fentanyl\tAcetyl fentanyl\tfentanyl\tacetylfentanyl|acetyl fentanil\topioids\n"
     "alcohol\tAlcohol\t\tethanol|ethyl alcohol\talcohol\n"
     "gas\tGas\t\tgas|natural gas\tgases\n"},
    {"policy/settings.tsv",
     "code\tlabel\tparents\tsynonyms\tgroup\nhotel\tHotel\t\tmotel|guest house\tindoors\n"
     "street\tStreet\t\tpavement\toutdoors\n"},
    {"policy/mechanisms.tsv", "code\tlabel\tparents\tsynonyms\tgroup\nhanging\tHanging\t\thanged\tneck\n"
                              "drowning\tDrowning\t\tdrowned\twater\n"},
    {"policy/injuries.tsv",
     "code\tlabel\tparents\tsynonyms\tgroup\nbruising\tBruising\t\tbruise|bruised\tblunt\n"},
    {"policy/items.tsv", "code\tlabel\tparents\tsynonyms\tgroup\nphone\tTelephone\t\tmobile\tdevice\n"},
    {"policy/roles.tsv", "code\tlabel\tparents\tsynonyms\tgroup\nfinder\tFinder\t\tfound by\tpeople\n"},
    {"policy/postures.tsv", "code\tlabel\tparents\tsynonyms\tgroup\nsupine\tOn the back\t\tface up\tlying\n"},
    {"policy/finders.tsv", "code\tlabel\tparents\tsynonyms\tgroup\npolice\tPolice\t\tofficer\tpublic\n"},
    {"policy/sources.tsv", "source\trank\tlabel\nt\t50\tA test\n"},
    {"policy/defaults.tsv", "name\tvalue\nregion\tGB\n"},
};

static Str kit_root(struct arena *a, Str path)
{
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    return str_format(a, "%s/%.*s", root ? root : ".", STR_ARG(path));
}

Str kit_source_file(struct arena *a, const char *path)
{
    struct buf b CLEANUP_BUF = {0};
    struct err e = {0};
    buf_init(&b, (size_t)64 << 20);
    if (file_read(str_cstr(a, kit_root(a, str_of(path))), &b, &e) != OK) return STR_NONE;
    return str_copy(a, buf_str(&b));
}

static Str find_in_tree(void *state, Str path)
{
    return kit_source_file(state, str_cstr(state, path));
}

static Str find_small(void *state, Str path)
{
    for (size_t i = 0; i < COUNT_OF(small); i++) {
        if (str_eq(str_of(small[i].path), path)) return str_of(small[i].text);
    }
    return find_in_tree(state, path);
}

static struct policy load(struct arena *a, policy_find find)
{
    struct policy p = {0};
    struct err e = {0};
    if (policy_load(a, find, a, &p, &e) != OK) fail_msg("%s", e.text);
    return p;
}

struct policy kit_policy(struct arena *a)
{
    return load(a, find_small);
}

struct policy kit_program_policy(struct arena *a)
{
    return load(a, find_in_tree);
}

const char *kit_file(struct arena *a, const char *name, Str content)
{
    struct err e = {0};
    const char *path = str_cstr(a, str_format(a, "intake-%d-%s", (int)getpid(), name));
    if (file_write(path, content, 0600, &e) != OK) fail_msg("%s", e.text);
    return path;
}

Str kit_gzip(struct arena *a, Str plain)
{
    z_stream z = {0};
    size_t room = plain.len / 2 + 1024;
    char *out = NEW_ARRAY(a, char, room);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    unsigned char *copy = alloc_zero(plain.len + 1, 1);
    memcpy(copy, plain.ptr, plain.len);
    z.next_in = copy;
    z.avail_in = (unsigned)plain.len;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t made = room - z.avail_out;
    deflateEnd(&z);
    alloc_free(copy);
    return (Str){out, made};
}

Str kit_zstd(struct arena *a, Str plain)
{
    size_t room = ZSTD_compressBound(plain.len);
    char *out = NEW_ARRAY(a, char, room);
    size_t made = ZSTD_compress(out, room, plain.ptr, plain.len, 3);
    assert_false(ZSTD_isError(made));
    return (Str){out, made};
}

static void put_columns(struct buf *out, const struct table_columns *columns)
{
    buf_add(out, columns->guessed ? S("guessed columns") : S("columns"));
    for (size_t i = 0; i < columns->count; i++) {
        const struct table_column *c = &columns->column[i];
        buf_addf(out, "%s %.*s %s%s%s%.*s", i > 0 ? "," : "", STR_ARG(c->name), column_type_name(c->type),
                 c->planar ? " planar" : "", c->compare.len > 0 ? " " : "", STR_ARG(c->compare));
    }
    buf_add_char(out, '\n');
}

static void put_cell(struct buf *out, const struct table_cell *c)
{
    char text[32];
    if (!c->present) {
        buf_add_char(out, '-');
        return;
    }
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        buf_addf(out, "%.*s", STR_ARG(c->text));
        break;
    case COLUMN_NUMBER:
        buf_addf(out, "%.10g", c->number);
        break;
    case COLUMN_TIME:
        caldate_format(c->time.from_ms, text);
        buf_addf(out, "%s..", text);
        caldate_format(c->time.to_ms, text);
        buf_add_cstr(out, text);
        break;
    case COLUMN_PLACE:
        buf_addf(out, "x %.10g y %.10g", c->place.x, c->place.y);
        if (c->place.radius_m > 0) buf_addf(out, " within %g m", c->place.radius_m);
        break;
    case COLUMN_SET:
        for (size_t i = 0; i < c->items.count; i++)
            buf_addf(out, "%s%.*s", i > 0 ? "+" : "", STR_ARG(c->items.item[i]));
        break;
    }
}

static void put_row(struct buf *out, const struct table_row *row)
{
    buf_addf(out, "row %llu line %llu %.*s", (unsigned long long)row->row, (unsigned long long)row->line,
             STR_ARG(row->id));
    for (size_t i = 0; i < row->count; i++) {
        buf_add_cstr(out, " | ");
        put_cell(out, &row->cell[i]);
    }
    buf_add_char(out, '\n');
}

static void put_item(struct buf *out, const struct intake_item *item)
{
    const struct intake_summary *s = &item->summary;
    switch (item->kind) {
    case INTAKE_CHANGE:
        change_write_body(out, &item->change);
        buf_add_char(out, '\n');
        break;
    case INTAKE_REFUSED:
        buf_addf(out, "refused row %llu line %llu [%.*s]: %.*s | %.*s\n",
                 (unsigned long long)item->refusal.row, (unsigned long long)item->refusal.line,
                 STR_ARG(item->refusal.field), STR_ARG(item->refusal.reason), STR_ARG(item->refusal.raw));
        break;
    case INTAKE_PROGRESS:
        break;
    case INTAKE_DONE:
        for (size_t i = 0; i < s->drops; i++) {
            buf_addf(out, "dropped %llu: %.*s\n", (unsigned long long)s->drop[i].rows,
                     STR_ARG(s->drop[i].reason));
        }
        buf_addf(out, "rows %llu given %llu merged %llu refused %llu dropped %llu changes %llu\n",
                 (unsigned long long)s->rows, (unsigned long long)s->given, (unsigned long long)s->merged,
                 (unsigned long long)s->refused, (unsigned long long)s->dropped,
                 (unsigned long long)s->changes);
        break;
    case INTAKE_COLUMNS:
        put_columns(out, &item->columns);
        break;
    case INTAKE_ROW:
        put_row(out, &item->row);
        break;
    }
}

Str kit_read_all(struct arena *a, const char *path, const struct intake_options *options)
{
    struct buf out CLEANUP_BUF = {0};
    struct arena *each CLEANUP_ARENA = arena_new("an item", (size_t)1 << 28);
    struct intake *in = NULL;
    struct intake_item item = {0};
    struct err e = {0};
    buf_init(&out, (size_t)1 << 28);
    enum status status = intake_open(path, options, &in, &e);
    while (status == OK && item.kind != INTAKE_DONE) {
        arena_reset(each);
        status = intake_next(in, each, &item, &e);
        if (status == OK) put_item(&out, &item);
    }
    if (status != OK) buf_addf(&out, "error: %s\n", e.text);
    intake_close(in);
    assert_int_equal(buf_status(&out, &e), OK);
    return str_copy(a, buf_str(&out));
}
