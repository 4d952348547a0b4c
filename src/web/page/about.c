/* Settings that are read: units and officers, the checks in force, linkage, vocabularies, the system. */
#include "web/page/custody_words.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "base/assets.h"
#include "base/clock.h"

#define OFFICERS_SHOWN 500

static void begin(struct visit *v, Str title)
{
    visit_page_begin(v, &(struct visit_page){.title = title,
                                             .back = {url(v->arena, "/settings"), S("Settings")},
                                             .wide = true});
    part_title(v->out, S("Settings"), title);
}

static void row(struct visit *v, const char *key, Str text)
{
    part_summary_row(
        v->out, &(struct part_summary_row){.key = str_of(key), .text = text, .missing = str_empty(text)});
}

/* ---- units and officers ----------------------------------------------------------------------------- */

static void units_show(struct visit *v)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Code")},
                                                 {.title = S_INIT("Name")},
                                                 {.title = S_INIT("Kind")},
                                                 {.title = S_INIT("Part of")}};
    const struct roll_unit *unit = NULL;
    size_t count = roll_units(v->service->roll, &unit);
    part_heading(v->out, 2, S("units"), S("Units"));
    part_table_begin(v->out, &(struct part_table){.caption = S("Units"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, visit_id_words(v->arena, &unit[i].id));
        part_cell(v->out, unit[i].name);
        part_cell(v->out, words_code(v->arena, &v->service->session.policy, kind_of(KIND_UNIT),
                                     unit_field_kind, unit[i].kind));
        part_cell(v->out, roll_unit_words(v->service->roll, unit[i].parent));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void officers_show(struct visit *v)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Reference")},
                                                 {.title = S_INIT("Name")},
                                                 {.title = S_INIT("Rank")},
                                                 {.title = S_INIT("Unit")}};
    const struct roll_officer *o = NULL;
    size_t count = roll_officers(v->service->roll, &o),
           shown = count < OFFICERS_SHOWN ? count : OFFICERS_SHOWN;
    part_heading(v->out, 2, S("officers"), S("Officers"));
    part_range(v->out, shown > 0 ? 1 : 0, shown, count, S("officers"));
    part_table_begin(v->out, &(struct part_table){.caption = S("Officers"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < shown; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, visit_id_words(v->arena, &o[i].id));
        part_cell(v->out, o[i].name);
        part_cell(v->out, words_code(v->arena, &v->service->session.policy, kind_of(KIND_OFFICER),
                                     officer_field_rank, o[i].rank));
        part_cell(v->out, roll_unit_words(v->service->roll, o[i].unit));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

enum status page_units(struct visit *v, struct err *e)
{
    (void)e;
    begin(v, S("Units and officers"));
    part_paragraph(v->out, S("They are records, which come with the staff list: see Import."));
    units_show(v);
    officers_show(v);
    visit_page_end(v);
    return OK;
}

/* ---- checks ----------------------------------------------------------------------------------------- */

static Str due_words(struct visit *v, const struct check *c)
{
    long long hours = (long long)(c->due_ms / 3600000);
    if (c->due_ms == 0) return S("no clock");
    if (hours < 48) return str_format(v->arena, "%lld hours", hours);
    return str_format(v->arena, "%lld days", hours / 24);
}

enum status page_checks_pack(struct visit *v, struct err *e)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Check")},
                                                 {.title = S_INIT("What it asks")},
                                                 {.title = S_INIT("Why")},
                                                 {.title = S_INIT("For")},
                                                 {.title = S_INIT("Time allowed")}};
    const struct check_pack *p = &v->service->checks;
    (void)e;
    begin(v, S("Checks in force"));
    part_summary_begin(v->out);
    row(v, "Pack", p->title);
    row(v, "Version", str_format(v->arena, "%llu", (unsigned long long)p->version));
    row(v, "About", p->about);
    row(v, "Compared with its source", p->verified ? S("Yes") : S("Not yet"));
    part_summary_end(v->out);
    for (size_t g = 0; g < p->groups; g++) {
        part_heading(v->out, 2, p->group[g].id, p->group[g].title);
        part_table_begin(v->out, &(struct part_table){.caption = p->group[g].title,
                                                      .caption_hidden = true,
                                                      .column = COLUMNS,
                                                      .columns = COUNT_OF(COLUMNS)});
        for (size_t i = 0; i < p->count; i++) {
            const struct check *c = &p->check[i];
            if (c->group != g) continue;
            part_row_begin(v->out);
            part_row_head(v->out, (Url){STR_NONE}, c->title);
            part_cell(v->out, c->asks);
            part_cell(v->out, c->why);
            part_cell(v->out, check_role_words(c->role));
            part_cell(v->out, due_words(v, c));
            part_row_end(v->out);
        }
        part_table_end(v->out);
    }
    visit_page_end(v);
    return OK;
}

/* ---- policy files ----------------------------------------------------------------------------------- */

/* "# name: sources" -> "sources"; "" when the head of the file does not say it. */
static Str head_of(Str text, Str name)
{
    Str line;
    while (str_next(&text, '\n', &line) && str_starts(line, S("#"))) {
        Str rest = str_trim(str_slice(line, 1, line.len));
        if (!str_starts(rest, name) || rest.len <= name.len || rest.ptr[name.len] != ':') continue;
        return str_trim(str_slice(rest, name.len + 1, rest.len));
    }
    return S("");
}

static size_t rows_of(Str text)
{
    Str line;
    size_t rows = 0;
    while (str_next(&text, '\n', &line))
        if (!str_empty(line) && line.ptr[0] != '#') rows++;
    return rows;
}

static bool is_policy(Str path)
{
    return str_starts(path, S("policy/")) && str_ends(path, S(".tsv"));
}

enum status page_policy(struct visit *v, struct err *e)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Name")},           {.title = S_INIT("Version")},
        {.title = S_INIT("Date")},           {.title = S_INIT("Owner")},
        {.title = S_INIT("What it is for")}, {.title = S_INIT("Rows"), .number = true}};
    (void)e;
    begin(v, S("Policy"));
    part_paragraph(v->out,
                   S("Vocabularies and rules that this program carries. They change with a version of "
                     "their own; what was recorded under an older one keeps its meaning."));
    part_table_begin(v->out, &(struct part_table){.caption = S("Policy files"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < asset_table_count; i++) {
        Str path = asset_table[i].path, text = asset_find(path);
        if (!is_policy(path)) continue;
        part_row_begin(v->out);
        Str name = head_of(text, S("name"));
        Str file = str_slice(path, S("policy/").len, path.len - S(".tsv").len);
        part_row_head(v->out, (Url){STR_NONE}, str_empty(name) ? file : name);
        part_cell(v->out, head_of(text, S("version")));
        part_cell(v->out, head_of(text, S("date")));
        part_cell(v->out, head_of(text, S("owner")));
        part_cell(v->out, head_of(text, S("for")));
        part_cell_number(v->out, str_format(v->arena, "%zu", rows_of(text)));
        part_row_end(v->out);
    }
    part_table_end(v->out);
    visit_page_end(v);
    return OK;
}

/* ---- linkage ---------------------------------------------------------------------------------------- */

static void model_row(struct visit *v, Str line)
{
    part_row_begin(v->out);
    Str word;
    for (int i = 0; i < 4; i++) {
        if (!str_next(&line, '\t', &word)) word = S("");
        if (i == 0)
            part_row_head(v->out, (Url){STR_NONE}, str_trim(word));
        else
            part_cell(v->out, str_trim(word));
    }
    part_row_end(v->out);
}

enum status page_linkage(struct visit *v, struct err *e)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Part of the model")},
                                                 {.title = S_INIT("Feature")},
                                                 {.title = S_INIT("Probability, or metres")},
                                                 {.title = S_INIT("Factor")}};
    Str text = asset_find(S("policy/model-deaths.tsv")), rest = text, line;
    (void)e;
    begin(v, S("Linkage"));
    part_summary_begin(v->out);
    row(v, "Model that is shipped", head_of(text, S("name")));
    row(v, "Version", head_of(text, S("version")));
    row(v, "Date", head_of(text, S("date")));
    row(v, "Owner", head_of(text, S("owner")));
    part_summary_end(v->out);
    part_paragraph(v->out,
                   S("What two deaths share counts by how rare it is, times how likely it is that one "
                     "series would repeat it. The rows say how likely that is believed to be. A link is "
                     "told when it is stronger than what chance brings once within the agreed time."));
    part_table_begin(v->out, &(struct part_table){.caption = S("What is believed, a row each"),
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    while (str_next(&rest, '\n', &line))
        if (!str_empty(line) && line.ptr[0] != '#') model_row(v, line);
    part_table_end(v->out);
    visit_page_end(v);
    return OK;
}

/* ---- the system ------------------------------------------------------------------------------------- */

static Str since_words(struct visit *v, int64_t us)
{
    long long minutes = (long long)(us / 60000000);
    if (minutes < 120) return str_format(v->arena, "%lld minutes", minutes);
    if (minutes < 2880) return str_format(v->arena, "%lld hours", minutes / 60);
    return str_format(v->arena, "%lld days", minutes / 1440);
}

enum status page_system(struct visit *v, struct err *e)
{
    struct store *store = v->service->session.store;
    struct store_place head;
    struct search_hit *hit = NULL;
    struct buf checkpoint CLEANUP_BUF = {0};
    size_t hits = 0;
    uint64_t behind = 0;
    buf_init(&checkpoint, (size_t)1 << 20);
    TRY(store_head(store, &head, e));
    TRY(store_search(store, &v->actor, S("colligate"), 1, v->arena, &hit, &hits, &behind, e));
    TRY(store_checkpoint(store, &checkpoint, e));
    begin(v, S("System"));
    part_summary_begin(v->out);
    row(v, "Version", S(COLLIGATE_VERSION));
    row(v, "Running for", since_words(v, clock_ticks_us() - v->service->started_us));
    row(v, "Entries in the ledger of changes", str_format(v->arena, "%llu", (unsigned long long)head.seq));
    row(v, "Newest fact known at", head.known_ms == 0 ? S("") : words_time(v->arena, head.known_ms));
    row(v, "Entries the search index has yet to read",
        str_format(v->arena, "%llu", (unsigned long long)behind));
    row(v, "Deaths on record", str_format(v->arena, "%zu", roll_count(v->service->roll)));
    part_summary_end(v->out);
    part_heading(v->out, 2, S("proof"), S("Proof"));
    part_paragraph(v->out,
                   S("The checkpoint is a signed statement of both ledgers. Keep it somewhere else, and "
                     "from time to time check the store against it: colligate verify --data DIR "
                     "--checkpoint FILE."));
    part_button(v->out, &(struct part_button){.text = S("Download the checkpoint"),
                                              .href = url(v->arena, "/settings/system/checkpoint"),
                                              .kind = BUTTON_SECONDARY});
    part_details_begin(v->out, S("Show the checkpoint"));
    html(v->out, "<pre>");
    html_text(v->out, buf_str(&checkpoint));
    html(v->out, "</pre>");
    part_details_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_checkpoint(struct visit *v, struct err *e)
{
    TRY(store_checkpoint(v->service->session.store, v->out, e));
    v->answer->type = S("text/plain; charset=utf-8");
    http_answer_header(v->answer, S("Content-Disposition"), S("attachment; filename=\"checkpoint.txt\""));
    return OK;
}
