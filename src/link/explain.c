/* The explanation as a page: which reasons go where, in which order, and what holds for all of them. */
#include "link/explain_internal.h"

#include "base/caldate.h"

#include <stdlib.h>

#define HEADLINE_PARTS_MAX  5
#define HEADLINE_PARTS_SURE 3 /* so many are told however little they weigh */
#define HEADLINE_LEAST_DB   3 /* more than those must weigh so much */
#define MISSING_SHOWN       8
#define TIES_IN_FULL        6 /* so many reasons are told in full however little they weigh */
#define TIES_LEAST_DB       3 /* more than those must weigh so much; the others share one line */
#define SENTENCE_BYTES_MAX  ((size_t)1 << 16)

/* ---- which reasons belong together ---------------------------------------------------------------- */

static int compare_groups(const void *x, const void *y)
{
    const struct reason_group *a = x, *b = y;
    if (a->weight_db != b->weight_db) return b->weight_db - a->weight_db;
    if (a->full_weight_db != b->full_weight_db) return b->full_weight_db - a->full_weight_db;
    if (a->feature != b->feature) return (int)a->feature - (int)b->feature;
    return a->item[0] < b->item[0] ? -1 : a->item[0] > b->item[0]; /* both in one array */
}

static struct reason_group *group_for(struct reason_groups *groups, const struct reason *r)
{
    bool alone = r->feature == FEATURE_IDENTIFIER;
    for (size_t i = 0; i < groups->count && !alone; i++)
        if (groups->item[i].feature == r->feature) return &groups->item[i];
    struct reason_group *fresh = &groups->item[groups->count++];
    *fresh = (struct reason_group){.feature = r->feature, .verdict = r->verdict};
    return fresh;
}

void groups_agreeing(const struct pair_evidence *ev, struct reason_groups *out)
{
    out->count = 0;
    for (size_t i = 0; i < ev->count && i < REASONS_MAX; i++) {
        const struct reason *r = &ev->reason[i];
        if (r->verdict != SAME && r->verdict != SIMILAR) continue;
        struct reason_group *g = group_for(out, r);
        if (g->count < GROUP_ITEMS_MAX) g->item[g->count] = r;
        g->count++;
        g->weight_db += r->weight_db;
        g->full_weight_db += r->full_weight_db;
    }
    qsort(out->item, out->count, sizeof out->item[0], compare_groups);
}

/* ---- the page ------------------------------------------------------------------------------------- */

struct page {
    struct buf *out;
    struct telling t;
    struct buf *text; /* of the paragraph being written */
};

static size_t width_of(Str word)
{
    size_t width = 0;
    for (size_t i = 0; i < word.len; i++)
        width += ((unsigned char)word.ptr[i] & 0xc0) != 0x80; /* characters, not bytes */
    return width;
}

/* What a record says must not turn into markup, and holds no line ends here. */
static void add_word(struct page *p, Str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (p->t.o->markdown && c != '\0' && strchr("\\`*_[]<>|#~", c)) buf_add_char(p->out, '\\');
        buf_add_char(p->out, (unsigned char)c < ' ' ? ' ' : c);
    }
}

/* Writes the paragraph, wrapped, behind a prefix; lines after the first start with as many blanks. */
static void page_flush(struct page *p, Str prefix, bool emphasise)
{
    size_t limit = p->t.o->width, indent = width_of(prefix), column = indent;
    Str rest = buf_str(p->text), word;
    bool first = true;
    if (emphasise && p->t.o->markdown)
        buf_addf(p->out, "- **%.*s** ", STR_ARG(str_trim(prefix)));
    else
        buf_add(p->out, prefix);
    while (str_next(&rest, ' ', &word)) {
        size_t width = width_of(word);
        if (width == 0) continue;
        if (!first && limit > 0 && column + 1 + width > limit) {
            buf_addf(p->out, "\n%*s", (int)indent, "");
            column = indent;
            first = true;
        }
        if (!first) buf_add_char(p->out, ' ');
        add_word(p, word);
        column += width + !first;
        first = false;
    }
    buf_add_char(p->out, '\n');
    buf_clear(p->text);
}

static void page_heading(struct page *p, const char *heading)
{
    buf_addf(p->out, p->t.o->markdown ? "\n## %s\n\n" : "\n%s\n\n", heading);
}

static void page_paragraph(struct page *p)
{
    page_flush(p, S(""), false);
}

