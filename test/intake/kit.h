/* What the tests of intake share: a small vocabulary of their own, files, and what came out as text. */
#ifndef TEST_INTAKE_KIT_H
#define TEST_INTAKE_KIT_H

#include "intake/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* after what cmocka needs */
#include <cmocka.h>

/* The tests' own policy: few words, so that the policy of the program can change without them. */
struct policy kit_policy(struct arena *a);
/* The policy of the program, from the source tree. */
struct policy kit_program_policy(struct arena *a);

/* The text of a file below the source tree. */
Str kit_source_file(struct arena *a, const char *path);
/* A fresh file in the test's folder under the build, with this content; the path lives in `a`. */
const char *kit_file(struct arena *a, const char *name, Str content);
Str kit_gzip(struct arena *a, Str plain);
Str kit_zstd(struct arena *a, Str plain);

/* Everything that comes out, a line an item:
 *     {"id":...}                                    a change, as the body of its entry
 *     refused row 2 line 3 [age]: reason | raw
 *     dropped 2: reason
 *     rows 5 given 2 merged 0 refused 1 dropped 2 changes 2
 *     error: sentence */
Str kit_read_all(struct arena *a, const char *path, const struct intake_options *options);

#endif
