/* What a sentence denies, after NegEx (W. Chapman, W. Bridewell, P. Hanbury, G. Cooper, B. Buchanan: A simple
 * algorithm for identifying negated findings and diseases in discharge summaries, J. Biomed. Inform. 34,
 * 2001): cues before and after an item, words that undo a cue or end its reach, and a reach of a few words.
 * Beyond it: a denial runs through a list ("no cocaine, heroin or fentanyl"), but not past a comma or an
 * "and" behind something that is no item ("no injuries, fentanyl toxicity"). */
#include "compare/mentions_internal.h"

#define REACH_WORDS  4 /* between the cue and its first item */
#define FILLER_WORDS 4 /* between an item and the cue behind it */

enum token_kind token_kind_of(Str code)
{
    static const struct {
        const char *code;
        enum token_kind kind;
    } kinds[] = {
        {"cue_before", TOKEN_BEFORE}, {"cue_after", TOKEN_AFTER},     {"cue_both", TOKEN_BOTH},
        {"cue_not", TOKEN_NOT},       {"cue_end", TOKEN_END},         {"cue_or", TOKEN_OR},
        {"cue_and", TOKEN_AND},       {"cue_asserts", TOKEN_ASSERTS}, {"cue_filler", TOKEN_FILLER},
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(code, str_of(kinds[i].code))) return kinds[i].kind;
    return TOKEN_WORD;
}

static void deny(struct mention *mention, const struct token *cue)
{
    mention->negated = true;
    mention->cue_start = cue->start;
    mention->cue_length = cue->length;
}

static bool denies_behind(const struct token *t)
{
    return t->kind == TOKEN_BEFORE || t->kind == TOKEN_BOTH;
}

static bool denies_before(const struct token *t)
{
    return t->kind == TOKEN_AFTER || t->kind == TOKEN_BOTH;
}

/* Does the cue at `from` deny what stands before it? Then it does not reach forward. */
static bool looks_back(const struct token *token, size_t from)
{
    size_t i = from;
    for (int words = 0; i > 0 && words < FILLER_WORDS && !token[i].comma; words++) {
        i--;
        if (token[i].kind == TOKEN_ITEM) return true;
        if (token[i].kind != TOKEN_FILLER) return false;
    }
    return false;
}

/* Is what stands behind a comma the next item of a list, and not one that was there ("cocaine toxicity")? */
static bool goes_on(const struct token *token, size_t count, size_t i)
{
    if (token[i].kind == TOKEN_OR || token[i].kind == TOKEN_AND) return true;
    return token[i].kind == TOKEN_ITEM && !(i + 1 < count && token[i + 1].kind == TOKEN_ASSERTS);
}

/* Denies the items that the cue at `from` reaches behind it. */
static void reach_forward(const struct token *token, size_t count, size_t from, struct mention *mention)
{
    int words = 0;
    bool listing = false; /* an item was reached */
    for (size_t i = from + 1; i < count; i++) {
        const struct token *t = &token[i];
        if (t->comma && i > from + 1 && !(listing && goes_on(token, count, i))) return;
        switch (t->kind) {
        case TOKEN_ITEM:
            deny(&mention[t->mention], &token[from]);
            listing = true;
            words = 0;
            break;
        case TOKEN_OR:
            break;
        case TOKEN_AND:
            if (!listing) return;
            break;
        case TOKEN_FILLER:
        case TOKEN_WORD:
        case TOKEN_ASSERTS:
            if (++words > REACH_WORDS) return;
            break;
        case TOKEN_BEFORE:
        case TOKEN_AFTER:
        case TOKEN_BOTH:
        case TOKEN_NOT:
        case TOKEN_END:
            return;
        }
    }
}

/* Denies the items in front of the cue at `from`: the nearest, and the list that it ends. */
static void reach_back(const struct token *token, size_t from, struct mention *mention)
{
    int fillers = 0;
    bool listing = false, joined = false;
    for (size_t i = from; i-- > 0;) {
        const struct token *t = &token[i];
        joined = joined || token[i + 1].comma;
        switch (t->kind) {
        case TOKEN_ITEM:
            if (listing && !joined) return;
            if (!listing && joined && token[from].comma) return;
            deny(&mention[t->mention], &token[from]);
            listing = true;
            joined = false;
            break;
        case TOKEN_OR:
        case TOKEN_AND:
            if (!listing) return;
            joined = true;
            break;
        case TOKEN_FILLER:
            if (listing || ++fillers > FILLER_WORDS) return;
            break;
        case TOKEN_WORD:
        case TOKEN_ASSERTS:
        case TOKEN_BEFORE:
        case TOKEN_AFTER:
        case TOKEN_BOTH:
        case TOKEN_NOT:
        case TOKEN_END:
            return;
        }
    }
}

void denial_mark(const struct token *token, size_t count, struct mention *mention)
{
    for (size_t i = 0; i < count; i++) {
        bool back = denies_before(&token[i]) && looks_back(token, i);
        if (back) reach_back(token, i, mention);
        if (denies_behind(&token[i]) && !back) reach_forward(token, count, i, mention);
    }
}