static void page_item(struct page *p)
{
    page_flush(p, S("- "), false);
}

/* An item behind its weight: "  +1.8  Both were ..." */
static void page_weighed(struct page *p, int weight_db)
{
    struct buf steps CLEANUP_BUF, prefix CLEANUP_BUF;
    buf_init(&steps, 64);
    buf_init(&prefix, 64);
    explain_steps(&steps, weight_db, true);
    buf_addf(&prefix, "%6.*s  ", STR_ARG(buf_str(&steps)));
    page_flush(p, buf_str(&prefix), true);
}

static void say(struct page *p, const char *words)
{
    buf_add_cstr(p->text, words);
}

/* ---- sections ------------------------------------------------------------------------------------- */

static void add_full_title(struct page *p, bool second)
{
    Str title = second ? p->t.o->title_b : p->t.o->title_a;
    if (str_empty(title))
        add_event(p->text, &p->t, second);
    else
        buf_add(p->text, title);
}

/* "D2 is number 1 of 8,111 for D1" */
static void say_rank(struct page *p, bool second, size_t rank)
{
    add_event(p->text, &p->t, second);
    say(p, " is number ");
    explain_count(p->text, rank);
    say(p, " of ");
    explain_count(p->text, p->t.ev->events > 0 ? p->t.ev->events - 1 : 0);
    say(p, " for ");
    add_event(p->text, &p->t, !second);
}

static void say_ranks(struct page *p)
{
    const struct pair_evidence *ev = p->t.ev;
    if (ev->rank_ab == 0 && ev->rank_ba == 0) return;
    say(p, " ");
    if (ev->rank_ab != 0) say_rank(p, true, ev->rank_ab);
    if (ev->rank_ab != 0 && ev->rank_ba != 0) say(p, ", ");
    if (ev->rank_ba != 0) say_rank(p, false, ev->rank_ba);
    say(p, ".");
    uint64_t unusual = explain_unusual(ev);
    if (p->t.o->calibrated || unusual < 2) return;
    say(p, " Unusual: 1 in ");
    explain_count(p->text, unusual);
    say(p, ".");
}

static void section_opening(struct page *p)
{
    const struct pair_evidence *ev = p->t.ev;
    add_full_title(p, false);
    say(p, " and ");
    add_full_title(p, true);
    say(p, ": ");
    explain_headline(p->text, p->t.policy, ev, p->t.o);
    say(p, ev->score_db > 0 ? ". Taken together, for and against, this weighs "
                            : ". What speaks against a link weighs as much or more: the sum is ");
    explain_steps(p->text, ev->score_db, false);
    say(p, ev->score_db > 0 ? " tenfold steps towards one series." : " tenfold steps.");
    say_ranks(p);
    page_paragraph(p);
    if (ev->same_event_likely) {
        say(p, "These look like two records of one and the same event. Somebody should say whether they are "
               "before "
               "anything else is made of the likeness.");
        buf_add_char(p->out, '\n');
        page_paragraph(p);
    }
    if (ev->unverified_explanation) {
        say(p, "Linked and explained are two questions. An explanation was offered for at least one of these "
               "deaths "
               "and has not been verified. As long as it has not, it is no reason to rule out a link.");
        buf_add_char(p->out, '\n');
        page_paragraph(p);
    }
}

/* What adds little, in one line: "both male; both found by a passer-by". */
static void say_little_ones(struct page *p, const struct reason_groups *groups, size_t from)
{
    struct buf words CLEANUP_BUF;
    buf_init(&words, SENTENCE_BYTES_MAX);
    int sum = 0;
    size_t told = 0;
    for (size_t i = from; i < groups->count && groups->item[i].weight_db > 0; i++) {
        buf_clear(&words);
        tell_brief(&words, &p->t, &groups->item[i]);
        if (words.len == 0) buf_add_cstr(&words, FEATURES[groups->item[i].feature].topic);
        say(p, told++ == 0 ? "Each adding little: " : "; ");
        buf_add(p->text, buf_str(&words));
        sum += groups->item[i].weight_db;
    }
    say(p, ".");
    page_weighed(p, sum);
}

