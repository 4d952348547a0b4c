/* Unicode by utf8proc: checking at intake, folding for comparison, old encodings. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* Strict (RFC 3629): no surrogates, no overlong forms. On false, *at is the bad byte's offset (NULL allowed).
 */
bool utf8_valid(Str s, size_t *at);
/* NFC. Control characters other than tab and newline become spaces. */
Str utf8_clean(struct arena *a, Str s);
/* For comparing: case folded, marks stripped (José -> jose), punctuation to spaces, blanks collapsed,
 * trimmed. */
Str utf8_fold(struct arena *a, Str s);
/* Windows-1252 (which contains Latin-1's printable part) to UTF-8; never fails. */
Str utf8_from_latin1(struct arena *a, Str s);
/* Number of code points of valid UTF-8. */
size_t utf8_length(Str s);

/* The next word at or after *at: bytes [from, to) of letters, marks and digits. false at the end. */
bool utf8_word_next(Str text, size_t *at, size_t *from, size_t *to);
/* At most so many bytes of a text, ending with a whole letter. */
Str utf8_cut(Str s, size_t bytes_max);

#endif
