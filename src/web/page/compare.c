/* Two deaths compared: what is unusual together, why, what speaks against it, what is missing, and what to
 * do. */
#include "web/page/link_decide.h"
#include "web/page/link_ties.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "web/draw.h"

#include <stdlib.h>

#define LIKEWISE_LEAST 10 /* of fewer answered links like it, a share says nothing */

/* ---- the pair in the path --------------------------------------------------------------------------- */

/* *answered: a reason for access is asked first. */
static enum status pair_find(struct visit *v, struct record_id *a, struct record_id *b, bool *answered,
                             struct err *e)
{
    TRY(link_event_find(v, visit_param(v, "a"), a, answered, e));
    if (*answered) return OK;
    TRY(link_event_find(v, visit_param(v, "b"), b, answered, e));
    if (record_id_eq(a, b)) return ERR(e, E_NOT_FOUND, "", "a record is not compared with itself.");
    return OK;
}

/* ---- the eleven parts ------------------------------------------------------------------------------- */

/* The stricter count where there is one: that is what an alert goes by. */
static Str strength_words(struct arena *a, const struct comparison *c)
{
    return str_format(a, "The evidence weighs %.1f; an alert begins at %.1f.", c->alarm.score_db / 10.0,
                      c->alarm.threshold_db / 10.0);
}

static void reckoning_show(struct visit *v, const struct comparison *c)
{
    part_details_begin(v->out, S("How is that reckoned, and how likely is it?"));
    part_paragraph(v->out,
                   str_format(v->arena,
                              "All that ties and parts them adds up to %.1f; one more means ten times as "
                              "much evidence.",
                              c->score_db / 10.0));
    if (c->alarm.looked)
        part_paragraph(v->out,
                       str_format(v->arena,
                                  "Weighed again beside the deaths that have most in common with them, "
                                  "%.1f is left: that is what counts for an alert.",
                                  c->alarm.score_db / 10.0));
    if (c->rank_ab > 0 && c->rank_ba > 0)
        part_paragraph(v->out,
                       str_format(v->arena,
                                  "Of %llu other deaths and reports, %.*s is number %zu for %.*s, and "
                                  "the other way round number %zu.",
                                  (unsigned long long)(c->events - 1), STR_ARG(c->title_b), c->rank_ab,
                                  STR_ARG(c->title_a), c->rank_ba));
    part_paragraph(
        v->out, S("How likely it is, is not said in words or figures until this force's own decisions, 200 "
                  "at least, have shown how far the model can be trusted."));
    part_details_end(v->out);
}

/* "For Gabor Kovac an explanation was offered, a history of drug use, and never verified. ..." */
static void unverified_show(struct visit *v, const struct comparison *c)
{
    bool both = c->unverified_a && c->unverified_b;
    if (!c->unverified_a && !c->unverified_b) return;
    Str who = both ? S("both") : link_short_words(v, c->unverified_a ? &c->a : &c->b),
        what = c->unverified_a ? c->explanation_a : c->explanation_b;
    bool one = str_present(what) && (!both || str_eq(c->explanation_a, c->explanation_b));
    part_inset(v->out,
               str_format(v->arena,
                          "For %.*s an explanation was offered%s%.*s and never verified. Whether they are "
                          "linked and whether they are explained are two different questions.",
                          STR_ARG(who), one ? ", " : "",
                          STR_ARG(one ? str_format(v->arena, "%.*s,", STR_ARG(what)) : S(""))));
}

static void in_one_sentence(struct visit *v, const struct comparison *c)
{
    part_lead(v->out, words_sentence(v->arena, c->headline));
    part_paragraph(v->out, strength_words(v->arena, c));
    reckoning_show(v, c);
    unverified_show(v, c);
    if (c->same_event_likely) part_inset(v->out, S("These may be two records of one and the same death."));
}

static bool is_against(const struct compared_reason *r)
{
    return r->weight_db < 0;
}

static bool is_missing(const struct compared_reason *r)
{
    return r->verdict == NOT_RECORDED;
}

static bool is_once(const struct compared_reason *r)
{
    return r->full_weight_db != r->weight_db;
}

