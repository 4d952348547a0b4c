/* Import: send a file, choose how its columns are read, look at what would come of it, bring it in, and take
 * a batch back if it was wrong. The file is parsed by a child process that can open nothing. */
#include "web/page/link_parts.h"
#include "web/page/pages.h"

#include "app/import_links.h"
#include "app/uploads.h"
#include "app/words.h"
#include "base/assets.h"
#include "base/stream.h"

#define SHOWN_FIRST  10
#define MAPS_MAX     64
#define LINKS_SHOWN  100
#define SUGGEST_WORD "suggest"
#define FEED_WORD    "feed"

static Url upload_url(struct visit *v, const struct upload *u, const char *page)
{
    if (page[0] == '\0') return url(v->arena, "/import/%.*s", STR_ARG(u->id));
    return url(v->arena, "/import/%.*s/%s", STR_ARG(u->id), page);
}

static Str count_words(struct visit *v, uint64_t n)
{
    return str_format(v->arena, "%llu", (unsigned long long)n);
}

static Url batch_url(struct visit *v, uint64_t batch)
{
    return url(v->arena, "/import/batches/%.*s", STR_ARG(count_words(v, batch)));
}

/* ---- batches, and taking one back -------------------------------------------------------------------- */

static Str request_name(struct visit *v, uint64_t batch)
{
    return str_format(v->arena, "withdraw/%llu", (unsigned long long)batch);
}

/* Who else has asked to take the batch back; STR_NONE: nobody. */
static enum status request_of_others(struct visit *v, uint64_t batch, Str *who, Str *reason, struct err *e)
{
    struct store *store = v->service->session.store;
    struct account *list = NULL;
    size_t count = 0;
    *who = STR_NONE;
    TRY(account_list(store, v->arena, &list, &count, e));
    for (size_t i = 0; i < count && !str_present(*who); i++) {
        struct note note;
        struct err none = {0};
        if (list[i].number == v->who.account.number || list[i].disabled) continue;
        if (note_get(store, list[i].number, request_name(v, batch), v->arena, &note, &none) != OK) continue;
        *who = list[i].name;
        *reason = note.text;
    }
    return OK;
}

static enum status batch_row(struct visit *v, const struct batch_row *b, struct err *e)
{
    Str who, reason;
    part_row_begin(v->out);
    part_row_head(v->out, batch_url(v, b->batch), count_words(v, b->batch));
    part_cell(v->out, b->name);
    part_cell(v->out, str_empty(b->mapping) ? S("a feed") : b->mapping);
    part_cell(v->out, str_format(v->arena, "%.*s, %.*s", STR_ARG(b->by),
                                 STR_ARG(words_time(v->arena, b->opened_at_ms))));
    part_cell_number(v->out, count_words(v, b->entries));
    part_cell_begin(v->out);
    if (b->withdrawn) {
        part_tag(v->out, MEANING_PLAIN, S("Withdrawn"));
    } else {
        TRY(request_of_others(v, b->batch, &who, &reason, e));
        visit_form_begin(v,
                         url(v->arena, "/import/batches/%.*s/withdraw", STR_ARG(count_words(v, b->batch))));
        if (str_present(who))
            part_paragraph(v->out, str_format(v->arena, "%.*s asks to take it back: %.*s", STR_ARG(who),
                                              STR_ARG(reason)));
        else
            part_input(v->out, &(struct part_input){.name = S("reason"),
                                                    .id = str_format(v->arena, "reason-%.*s",
                                                                     STR_ARG(count_words(v, b->batch))),
                                                    .label = S("Why it should be taken back"),
                                                    .width = 20});
        part_button(v->out,
                    &(struct part_button){
                        .text = str_present(who) ? S("Agree") : S("Ask to take back"),
                        .about = str_format(v->arena, "batch %.*s", STR_ARG(count_words(v, b->batch))),
                        .kind = BUTTON_SECONDARY});
        part_form_end(v->out);
    }
    part_cell_end(v->out);
    part_row_end(v->out);
    return OK;
}

