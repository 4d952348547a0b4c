/* Cases in plain text files beside the tests: one thing a line, '#' starts a comment line. */
#ifndef TEST_BASE_CASES_H
#define TEST_BASE_CASES_H

#include "base/buf.h"
#include "base/str.h"

/* All lines of test/base/NAME, so that index + 1 is the line's number. Ends the test when unreadable. */
struct str_list cases_lines(struct arena *a, const char *name);
bool case_is_comment(Str line);
/* \n \r \t \\ \s (blank) \0 and \xNN stand for bytes; \e for nothing. */
Str case_unescape(struct arena *a, Str s);
void case_escape(struct buf *b, Str s);
/* The next field of "one | two | three", trimmed; STR_NONE when there is none. */
Str case_field(Str *rest);
/* Tells a difference; *failures counts them. */
void case_check(const char *name, size_t line, Str expected, Str got, int *failures);

#endif
