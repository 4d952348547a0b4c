/* The words of the narratives: one phrase a fact, with its alternatives. */
#ifndef SYNTH_PHRASES_H
#define SYNTH_PHRASES_H

#include "synth/causes.h"
#include "synth/words.h"

extern const char *const synth_phrase_setting[SETTING_COUNT]; /* where, after "found" */
extern const char *const synth_phrase_finder[FOUND_BY_COUNT]; /* who found */
extern const char *const synth_phrase_posture[POSTURE_COUNT]; /* a sentence */
extern const char *const synth_phrase_thing[THING_COUNT];     /* a sentence */
extern const char *const synth_phrase_missed[MISSED_COUNT];   /* a sentence */
extern const char *const synth_phrase_injury[INJURY_COUNT];   /* a sentence */
extern const char *const synth_phrase_cause[CAUSE_COUNT];     /* what is thought to have happened */
extern const char *const synth_phrase_explanation_medical;
extern const char *const synth_phrase_explanation_drugs;
extern const char *const synth_phrase_explanation_mental;
extern const char *const synth_phrase_opening, *const synth_phrase_opening_thin,
                                                   *const synth_phrase_opening_ambulance;
extern const char *const synth_phrase_opening_police;                 /* found by those who were sent */
extern const char *const synth_phrase_warm, *const synth_phrase_cold; /* how the body was */
extern const char *const synth_phrase_room;                           /* how a home was */
extern const char *const synth_phrase_pronounced, *const synth_phrase_closing, *const synth_phrase_seen;
extern const char *const synth_phrase_liquid; /* what GHB is found in */

/* Words inside phrases, by whether there is furniture. The last has a name of NULL. */
struct phrase_word {
    const char *name, *indoors, *outdoors;
};
extern const struct phrase_word synth_phrase_word[];
extern const char *const synth_phrase_staff[SETTING_COUNT]; /* NULL: "a member of staff" */
extern const char *const synth_phrase_container_injected, *const synth_phrase_container_other;
extern const char *const synth_phrase_frail, *const synth_phrase_not_frail;
/* Of what lies beside a death. */
extern const char *const synth_phrase_missing_report, *const synth_phrase_theft, *const synth_phrase_call;

#endif