static void section_ties(struct page *p, const struct reason_groups *groups)
{
    page_heading(p, "What ties them");
    for (size_t i = 0; i < groups->count; i++) {
        const struct reason_group *g = &groups->item[i];
        if (g->weight_db <= 0) break;
        bool last = i + 1 == groups->count || groups->item[i + 1].weight_db <= 0;
        if (i >= TIES_IN_FULL && g->weight_db < TIES_LEAST_DB && !last) {
            say_little_ones(p, groups, i);
            return;
        }
        tell_agreement(p->text, &p->t, g);
        page_weighed(p, g->weight_db);
    }
    if (groups->count > 0 && groups->item[0].weight_db > 0) return;
    say(p, "Nothing they share is unusual.");
    page_paragraph(p);
}

static void section_against(struct page *p)
{
    bool any = false;
    page_heading(p, "What speaks against it");
    for (size_t i = 0; i < p->t.ev->count; i++) {
        const struct reason *r = &p->t.ev->reason[i];
        if (r->weight_db >= 0 || r->verdict == NOT_RECORDED) continue;
        if (r->verdict == DIFFERENT) {
            tell_difference(p->text, &p->t, r);
        } else {
            struct reason_group g = {r->feature, r->verdict, r->weight_db, r->full_weight_db, {r}, 1};
            tell_agreement(p->text, &p->t, &g);
        }
        page_weighed(p, r->weight_db);
        any = true;
    }
    if (any) return;
    say(p, "Nothing that is recorded.");
    page_paragraph(p);
}

static int compare_worth(const void *x, const void *y)
{
    const struct reason *a = *(const struct reason *const *)x, *b = *(const struct reason *const *)y;
    int worth_a = explain_worth(a->feature), worth_b = explain_worth(b->feature);
    return worth_a != worth_b ? worth_b - worth_a : (int)a->feature - (int)b->feature;
}

/* Of an incident nobody asks how the body lay. */
static size_t missing_reasons(const struct pair_evidence *ev, const struct reason *missing[REASONS_MAX])
{
    bool deaths = ev->a.kind == KIND_DEATH && ev->b.kind == KIND_DEATH;
    size_t count = 0;
    for (size_t i = 0; i < ev->count && count < REASONS_MAX; i++) {
        const struct reason *r = &ev->reason[i];
        if (r->verdict != NOT_RECORDED || explain_worth(r->feature) == 0) continue;
        if (!deaths && !explain_incident_has(r->feature)) continue;
        missing[count++] = r;
    }
    qsort(missing, count, sizeof missing[0], compare_worth);
    return count;
}

static void section_missing(struct page *p)
{
    const struct reason *missing[REASONS_MAX];
    size_t count = missing_reasons(p->t.ev, missing);
    page_heading(p, "What is missing");
    if (count == 0) {
        say(p, "Everything that could be compared is recorded on both sides.");
        page_paragraph(p);
        return;
    }
    say(p, "What is not recorded, or only as unknown or as none seen, counts neither for nor against. These "
           "would be worth asking, the most telling first:");
    page_paragraph(p);
    buf_add_char(p->out, '\n');
    for (size_t i = 0; i < count && i < MISSING_SHOWN; i++) {
        add_capital(p->text, FEATURES[missing[i]->feature].topic);
        say(p, ": ");
        tell_missing(p->text, &p->t, missing[i]);
        say(p, ".");
        page_item(p);
    }
    if (count <= MISSING_SHOWN) return;
    say(p, "Less telling, and not recorded for one of them or both: ");
    for (size_t i = MISSING_SHOWN; i < count; i++) {
        if (i > MISSING_SHOWN) say(p, i + 1 == count ? " and " : ", ");
        say(p, FEATURES[missing[i]->feature].topic);
    }
    say(p, ".");
    page_item(p);
}

static const char *why_less(enum feature f)
{
    switch ((int)f) {
    case FEATURE_IDENTIFIER:
        return "it comes with a stronger one: one person brings name, number and address along";
    case FEATURE_ADDRESS:
        return "how near the two places are already says it";
    case FEATURE_PLACE:
        return "the same address already says it";
    default:
        return "the strongest of several counts in full, the others less";
    }
}

static void say_counted_less(struct page *p, const struct reason_group *g)
{
    if (g->feature == FEATURE_IDENTIFIER) {
        say(p, "The same ");
        say(p, explain_identifier_type(g->item[0]->identifier_type));
    } else {
        add_capital(p->text, FEATURES[g->feature].topic);
    }
    say(p, ": ");
    explain_steps(p->text, g->weight_db, false);
    say(p, " instead of ");
    explain_steps(p->text, g->full_weight_db, false);
    say(p, ", because ");
    say(p, why_less(g->feature));
    say(p, ".");
    page_item(p);
}

