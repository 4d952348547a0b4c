/* A page read as a browser would, as far as tests ask: its elements with their attributes, and what its form
 * would send. Refuses what is not well formed. */
#ifndef TEST_PAGE_READER_H
#define TEST_PAGE_READER_H

#include "base/buf.h"
#include "web/http.h"

#define ELEMENT_ATTRIBUTES_MAX 24

struct element {
    Str name;
    struct http_pair attribute[ELEMENT_ATTRIBUTES_MAX]; /* values unescaped */
    size_t attributes;
    Str text; /* of what stands directly in it, up to its first child */
    size_t parent;
    bool closed;
};

struct page {
    struct element *element; /* the first is a root without a name */
    size_t count, room;
};

/* Ends the test with a message when tags do not match or an attribute is not quoted. */
void page_read(struct arena *a, Str html, struct page *out);
/* STR_NONE when there is none; "" for one without a value. */
Str element_attribute(const struct element *e, const char *name);
bool element_has(const struct element *e, const char *name);
/* The element of that id; NULL when there is none. */
const struct element *page_by_id(const struct page *p, Str id);
/* What the inputs of the page would send as they stand. */
void page_sends(struct arena *a, const struct page *p, struct http_pairs *out);

#endif
