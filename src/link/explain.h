/* A weighed pair in words that people can check: what ties two events, what speaks against it, what is
 * missing. Adds words and no facts. Pure. Written like a careful colleague: short sentences, no codes. */
#ifndef LINK_EXPLAIN_H
#define LINK_EXPLAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "link/evidence.h"
#include "model/policy.h"

/* Zeroed options are valid: plain text, not wrapped, ids for names. */
struct explain_options {
    size_t width;  /* wrap at so many characters; 0: never */
    bool markdown; /* "## heading"; else a heading is a line of its own */
    /* The force's own decisions have calibrated the model (calibration_allows_words): strength and
     * probability are said in the words of policy/scales.tsv, the probability also as a number. Else rank,
     * and how unusual. */
    bool calibrated;
    Str title_a, title_b; /* of ev->a and ev->b: "D1 (Aidan Warden, KG/2014/0619)"; STR_NONE: the ids */
    Str name_a, name_b;   /* of the same in sentences: "Aidan Warden"; STR_NONE: the ids */
    Str narrative_a, narrative_b; /* to show shared terms as they were written; STR_NONE: as stems */
    bool brief;                   /* rarity as "(1 in 59)", where the counts stand elsewhere */
    Str (*title)(
        void *state,
        const struct record_id *id); /* a person's name; STR_NONE or no callback: "the same person" */
    void *title_state;
};

/* The whole explanation. Sections: in one sentence, what ties them, what speaks against it, what is missing,
 * what was counted once or less, what was not used, how it was counted. policy may be NULL: codes become
 * words as they can. */
void explain_text(struct buf *out, const struct policy *policy, const struct pair_evidence *ev,
                  const struct explain_options *options);

/* One line for lists and alerts, the strongest three to five reasons, without a full stop: "about 250 m and
 * 70 days apart; both GHB; both without a phone; both found seated and propped up". No number or address of a
 * person is in it. */
void explain_headline(struct buf *out, const struct policy *policy, const struct pair_evidence *ev,
                      const struct explain_options *options);

/* One reason as sentences, with its rarity or, for one that is not recorded, on which side it is missing. */
void explain_reason(struct buf *out, const struct policy *policy, const struct pair_evidence *ev,
                    const struct reason *r, const struct explain_options *options);

/* What ties them, a sentence a feature, strongest first; shared items of one feature stand together. In `a`.
 */
struct explained_tie {
    Str text;
    int weight_db;
};
size_t explain_ties(const struct policy *policy, const struct pair_evidence *ev,
                    const struct explain_options *options, struct arena *a, struct explained_tie **out);

/* "Unusual: 1 in N": of so many others one stands so near, by the better of the two ranks; 0 without a rank.
 */
uint64_t explain_unusual(const struct pair_evidence *ev);

/* An object: the numbers of the evidence, and of every reason its numbers and its sentence ("text"); of a
 * shared term, where the accounts are at hand, where it stands in them ("spots_a", "spots_b": start and
 * length in bytes, and what is written there). */
void explain_json(struct json_writer *w, const struct policy *policy, const struct pair_evidence *ev,
                  const struct explain_options *options);

/* ---- words (explain_words.c) ----------------------------------------------------------------------------
 */

/* The words of a recorded value as they stand alone, for side by side: "seated and propped up". "not
 * recorded" for an absent one; a code that has no words of its own with its underscores as blanks. */
void explain_value(struct buf *out, const struct policy *policy, enum feature f, Str value);
/* Has this code a phrase of its own? Every code of a compared field must (a test holds them together). */
bool explain_has_words(enum feature f, Str code);
/* The clause for two events that share it, capital first: "Both were found seated and propped up". */
void explain_shared(struct buf *out, const struct policy *policy, enum feature f, Str value);
/* The same in brief, for a headline: "both found seated and propped up"; "" where it says too little. */
void explain_shared_brief(struct buf *out, const struct policy *policy, enum feature f, Str value);
/* How the clause goes on before a count: "so were"; "the same goes for". */
const char *explain_so(enum feature f);
/* How much it helps to ask for what is missing: 0 nothing, then more is better. */
int explain_worth(enum feature f);
/* Can an incident hold it, or only a death? */
bool explain_incident_has(enum feature f);
/* The comparable group: "overdoses in the street", "all deaths and incidents". */
void explain_group(struct buf *out, const struct pair_evidence *ev, enum node_level level);
/* The kind of place that both share: "in the open air"; "in places of one kind" where it has no words. */
void explain_setting_group(struct buf *out, const struct pair_evidence *ev);
/* In what capacity a person or an identifier belongs to an event: "finder", "the caller's". */
void explain_role(struct buf *out, const struct policy *policy, Str role);
/* "telephone number"; "identifier" for a type without a word. */
const char *explain_identifier_type(Str type);
/* What both share. A normalised address shows its parts: "flat 26|0|crane street|barking|". */
void explain_identifier_value(struct buf *out, const struct reason *r);

/* ---- numbers (explain_numbers.c) ------------------------------------------------------------------------
 */

/* Never more exact than a point on a map is: "less than 50 m", "about 250 m", "about 1.4 km", "about 14 km".
 */
void explain_metres(struct buf *out, double metres);
/* "on the same day", "70 days apart", "about 14 months apart", "about 3 years apart" */
void explain_days_apart(struct buf *out, double days);
/* "8,112" */
void explain_count(struct buf *out, uint64_t n);
/* "1 in 36", "1 in 4.5"; "more than half" above 0.5, "nearly all" from 0.9 */
void explain_one_in(struct buf *out, double frequency);
/* Tenfold steps of decibans with a sign: "+1.8", "-0.3", "0.0" */
void explain_steps(struct buf *out, int db, bool plus);

#endif