static enum status batches_show(struct visit *v, struct err *e)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Batch")},
                                                 {.title = S_INIT("File")},
                                                 {.title = S_INIT("Read by")},
                                                 {.title = S_INIT("Brought in by")},
                                                 {.title = S_INIT("Entries"), .number = true},
                                                 {.title = S_INIT("Take back")}};
    struct batch_row *batch = NULL;
    size_t count = 0;
    TRY(store_batches(v->service->session.store, &v->actor, v->arena, &batch, &count, e));
    part_heading(v->out, 2, S("batches"), S("What was brought in"));
    if (count == 0) part_empty(v->out, S("Nothing yet."));
    if (count == 0) return OK;
    part_table_begin(v->out, &(struct part_table){.caption = S("Batches, latest first"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = count; i-- > 0;)
        TRY(batch_row(v, &batch[i], e));
    part_table_end(v->out);
    return OK;
}

static void batch_json(struct visit *v, const struct link_row *row, size_t count, bool settled)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_bool(&w, S("settled"), settled);
    json_put_key(&w, S("links"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++)
        json_put_link(&w, &row[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

static enum status batch_links_show(struct visit *v, const struct link_row *row, size_t count, bool settled,
                                    struct err *e)
{
    part_heading(v->out, 2, S("links"), S("Links found"));
    if (!visit_may(v, PERMISSION_LINKS)) {
        part_empty(v->out, S("Links are shown to those who work on them."));
        return OK;
    }
    if (!settled) part_inset(v->out, S("Links are still being looked for. Load this page again."));
    if (settled && count == 0) part_empty(v->out, S("No links were found."));
    if (count == 0) return OK;
    size_t shown = count < LINKS_SHOWN ? count : LINKS_SHOWN;
    part_range(v->out, 1, shown, count, S("links"));
    return link_rows_show(v, row, shown, e);
}

enum status page_batch(struct visit *v, struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    struct batch_row batch;
    struct link_row *row = NULL;
    size_t count = 0;
    bool settled = false;
    int64_t number = 0;
    if (str_to_i64(visit_param(v, "batch"), &number) != OK || number < 1)
        return ERR(e, E_NOT_FOUND, "batch", "there is no such batch.");
    TRY(import_batch(v->session.store, &v->actor, (uint64_t)number, v->arena, &batch, e));
    if (visit_may(v, PERMISSION_LINKS))
        TRY(import_links(&viewer, &batch, v->arena, &row, &count, &settled, e));
    TRY(link_rows_note(v, S("links"), row, count, e));
    if (v->format == FORMAT_JSON) {
        batch_json(v, row, count, settled);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = str_format(v->arena, "Batch %lld", (long long)number),
                                             .back = {url(v->arena, "/import"), S("Import")}});
    part_title(v->out, S("Import"), str_format(v->arena, "Batch %lld", (long long)number));
    part_paragraph(v->out,
                   str_format(v->arena, "%.*s, brought in by %.*s, %.*s: %.*s entries.", STR_ARG(batch.name),
                              STR_ARG(batch.by), STR_ARG(words_time(v->arena, batch.opened_at_ms)),
                              STR_ARG(count_words(v, batch.entries))));
    if (batch.withdrawn)
        part_inset(v->out, S("It was taken back."));
    else
        TRY(batch_links_show(v, row, count, settled, e));
    visit_page_end(v);
    return OK;
}

enum status do_batch_withdraw(struct visit *v, struct err *e)
{
    struct store *store = v->service->session.store;
    struct receipt receipt;
    struct batch_row about;
    Str who, why, reason = visit_form(v, "reason");
    int64_t batch = 0;
    if (str_to_i64(visit_param(v, "batch"), &batch) != OK || batch < 1)
        return ERR(e, E_NOT_FOUND, "batch", "there is no such batch.");
    TRY(import_batch(store, &v->actor, (uint64_t)batch, v->arena, &about, e));
    if (about.withdrawn) return ERR(e, E_CONFLICT, "batch", "this batch was taken back before.");
    TRY(request_of_others(v, (uint64_t)batch, &who, &why, e));
    if (str_present(who)) {
        TRY(store_batch_withdraw(store, &v->actor, who, (uint64_t)batch, why, &receipt, e));
        visit_notice(v, "changed");
    } else if (str_empty(reason)) {
        visit_error(v, S(""), "Say why batch %lld should be taken back.", (long long)batch);
        v->answer->status = 400;
        return page_import(v, e);
    } else {
        TRY(note_put(store, v->who.account.number, request_name(v, (uint64_t)batch), reason, e));
        visit_notice(v, "second");
    }
    visit_redirect(v, url(v->arena, "/import"));
    return OK;
}

/* ---- sending a file --------------------------------------------------------------------------------- */

static void map_select(struct visit *v)
{
    struct part_choice choice[MAPS_MAX + 2] = {
        {.value = S(SUGGEST_WORD), .label = S("A table: suggest how its columns are read")},
        {.value = S(FEED_WORD), .label = S("A feed: lines of records, as other systems send them")}};
    size_t count = 2;
    for (size_t i = 0; i < asset_table_count && count < COUNT_OF(choice); i++) {
        Str path = asset_table[i].path, folder = S("policy/maps/");
        if (!str_starts(path, folder) || !str_ends(path, S(".map"))) continue;
        if (str_find(asset_find(path), S("[record ")) == STR_NPOS) continue;
        Str name = str_slice(path, folder.len, path.len - 4);
        choice[count++] = (struct part_choice){.value = name, .label = name};
    }
    part_select(v->out, &(struct part_choices){.name = S("map"),
                                               .legend = S("How it is read"),
                                               .choice = choice,
                                               .count = count,
                                               .error = part_errors_of(&v->errors, S("map"))});
}

enum status page_import(struct visit *v, struct err *e)
{
    visit_page_begin(v, &(struct visit_page){.title = S("Import"),
                                             .back = {url(v->arena, "/settings"), S("Settings")},
                                             .wide = true});
    part_title(v->out, S(""), S("Import"));
    part_paragraph(v->out,
                   S("Send a file, look at what would come of it, then bring it in. Nothing is lost: rows "
                     "that cannot be used are told with their reason."));
    part_form_begin(v->out,
                    &(struct part_form){.action = url(v->arena, "/import"), .upload = true, .csrf = v->csrf});
    part_file(v->out,
              &(struct part_file){.name = S("file"),
                                  .label = S("File"),
                                  .hint = S("A CSV table or a feed, plain or compressed, up to 8 MB. Larger "
                                            "ones are brought in on the server: colligate import"),
                                  .error = part_errors_of(&v->errors, S("file"))});
    map_select(v);
    part_button(v->out, &(struct part_button){.text = S("Send the file")});
    part_form_end(v->out);
    TRY(batches_show(v, e));
    visit_page_end(v);
    return OK;
}

static const struct http_pair *file_sent(const struct visit *v)
{
    for (size_t i = 0; i < v->request->form.count; i++)
        if (str_eq(v->request->form.pair[i].name, S("file"))) return &v->request->form.pair[i];
    return NULL;
}

/* Of a table whose mapping is not known yet, one is suggested. */
static enum status map_begin(struct visit *v, struct upload *u, Str choice, struct err *e)
{
    struct err why = {0};
    if (!str_eq(choice, S(SUGGEST_WORD))) return OK;
    TRY(visit_take_error(v, upload_suggest(&v->session, u, v->arena, &u->map, &why), &why, e));
    if (v->errors.count > 0) return OK;
    return upload_map(&v->session, v->who.account.number, u, u->map, e);
}

enum status do_import(struct visit *v, struct err *e)
{
    const struct http_pair *file = file_sent(v);
    Str choice = visit_form(v, "map"), map = S("");
    struct upload u = {0};
    struct err why = {0};
    if (!str_present(choice)) choice = S(FEED_WORD);
    if (!str_eq(choice, S(FEED_WORD)) && !str_eq(choice, S(SUGGEST_WORD))) {
        map = upload_shipped_map(v->arena, choice);
        if (!str_present(map)) visit_error(v, S("map"), "Choose one from the list.");
    }
    if (file == NULL || !str_present(file->file_name)) visit_error(v, S("file"), "Choose a file.");
    if (v->errors.count == 0)
        TRY(visit_take_error(v,
                             upload_keep(&v->session, v->who.account.number, file->file_name, file->value,
                                         map, v->arena, &u, &why),
                             &why, e));
    if (v->errors.count == 0) TRY(map_begin(v, &u, choice, e));
    if (v->errors.count > 0) {
        v->answer->status = 400;
        return page_import(v, e);
    }
    visit_redirect(v, upload_url(v, &u, ""));
    return OK;
}

/* ---- looking first ---------------------------------------------------------------------------------- */

static Str change_words(struct visit *v, const struct change *c)
{
    struct buf words CLEANUP_BUF = {0};
    const struct kind *kind = kind_of(c->record.kind);
    buf_init(&words, (size_t)1 << 20);
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct fact *f = &c->fact[i];
        buf_addf(&words, "%s%s: ", i > 0 ? "; " : "", kind->field[f->field].label);
        words_value(&words, v->arena, &v->service->session.policy, kind, f->field, f->value, f->key);
    }
    return str_copy(v->arena, buf_str(&words));
}

static void first_show(struct visit *v, const struct change *change, size_t count)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Record")},
                                                 {.title = S_INIT("What it would say")}};
    if (count == 0) return;
    part_heading(v->out, 2, S("first"), S("The first records as they would be"));
    part_table_begin(v->out, &(struct part_table){.caption = S("The first records"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, words_id(v->arena, &change[i].record));
        part_cell(v->out, change_words(v, &change[i]));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void counts_show(struct visit *v, const struct import_result *x, bool dry)
{
    struct part_figure figure[] = {
        {count_words(v, x->sum.rows), S("rows read"), {STR_NONE}, MEANING_PLAIN},
        {count_words(v, dry ? x->sum.changes : x->taken + x->updated),
         dry ? S("records would come of them") : S("records taken"),
         {STR_NONE},
         MEANING_GOOD},
        {count_words(v, x->sum.refused + x->refused_by_store),
         S("rows refused"),
         {STR_NONE},
         x->sum.refused > 0 ? MEANING_ATTENTION : MEANING_PLAIN},
        {count_words(v, x->sum.dropped), S("rows left out by a rule"), {STR_NONE}, MEANING_PLAIN},
    };
    part_figures(v->out, figure, COUNT_OF(figure));
}

static void refusals_show(struct visit *v, const struct import_result *x)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Field")},
                                                 {.title = S_INIT("What is wrong, and how to mend it")},
                                                 {.title = S_INIT("Rows"), .number = true},
                                                 {.title = S_INIT("First row"), .number = true}};
    if (x->refusals == 0) return;
    part_heading(v->out, 2, S("refused"), S("Rows that cannot be used"));
    part_table_begin(v->out, &(struct part_table){.caption = S("Why rows are refused"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < x->refusals; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE},
                      str_empty(x->refusal[i].field) ? S("the row") : x->refusal[i].field);
        part_cell(v->out, x->refusal[i].reason);
        part_cell_number(v->out, count_words(v, x->refusal[i].rows));
        part_cell_number(v->out, count_words(v, x->refusal[i].first_row));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static void map_form(struct visit *v, const struct upload *u)
{
    visit_form_begin(v, upload_url(v, u, "map"));
    part_textarea(v->out,
                  &(struct part_textarea){.name = S("map"),
                                          .label = S("How its columns are read"),
                                          .hint = S("A line a field: field = {Column}. Empty: it is a feed."),
                                          .value = u->map,
                                          .rows = 14,
                                          .error = part_errors_of(&v->errors, S("map"))});
    part_button(v->out, &(struct part_button){.text = S("Look again"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

/* What is wrong with the mapping is told at its input. */
static enum status mapping_of(struct visit *v, const struct upload *u, const struct mapping **out,
                              struct err *e)
{
    struct err why = {0};
    *out = NULL;
    if (str_empty(u->map)) return OK;
    enum status status = mapping_parse(v->arena, &v->session.policy, u->map, out, &why);
    if (status == E_INVALID) visit_error(v, S("map"), "%s", why.text);
    return status == OK || status == E_INVALID ? OK : ERR(e, status, why.field, "%s", why.text);
}

static enum status look(struct visit *v, const struct upload *u, const struct mapping *mapping, bool dry,
                        struct import_result *out, struct err *e)
{
    struct import_options options = {.path = str_cstr(v->arena, u->path),
                                     .mapping = mapping,
                                     .dry_run = dry,
                                     .refused_path = dry ? NULL : upload_refused_path(v->arena, u),
                                     .now_ms = v->now_ms};
    struct err why = {0};
    enum status status =
        import_run(v->session.store, &v->actor, &v->session.policy, &options, v->arena, out, &why);
    if (status != E_INVALID && status != E_LIMIT)
        return status == OK ? OK : ERR(e, status, why.field, "%s", why.text);
    visit_error(v, S("map"), "%s", why.text);
    return OK;
}

enum status page_upload(struct visit *v, struct err *e)
{
    struct upload u;
    const struct mapping *mapping = NULL;
    struct import_result x = {0};
    struct change *change = NEW_ARRAY(v->arena, struct change, SHOWN_FIRST);
    size_t count = 0;
    struct err ignored = {0};
    TRY(upload_find(&v->session, v->who.account.number, visit_param(v, "upload"), v->arena, &u, e));
    TRY(mapping_of(v, &u, &mapping, e));
    if (v->errors.count == 0) TRY(look(v, &u, mapping, true, &x, e));
    if (v->errors.count == 0 && upload_first(&v->session, &u, mapping, v->now_ms, v->arena, change,
                                             SHOWN_FIRST, &count, &ignored) != OK)
        count = 0;
    visit_page_begin(v, &(struct visit_page){.title = S("Look before it comes in"),
                                             .back = {url(v->arena, "/import"), S("Import")},
                                             .wide = true});
    part_title(v->out, file_name(str_cstr(v->arena, u.path)), S("Look before it comes in"));
    if (v->errors.count == 0) {
        counts_show(v, &x, true);
        visit_form_begin(v, upload_url(v, &u, ""));
        part_button(v->out, &(struct part_button){.text = S("Bring it in")});
        part_form_end(v->out);
    }
    refusals_show(v, &x);
    first_show(v, change, count);
    map_form(v, &u);
    visit_page_end(v);
    return OK;
}

enum status do_upload_map(struct visit *v, struct err *e)
{
    struct upload u;
    Str map = http_pair_of(&v->request->form, S("map"));
    TRY(upload_find(&v->session, v->who.account.number, visit_param(v, "upload"), v->arena, &u, e));
    TRY(upload_map(&v->session, v->who.account.number, &u, str_present(map) ? map : S(""), e));
    visit_redirect(v, upload_url(v, &u, ""));
    return OK;
}

enum status do_upload(struct visit *v, struct err *e)
{
    struct upload u;
    const struct mapping *mapping = NULL;
    struct import_result x = {0};
    TRY(upload_find(&v->session, v->who.account.number, visit_param(v, "upload"), v->arena, &u, e));
    TRY(mapping_of(v, &u, &mapping, e));
    if (v->errors.count == 0) TRY(look(v, &u, mapping, false, &x, e));
    if (v->errors.count > 0) {
        v->answer->status = 400;
        v->errors.count = 0;
        return page_upload(v, e);
    }
    visit_page_begin(v, &(struct visit_page){.title = S("Brought in"),
                                             .back = {url(v->arena, "/import"), S("Import")},
                                             .wide = true});
    part_title(v->out, S(""), S("Brought in"));
    counts_show(v, &x, false);
    part_paragraph(
        v->out, x.batch == 0 ? S("It said nothing new.")
                             : str_format(v->arena,
                                          "It is batch %llu. %llu records said nothing new. Links are looked "
                                          "for now; see below.",
                                          (unsigned long long)x.batch, (unsigned long long)x.unchanged));
    if (x.batch > 0)
        part_button(v->out, &(struct part_button){.text = S("Links found"), .href = batch_url(v, x.batch)});
    if (x.refused_written > 0)
        part_button(v->out, &(struct part_button){.text = S("Download the refused rows"),
                                                  .href = upload_url(v, &u, "refused"),
                                                  .kind = BUTTON_SECONDARY});
    refusals_show(v, &x);
    visit_page_end(v);
    return OK;
}

enum status page_upload_refused(struct visit *v, struct err *e)
{
    struct upload u;
    TRY(upload_find(&v->session, v->who.account.number, visit_param(v, "upload"), v->arena, &u, e));
    TRY(file_read(upload_refused_path(v->arena, &u), v->out, e));
    v->answer->type = S("text/csv; charset=utf-8");
    http_answer_header(v->answer, S("Content-Disposition"), S("attachment; filename=\"refused.csv\""));
    return OK;
}