static void section_counted_once(struct page *p, const struct reason_groups *groups)
{
    size_t less = 0, common = 0;
    page_heading(p, "What was counted once or less");
    say(p, "Things that share a cause are not simply added up.");
    page_paragraph(p);
    buf_add_char(p->out, '\n');
    for (size_t i = 0; i < groups->count; i++) {
        const struct reason_group *g = &groups->item[i];
        if (g->full_weight_db > g->weight_db) {
            say_counted_less(p, g);
            less++;
        }
        common += g->full_weight_db == 0;
    }
    if (common > 0) {
        say(p, "Shared, but too common to count: ");
        for (size_t i = 0, told = 0; i < groups->count; i++) {
            const struct reason_group *g = &groups->item[i];
            if (g->full_weight_db != 0) continue;
            if (told > 0)
                say(p, ++told == common ? " and " : ", ");
            else
                told++;
            say(p, g->feature == FEATURE_IDENTIFIER ? explain_identifier_type(g->item[0]->identifier_type)
                                                    : FEATURES[g->feature].topic);
        }
        say(p, ".");
        page_item(p);
    }
    if (less + common > 0) return;
    say(p, "Nothing here had to be.");
    page_item(p);
}

static void section_not_used(struct page *p)
{
    static const char *const LINES[] = {
        "Ethnicity, nationality, religion, sexual orientation, gender identity and disability are never "
        "compared.",
        "What was concluded about either of them, such as category, priority, manner or inquest, is not "
        "compared: an "
        "earlier mistake must not hide a link.",
        "Nothing that is marked restricted is compared.",
        "Nobody's opinion of a person is scored. Events are compared, not people.",
    };
    page_heading(p, "What was not used");
    for (size_t i = 0; i < COUNT_OF(LINES); i++) {
        say(p, LINES[i]);
        page_item(p);
    }
}

static void say_counts(struct page *p)
{
    const struct pair_evidence *ev = p->t.ev;
    bool narrow = ev->level != NODE_ALL;
    if (ev->counts_at_ms <= 0) {
        say(p, "Nothing had been counted yet: how common things are is the model's first guess.");
        page_item(p);
        return;
    }
    char day[48];
    caldate_words_day(ev->counts_at_ms, day);
    say(p, "How common things are was counted at the start of ");
    say(p, day);
    say(p, " (UTC), from the records that say; one of the two is left out.");
    if (narrow) {
        say(p, " The two were compared within ");
        explain_count(p->text, ev->comparable);
        say(p, " ");
        explain_group(p->text, ev, ev->level);
        say(p, ", with the wider groups behind them where those are few.");
    }
    page_item(p);
}

/* Side by side, never mixed: how strong the evidence is, and how likely a link is in the end. */
static void say_calibrated(struct page *p)
{
    const struct pair_evidence *ev = p->t.ev;
    Str strength = policy_scale_words(p->t.policy, SCALE_STRENGTH, ev->score_db / 10.0),
        likely = policy_scale_words(p->t.policy, SCALE_PROBABILITY, ev->probability);
    if (str_present(strength))
        buf_addf(p->text, " As evidence this is %.*s for one series.", STR_ARG(strength));
    buf_addf(p->text, " Prior and weight together make it about %.*f %% likely that these two do",
             ev->probability < 0.01 ? 2 : 0, 100 * ev->probability);
    if (str_present(likely)) buf_addf(p->text, ": %.*s", STR_ARG(likely));
    say(p, ".");
}

static void section_how(struct page *p)
{
    const struct pair_evidence *ev = p->t.ev;
    page_heading(p, "How it was counted");
    say(p, "The number before a reason is its weight in tenfold steps. One step means that what we see is "
           "ten times "
           "as likely if the two belong to one series as if they have nothing to do with each other.");
    page_item(p);
    say_counts(p);
    say(p, "Before looking, ");
    explain_one_in(p->text, ev->prior_odds / (1 + ev->prior_odds));
    say(p, " pairs was expected to belong to one series; ");
    explain_count(p->text, ev->events);
    say(p, " events are known.");
    if (p->t.o->calibrated) {
        say_calibrated(p);
    } else {
        say(p,
            " How likely a link is in the end is not said as a number until this force's own decisions have "
            "shown how far such numbers can be believed.");
    }
    page_item(p);
    say(p, "Linkage model: ");
    buf_add(p->text, ev->model);
    say(p, ". The machine suggests; people decide.");
    page_item(p);
}

