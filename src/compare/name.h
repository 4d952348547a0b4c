/* How alike two names are. Pure; all names are folded first (utf8_fold or normalise_name). Every measure
 * gives the same answer whichever name comes first. Names are read up to NAME_CHARS_MAX characters and
 * NAME_PARTS_MAX parts. */
#ifndef COMPARE_NAME_H
#define COMPARE_NAME_H

#include "base/str.h"

#define NAME_CHARS_MAX 64
#define NAME_PARTS_MAX 8
#define NAME_KEY_MAX   16

/* Jaro: shared characters near each other, less the transposed ones; 0..1 (M. Jaro, JASA 84, 1989, p. 414).
 * Two empty texts are 1, one empty 0. */
double name_jaro(Str a, Str b);
/* Jaro, raised by a tenth of what is missing for each of up to four equal first characters (W. Winkler,
 * 1990). */
double name_jaro_winkler(Str a, Str b);

/* Edits that make one of the other. Optimal string alignment: insert, delete, replace, swap two neighbours,
 * no place edited twice. Damerau: the same without that restriction, so a true metric (R. Lowrance and R.
 * Wagner, JACM 22, 1975). "ca" to "abc": 3 and 2. */
int name_edits_aligned(Str a, Str b);
int name_edits_damerau(Str a, Str b);

/* How a name sounds, for one part of a name in letters of English; "" when there are none. Refined Soundex
 * (first letter, then one of nine digits a letter, repeats once) and NYSIIS (R. Taft, 1970), both cut at
 * NAME_KEY_MAX - 1. */
void name_soundex_refined(Str part, char out[NAME_KEY_MAX]);
void name_nysiis(Str part, char out[NAME_KEY_MAX]);
/* By both keys: NYSIIS alone takes John for Jane. The first letter itself does not count, its digit does:
 * Katherine, Catherine. */
bool name_sounds_alike(Str a, Str b);

/* Given names and their familiar forms: "liz" for "elizabeth". One form may belong to several names. */
struct name_form {
    const char *form, *name;
};
struct name_forms {
    const struct name_form *item;
    size_t count;
};
extern const struct name_forms NAME_FORMS_ENGLISH;
bool name_forms_related(const struct name_forms *forms, Str a, Str b);

/* 0..1 over whole names: parts are matched one to one (equal 1; familiar forms .95; an initial .85; else by
 * Jaro-Winkler, at least .86 when they sound alike), in the given order or, a little less, in any; parts that
 * only one name has cost little when two or more match. "jay dunn" and "jaydunn" agree too. Below .7 it means
 * nothing. An empty name gives NAN: nothing to compare. forms NULL: none known. */
double name_alike_by(const struct name_forms *forms, Str folded_a, Str folded_b);
double name_alike(Str folded_a, Str folded_b); /* with NAME_FORMS_ENGLISH */

#endif