static bool says_nothing(const struct compared_reason *r)
{
    return r->weight_db == 0 && r->full_weight_db == 0 && !is_missing(r);
}

typedef bool (*reason_kind)(const struct compared_reason *r);

static size_t count_of_kind(const struct comparison *c, reason_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < c->reasons; i++)
        n += kind(&c->reason[i]);
    return n;
}

static void list_reasons(struct visit *v, const struct comparison *c, reason_kind kind)
{
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet app-reasons\">");
    for (size_t i = 0; i < c->reasons; i++) {
        const struct compared_reason *r = &c->reason[i];
        if (!kind(r)) continue;
        htmlf(v->out, "<li>%.*s", STR_ARG(r->text));
        if (r->weight_db != 0) htmlf(v->out, " <span class=\"app-weight\">%+.1f</span>", r->weight_db / 10.0);
        html(v->out, "</li>");
    }
    html(v->out, "</ul>");
}

static void section(struct visit *v, const struct comparison *c, Str id, Str title, reason_kind kind,
                    Str none)
{
    part_heading(v->out, 2, id, title);
    if (count_of_kind(c, kind) == 0)
        part_paragraph(v->out, none);
    else
        list_reasons(v, c, kind);
}

static void ties_list(struct visit *v, const struct comparison *c, size_t from, size_t to)
{
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet app-reasons\">");
    for (size_t i = from; i < to; i++)
        htmlf(v->out, "<li>%.*s <span class=\"app-weight\">%+.1f</span></li>", STR_ARG(c->tie[i].text),
              c->tie[i].weight_db / 10.0);
    html(v->out, "</ul>\n");
}

/* The strongest open, the others folded: eight lines are read, twenty are not. */
static void what_ties_them(struct visit *v, const struct comparison *c)
{
    enum { TIES_OPEN = 8 };
    size_t open = c->ties <= TIES_OPEN + 1 ? c->ties : TIES_OPEN;
    part_heading(v->out, 2, S("for"), S("What ties them"));
    if (c->ties == 0) {
        part_paragraph(v->out, S("Nothing ties them."));
        return;
    }
    part_paragraph(v->out,
                   S("In brackets: how many of the deaths most like them share it by chance. Behind it: "
                     "what it weighs."));
    ties_list(v, c, 0, open);
    if (open == c->ties) return;
    part_details_begin(v->out, str_format(v->arena, "%zu more that add little", c->ties - open));
    ties_list(v, c, open, c->ties);
    part_details_end(v->out);
}

static int compare_worth(const void *x, const void *y)
{
    const struct compared_reason *const *a = x, *const *b = y;
    if ((*a)->worth != (*b)->worth) return (*b)->worth - (*a)->worth;
    return (int)(*a)->feature - (int)(*b)->feature;
}

static void missing_list(struct visit *v, const struct comparison *c)
{
    enum { MISSING_OPEN = 5 };
    const struct compared_reason **list = NEW_ARRAY(v->arena, const struct compared_reason *, c->reasons + 1);
    size_t count = 0;
    for (size_t i = 0; i < c->reasons; i++)
        if (is_missing(&c->reason[i]) && c->reason[i].worth > 0) list[count++] = &c->reason[i];
    if (count > 1) qsort(list, count, sizeof *list, compare_worth);
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet\">");
    for (size_t i = 0; i < count && i < MISSING_OPEN; i++)
        htmlf(v->out, "<li>%.*s</li>", STR_ARG(list[i]->text));
    if (count > MISSING_OPEN) htmlf(v->out, "<li>And %zu more: see side by side.</li>", count - MISSING_OPEN);
    html(v->out, "</ul>\n");
}