void explain_text(struct buf *out, const struct policy *policy, const struct pair_evidence *ev,
                  const struct explain_options *options)
{
    struct buf text CLEANUP_BUF;
    struct page p = {.out = out, .t = {policy, ev, options}, .text = &text};
    struct reason_groups groups;
    buf_init(&text, SENTENCE_BYTES_MAX);
    groups_agreeing(ev, &groups);
    section_opening(&p);
    section_ties(&p, &groups);
    section_against(&p);
    section_missing(&p);
    section_counted_once(&p, &groups);
    section_not_used(&p);
    section_how(&p);
}

size_t explain_ties(const struct policy *policy, const struct pair_evidence *ev,
                    const struct explain_options *options, struct arena *a, struct explained_tie **out)
{
    struct telling t = {policy, ev, options};
    struct reason_groups groups;
    struct buf text CLEANUP_BUF;
    size_t count = 0;
    buf_init(&text, SENTENCE_BYTES_MAX);
    groups_agreeing(ev, &groups);
    *out = NEW_ARRAY(a, struct explained_tie, groups.count + 1);
    for (size_t i = 0; i < groups.count && groups.item[i].weight_db > 0; i++) {
        buf_clear(&text);
        tell_agreement(&text, &t, &groups.item[i]);
        (*out)[count++] = (struct explained_tie){str_copy(a, buf_str(&text)), groups.item[i].weight_db};
    }
    return count;
}

/* ---- the headline --------------------------------------------------------------------------------- */

struct headline {
    struct buf *out;
    struct telling t;
    const struct reason_group *place, *time; /* told together, at the place of the stronger */
    size_t parts, identifiers;
};

static void headline_part(struct headline *h, Str words)
{
    if (str_empty(words)) return;
    if (h->parts > 0) buf_add_cstr(h->out, "; ");
    buf_add(h->out, words);
    h->parts++;
}

/* "about 250 m and 70 days apart" */
static void headline_near(struct headline *h, struct buf *words)
{
    const struct reason *place = h->place->item[0], *time = h->time->item[0];
    if (measure_is_sure(place) && measure_is_sure(time) && time->measure >= 1) {
        explain_metres(words, place->measure);
        buf_add_cstr(words, " and ");
        explain_days_apart(words, time->measure);
        return;
    }
    tell_brief(words, &h->t, h->place);
    buf_add_cstr(words, ", ");
    tell_brief(words, &h->t, h->time);
}

static void headline_group(struct headline *h, const struct reason_group *g, bool *near_told)
{
    struct buf words CLEANUP_BUF;
    buf_init(&words, SENTENCE_BYTES_MAX);
    bool near = g == h->place || g == h->time;
    if (g->feature == FEATURE_IDENTIFIER && ++h->identifiers > 2) return;
    if (near && h->place && h->time) {
        if (*near_told) return;
        *near_told = true;
        headline_near(h, &words);
    } else {
        tell_brief(&words, &h->t, g);
    }
    headline_part(h, buf_str(&words));
}

void explain_headline(struct buf *out, const struct policy *policy, const struct pair_evidence *ev,
                      const struct explain_options *options)
{
    struct headline h = {.out = out, .t = {policy, ev, options}};
    struct reason_groups groups;
    bool near_told = false;
    groups_agreeing(ev, &groups);
    for (size_t i = 0; i < groups.count; i++) {
        const struct reason_group *g = &groups.item[i];
        if (g->weight_db <= 0) continue;
        if (g->feature == FEATURE_PLACE) h.place = g;
        if (g->feature == FEATURE_TIME) h.time = g;
    }
    for (size_t i = 0; i < groups.count && h.parts < HEADLINE_PARTS_MAX; i++) {
        const struct reason_group *g = &groups.item[i];
        if (g->weight_db <= 0) break;
        if (h.parts >= HEADLINE_PARTS_SURE && g->weight_db < HEADLINE_LEAST_DB) break;
        headline_group(&h, g, &near_told);
    }
    if (h.parts == 0) buf_add_cstr(out, "nothing unusual in common");
}
