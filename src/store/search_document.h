/* What the full-text index holds of a record, and what a finding shows. Pure. */
#ifndef STORE_SEARCH_DOCUMENT_H
#define STORE_SEARCH_DOCUMENT_H

#include "model/record.h"

#define PART_MARK  '\x1e' /* between the values of two fields */
#define FOUND_FROM '\x02'
#define FOUND_TO   '\x03'

struct search_document {
    Str title;
    Str text;   /* values of the fields, parted by PART_MARK */
    Str fields; /* their names, in the same order, parted alike */
    Str keys;   /* the id, and what identifiers are compared by */
};
/* false when nothing of this kind is ever indexed. */
bool search_document_make(struct arena *a, const struct record *record, struct search_document *out);

/* What people typed as an expression of the index: all words, the last also as a beginning; or an identifier
 * in its normal form. STR_NONE when no word can be found. Nothing in `words` is syntax. */
Str search_expression(struct arena *a, Str words, Str region);

/* The field where most was found and a piece of it around the first find. `text`: with FOUND_FROM and
 * FOUND_TO. */
void search_snippet(struct arena *a, Str text, Str fields, Str *field, Str *snippet);

#endif
