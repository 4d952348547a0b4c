/* Markup that cannot be broken by what it shows. Markup itself is only ever a literal of the program;
 * whatever comes from outside goes through an escape, and the compiler sees to it: html() and htmlf() take
 * nothing but literals, and every conversion of htmlf escapes. */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/buf.h"

/* A literal, as it stands. */
#define html(out, literal) buf_add((out), S(literal))
/* A literal with %s, %.*s, %d, %u, %zu, %lld, %llu, %.1f and the like, %%: everything that is put in is
 * escaped, for text and for quoted attributes alike. */
#define htmlf(out, literal, ...) html_format((out), "" literal __VA_OPT__(, ) __VA_ARGS__)
void html_format(struct buf *out, const char *format, ...) PRINTF_LIKE(2, 3);
/* Text, escaped. */
void html_text(struct buf *out, Str text);
/* Text of several lines: paragraphs at empty lines, breaks at the others. */
void html_prose(struct buf *out, Str text);

/* A piece of a page that is ready to be put in, made by html() and htmlf(): for parts that have a place in
 * their middle. {0} is none. */
typedef struct {
    Str ready;
} Html;
/* Takes what `made` holds and empties it. */
Html html_made(struct arena *a, struct buf *made);
void html_put(struct buf *out, Html piece);

/* Addresses within the program. Segments and values are percent-encoded; what is made can be put into an
 * attribute as it is. */
typedef struct {
    Str ready;
} Url;
/* url(a, "/deaths/%s/checks", ref): the pattern is a literal; each %s is one segment. */
#define url(a, literal, ...) url_format((a), "" literal __VA_OPT__(, ) __VA_ARGS__)
Url url_format(struct arena *a, const char *pattern, ...) PRINTF_LIKE(2, 3);
/* A segment of a path as the server has it (unescaped once), as it was put in. */
Str url_segment(struct arena *a, Str text);
/* The address of a path as the server has it, so that it comes back the same. */
Url url_path(struct arena *a, Str path);
/* The same address with ?name=value, or &name=value, added; an empty value adds nothing. */
Url url_with(struct arena *a, Url base, Str name, Str value);
void html_url(struct buf *out, Url address);
/* <a href="...">text</a> */
void html_link(struct buf *out, Url address, Str text);

#endif
