#include "web/page/compare_parts.h"

#include "app/words.h"
#include "web/draw.h"

#include <stdlib.h>

static Str strength_words(struct arena *a, const struct comparison *c, double once_in_weeks)
{
    Str words = str_format(a, "Strength %.1f; an alert begins at %.1f.", c->alarm.score_db / 10.0,
                           c->alarm.threshold_db / 10.0);
    if (once_in_weeks < 2) return words;
    return str_format(a, "%.*s Chance alone brings one like it every %.0f weeks.", STR_ARG(words),
                      once_in_weeks);
}

static void reckoning_show(struct visit *v, const struct comparison *c)
{
    part_details_begin(v->out, S("How is that reckoned, and how likely is it?"));
    part_paragraph(v->out,
                   str_format(v->arena,
                              "All that ties them and all that speaks against it adds up to %.1f. One more "
                              "means ten times as much evidence.",
                              c->score_db / 10.0));
    if (c->alarm.looked)
        part_paragraph(v->out,
                       str_format(v->arena,
                                  "Looked at again beside the deaths that have most in common with them, "
                                  "%.1f of it is left: that is the strength, and what an alert goes by.",
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

/* "Drug history was offered as the explanation of both, and has not been verified." */
static void unverified_show(struct visit *v, const struct comparison *c)
{
    bool both = c->unverified_a && c->unverified_b;
    if (!c->unverified_a && !c->unverified_b) return;
    Str who = both ? S("both") : link_short_words(v, c->unverified_a ? &c->a : &c->b),
        what = c->unverified_a ? c->explanation_a : c->explanation_b;
    bool one = str_present(what) && (!both || str_eq(c->explanation_a, c->explanation_b));
    Str offered = one ? words_capital(v->arena, what) : S("Something");
    part_inset(v->out,
               str_format(v->arena,
                          "%.*s was offered as the explanation of %.*s, and has not been verified. That "
                          "is no reason against a link.",
                          STR_ARG(offered), STR_ARG(who)));
}

void compare_summary(struct visit *v, const struct comparison *c, double once_in_weeks)
{
    part_lead(v->out, words_sentence(v->arena, c->headline));
    part_paragraph(v->out, strength_words(v->arena, c, once_in_weeks));
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
void compare_ties(struct visit *v, const struct comparison *c)
{
    enum { TIES_OPEN = 8 };
    size_t open = c->ties <= TIES_OPEN + 1 ? c->ties : TIES_OPEN;
    part_heading(v->out, 2, S("for"), S("What ties them"));
    if (c->ties == 0) {
        part_paragraph(v->out, S("Nothing ties them."));
        return;
    }
    part_paragraph(v->out, S("In brackets: how rare it is. Then: what it weighs."));
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
    enum { MISSING_OPEN = 4 };
    const struct compared_reason **list = NEW_ARRAY(v->arena, const struct compared_reason *, c->reasons + 1);
    size_t count = 0;
    for (size_t i = 0; i < c->reasons; i++)
        if (is_missing(&c->reason[i]) && c->reason[i].worth > 0) list[count++] = &c->reason[i];
    if (count > 1) qsort(list, count, sizeof *list, compare_worth);
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet\">");
    for (size_t i = 0; i < count && i < MISSING_OPEN; i++)
        htmlf(v->out, "<li>%.*s</li>", STR_ARG(list[i]->text));
    if (count > MISSING_OPEN) htmlf(v->out, "<li>And %zu more: side by side.</li>", count - MISSING_OPEN);
    html(v->out, "</ul>\n");
}

void compare_missing(struct visit *v, const struct comparison *c)
{
    part_heading(v->out, 2, S("missing"), S("What is missing, and what would change this"));
    if (count_of_kind(c, is_missing) == 0) {
        part_paragraph(v->out, S("Everything that is compared is recorded on both sides."));
        return;
    }
    part_paragraph(v->out, S("It counts neither for nor against. What helps most to ask comes first."));
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

static void pairs_table(struct visit *v, const struct comparison *c, Str caption, bool same)
{
    part_pairs_begin(v->out, caption, (struct part_link){link_event_url(v, &c->a), c->title_a},
                     (struct part_link){link_event_url(v, &c->b), c->title_b});
    for (size_t i = 0; i < c->reasons; i++) {
        const struct compared_reason *r = &c->reason[i];
        if (r->feature == FEATURE_TEXT) continue; /* in the accounts themselves */
        if ((likeness_of(r) == LIKENESS_SAME) != same) continue;
        part_pair(v->out, &(struct part_pair){.label = words_capital(v->arena, r->topic),
                                              .a = r->words_a,
                                              .b = r->words_b,
                                              .likeness = likeness_of(r)});
    }
    part_pairs_end(v->out);
}

/* What is the same was said above, as what ties them; what differs, as what speaks against it. */
void compare_sides(struct visit *v, const struct comparison *c)
{
    part_heading(v->out, 2, S("side-by-side"), S("Side by side"));
    part_details_begin(v->out, S("Show both records, line by line"));
    pairs_table(v, c, S("What differs, or is known of one only"), false);
    pairs_table(v, c, S("What is the same in both"), true);
    part_details_end(v->out);
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

void compare_accounts(struct visit *v, const struct comparison *c)
{
    if (!str_present(c->account_a) && !str_present(c->account_b)) return;
    part_heading(v->out, 2, S("accounts"), S("What happened and what was seen"));
    part_paragraph(v->out, S("Marked: words that both accounts share and that few others have."));
    account(v, c->title_a, c->account_a, &c->spots_a);
    account(v, c->title_b, c->account_b, &c->spots_b);
}

void compare_weights(struct visit *v, const struct comparison *c)
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
    part_details_begin(v->out, S("Show the weights as a picture"));
    draw_bars(v->out, v->arena, &bars);
    draw_bars_table(v->out, v->arena, &bars);
    part_details_end(v->out);
    part_details_begin(v->out, S("Show the working"));
    html_prose(v->out, c->working);
    part_details_end(v->out);
}

void compare_not_used(struct visit *v, const struct comparison *c)
{
    section(v, c, S("once"), S("What hangs together, and was counted less"), is_once,
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

void compare_against(struct visit *v, const struct comparison *c)
{
    section(v, c, S("against"), S("What speaks against it"), is_against,
            S("Nothing that is recorded speaks against it."));
}
