/* The short way to read a body: as our own writer laid it out, values left as the bytes that they are.
 * Used inside model/ only. */
#ifndef MODEL_BODY_SCAN_H
#define MODEL_BODY_SCAN_H

#include "model/record.h"

/* false: not in the layout of change_write_body, and nothing is said about why; the long way will. Text
 * borrows from `body`. */
bool body_scan(struct arena *a, Str body, struct change *out);

#endif