static void what_is_missing(struct visit *v, const struct comparison *c)
{
    part_heading(v->out, 2, S("missing"), S("What is missing, and what would change this"));
    if (count_of_kind(c, is_missing) == 0) {
        part_paragraph(v->out, S("Everything that is compared is recorded on both sides."));
        return;
    }
    part_paragraph(
        v->out,
        S("What is not recorded counts neither for nor against. What helps most to ask comes first."));
    missing_list(v, c);
    part_buttons_begin(v->out);
    if (c->a.kind == KIND_DEATH)
        part_button(v->out,
                    &(struct part_button){.text = str_format(v->arena, "Checks of %.*s", STR_ARG(c->title_a)),
                                          .href = visit_death_url(v, &c->a, "checks"),
                                          .kind = BUTTON_SECONDARY});
    if (c->b.kind == KIND_DEATH)
        part_button(v->out,
                    &(struct part_button){.text = str_format(v->arena, "Checks of %.*s", STR_ARG(c->title_b)),
                                          .href = visit_death_url(v, &c->b, "checks"),
                                          .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
}

static Url event_url(struct visit *v, const struct record_id *id)
{
    return id->kind == KIND_DEATH ? visit_death_url(v, id, "") : (Url){STR_NONE};
}

/* What is weighed as the same may be 250 m or a year apart. */
static enum part_likeness likeness_of(const struct compared_reason *r)
{
    switch (r->verdict) {
    case SAME:
        return str_eq(r->words_a, r->words_b) ? LIKENESS_SAME : LIKENESS_SIMILAR;
    case SIMILAR:
        return LIKENESS_SIMILAR;
    case DIFFERENT:
        return LIKENESS_DIFFERENT;
    case NOT_RECORDED:
        return LIKENESS_MISSING;
    }
    BUG("no such verdict: %d", (int)r->verdict);
}

static void side_by_side(struct visit *v, const struct comparison *c)
{
    part_heading(v->out, 2, S("side-by-side"), S("Side by side"));
    part_pairs_begin(v->out, S("What both records say"), (struct part_link){event_url(v, &c->a), c->title_a},
                     (struct part_link){event_url(v, &c->b), c->title_b});
    for (size_t i = 0; i < c->reasons; i++) {
        const struct compared_reason *r = &c->reason[i];
        if (r->feature == FEATURE_TEXT) continue; /* below, in the accounts themselves */
        part_pair(v->out, &(struct part_pair){.label = words_capital(v->arena, r->topic),
                                              .a = r->words_a,
                                              .b = r->words_b,
                                              .likeness = likeness_of(r)});
    }
    part_pairs_end(v->out);
}

static void account(struct visit *v, Str title, Str text, const struct text_spots *spots)
{
    part_heading(v->out, 3, S(""), title);
    if (!str_present(text)) {
        part_paragraph(v->out, S("No account is recorded."));
        return;
    }
    struct part_spot *spot = NEW_ARRAY(v->arena, struct part_spot, spots->count + 1);
    for (size_t i = 0; i < spots->count; i++)
        spot[i] = (struct part_spot){spots->item[i].from, spots->item[i].to - spots->item[i].from};
    part_marked(v->out, text, spot, spots->count);
}

static void accounts(struct visit *v, const struct comparison *c)
{
    if (!str_present(c->account_a) && !str_present(c->account_b)) return;
    part_heading(v->out, 2, S("accounts"), S("What happened and what was seen"));
    part_paragraph(v->out, S("Marked: words that both accounts share and that few others have."));
    account(v, c->title_a, c->account_a, &c->spots_a);
    account(v, c->title_b, c->account_b, &c->spots_b);
}

static void bars(struct visit *v, const struct comparison *c)
{
    struct draw_bar *bar = NEW_ARRAY(v->arena, struct draw_bar, c->reasons + 1);
    size_t count = 0;
    for (size_t i = 0; i < c->reasons; i++) {
        const struct compared_reason *r = &c->reason[i];
        if (r->weight_db == 0) continue;
        bar[count++] = (struct draw_bar){words_capital(v->arena, r->topic), r->weight_db,
                                         is_once(r) ? r->full_weight_db : 0};
    }
    struct draw_bars bars = {
        .caption = {S("bars"), S("Reasons for and against"),
                    S("A bar for each reason, by its weight: to the right for, to the left against.")},
        .bar = bar,
        .bars = count};
    part_heading(v->out, 2, S("weights"), S("How much each reason weighs"));
    draw_bars(v->out, v->arena, &bars);
    draw_bars_table(v->out, v->arena, &bars);
    part_details_begin(v->out, S("Show the working"));
    html_prose(v->out, c->working);
    part_details_end(v->out);
}

static void what_was_not_used(struct visit *v, const struct comparison *c)
{
    section(v, c, S("once"), S("What hangs together, and was counted only once"), is_once,
            S("Nothing here shares its cause with something else."));
    section(v, c, S("nothing"), S("What was compared and says nothing"), says_nothing,
            S("Everything that was compared has a weight."));
    part_paragraph(
        v->out, S("Never used: ethnicity, orientation, gender identity, religion, disability, nationality."));
    part_paragraph(v->out,
                   str_format(v->arena,
                              "Weighed by the model “%.*s”. Frequencies as of %.*s, out of %llu events.",
                              STR_ARG(c->model), STR_ARG(words_time(v->arena, c->counts_at_ms)),
                              (unsigned long long)c->events));
}

/* ---- for programs ----------------------------------------------------------------------------------- */

static void as_json(struct visit *v, const struct comparison *c)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("a"));
    json_put_id(&w, &c->a);
    json_put_key(&w, S("b"));
    json_put_id(&w, &c->b);
    json_kv_str(&w, S("headline"), c->headline);
    json_kv_i64(&w, S("score_db"), c->score_db);
    if (c->alarm.looked) json_kv_i64(&w, S("second_look_db"), c->alarm.score_db);
    json_kv_i64(&w, S("threshold_db"), c->alarm.threshold_db);
    json_put_key(&w, S("rank_of_b_for_a"));
    c->rank_ab > 0 ? json_put_i64(&w, (int64_t)c->rank_ab) : json_put_null(&w);
    json_put_key(&w, S("rank_of_a_for_b"));
    c->rank_ba > 0 ? json_put_i64(&w, (int64_t)c->rank_ba) : json_put_null(&w);
    json_kv_str(&w, S("model"), c->model);
    json_put_key(&w, S("reasons"));
    json_open(&w, '[');
    for (size_t i = 0; i < c->reasons; i++) {
        const struct compared_reason *r = &c->reason[i];
        json_open(&w, '{');
        json_kv_str(&w, S("feature"), str_of(FEATURES[r->feature].name));
        json_kv_str(&w, S("text"), r->text);
        json_kv_i64(&w, S("weight_db"), r->weight_db);
        json_kv_str(&w, S("a"), r->words_a);
        json_kv_str(&w, S("b"), r->words_b);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

/* ---- the link on record ----------------------------------------------------------------------------- */

/* count 0: nobody and nothing has suggested it. */
struct pair_link {
    struct link_row *row;
    size_t count;
    struct ties ties; /* with the reports of the link */
    struct links_likewise like;
};

static const struct link_row *latest(const struct pair_link *l)
{
    return l->count == 0 ? NULL : &l->row[l->count - 1];
}

/* Is it about these two, whatever reports lead to them? */
static bool decided_here(const struct link_row *row)
{
    return row->note.deaths == 2 || row->note.events == 2;
}

static enum status pair_link_read(struct visit *v, const struct comparison *c, struct pair_link *out,
                                  struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    *out = (struct pair_link){0};
    TRY(links_of(&viewer, &c->a, &c->b, v->arena, &out->row, &out->count, e));
    TRY(links_likewise(&viewer, c->score_db, &out->like, e));
    const struct link_row *row = latest(out);
    if (row == NULL || !decided_here(row) || row->note.events == 2) return OK;
    TRY(link_rows_note(v, S("compare"), row, 1, e));
    return link_ties_read(v, row, &out->ties, e);
}

static void stands_show(struct visit *v, const struct pair_link *l)
{
    const struct link_row *row = latest(l);
    if (row == NULL) return;
    if (decided_here(row)) {
        link_stands_show(v, row);
        return;
    }
    part_paragraph(v->out, str_format(v->arena, "Both belong to a link of %.*s, which is decided as a whole.",
                                      STR_ARG(link_members_words(v, &row->note))));
    part_button(v->out, &(struct part_button){.text = S("Open the whole link"),
                                              .href = link_url(v, &row->note),
                                              .kind = BUTTON_SECONDARY});
}

static void reports_show(struct visit *v, const struct pair_link *l)
{
    const struct link_row *row = latest(l);
    if (row == NULL || !decided_here(row) || row->note.events == 2) return;
    const struct link_note *note = &row->note;
    size_t pairs = l->ties.count - l->ties.deaths;
    part_heading(v->out, 2, S("reports"), S("Earlier reports in this link"));
    link_reports_show(v, note, &l->ties);
    if (pairs > 0) {
        part_details_begin(v->out, str_format(v->arena, "What ties the reports, pair by pair (%zu)", pairs));
        link_ties_show(v, note, &l->ties, l->ties.deaths, l->ties.count);
        part_details_end(v->out);
    }
    html(v->out, "<p class=\"govuk-body\">");
    html_link(v->out, url(v->arena, "/series/%.*s", STR_ARG(visit_id_words(v->arena, &note->id))),
              S("The deaths on a map and in time, and all ties as a picture"));
    html(v->out, "</p>\n");
}

static void suggest_show(struct visit *v, const struct comparison *c)
{
    part_heading(v->out, 2, S("decide"), S("Decide"));
    part_paragraph(v->out,
                   S("Nobody and nothing has suggested this link, so there is nothing to decide. If you know "
                     "something that ties them, suggest it."));
    if (!visit_may(v, PERMISSION_DECIDE_LINK) || c->a.kind != KIND_DEATH || c->b.kind != KIND_DEATH) return;
    Url to = url_with(v->arena, url(v->arena, "/links/suggest"), S("first"), visit_id_words(v->arena, &c->a));
    part_button(v->out, &(struct part_button){
                            .text = S("Suggest this link"),
                            .href = url_with(v->arena, to, S("second"), visit_id_words(v->arena, &c->b)),
                            .kind = BUTTON_SECONDARY});
}

static void decision_show(struct visit *v, const struct comparison *c, const struct pair_link *l)
{
    const struct link_row *row = latest(l);
    if (l->like.answered >= LIKEWISE_LEAST)
        part_paragraph(v->out,
                       str_format(v->arena, "Of the last %zu links scored like this, %zu were confirmed.",
                                  l->like.answered, l->like.confirmed));
    if (row == NULL)
        suggest_show(v, c);
    else if (decided_here(row))
        link_decide_show(v, row);
}

/* ---- pages ------------------------------------------------------------------------------------------ */

static void as_html(struct visit *v, const struct comparison *c, const struct pair_link *l)
{
    Str title = str_format(v->arena, "%.*s and %.*s", STR_ARG(c->title_a), STR_ARG(c->title_b));
    visit_page_begin(
        v, &(struct visit_page){.title = title, .back = {url(v->arena, "/links"), S("Links")}, .wide = true});
    part_title(v->out, S("Compare"), title);
    bool answered = latest(l) != NULL && latest(l)->work.standing != NULL;
    if (answered) stands_show(v, l);
    in_one_sentence(v, c);
    if (!answered) stands_show(v, l);
    what_ties_them(v, c);
    section(v, c, S("against"), S("What speaks against it"), is_against,
            S("Nothing that is recorded speaks against it."));
    what_is_missing(v, c);
    reports_show(v, l);
    side_by_side(v, c);
    accounts(v, c);
    bars(v, c);
    decision_show(v, c, l);
    what_was_not_used(v, c);
    visit_page_end(v);
}

enum status compare_show(struct visit *v, const struct record_id *a, const struct record_id *b, struct err *e)
{
    struct comparison c;
    struct pair_link l;
    TRY(link_compare(v, a, b, &c, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, &c);
        return OK;
    }
    TRY(pair_link_read(v, &c, &l, e));
    as_html(v, &c, &l);
    return OK;
}

enum status page_compare(struct visit *v, struct err *e)
{
    struct record_id a, b;
    bool answered = false;
    TRY(pair_find(v, &a, &b, &answered, e));
    return answered ? OK : compare_show(v, &a, &b, e);
}
