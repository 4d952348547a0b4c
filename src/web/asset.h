/* Style, script and pictures of the pages, carried inside the program (ui/, built by ui/build.mjs). Each is
 * served under an address with a digest of its content, so that a browser may keep it for ever. */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "web/html.h"
#include "web/http.h"

struct web_asset {
    Str name; /* "colligate.css" */
    Str type; /* content type, with its character set where it has one */
    Str content;
    Str gzip;   /* the same, compressed; STR_NONE where that saves nothing */
    Str digest; /* 16 hexadecimal digits of the SHA-256 of the content */
};

/* false: there is none of that name. */
bool web_asset_named(Str name, struct web_asset *out);
/* By the path of a request: "/assets/colligate-0123456789abcdef.css". Another digest is another file: false.
 */
bool web_asset_at(Str path, struct web_asset *out);
/* All of them, by number; false past the last. */
bool web_asset_number(size_t i, struct web_asset *out);

/* Its address, for an attribute. A name that is not there is a defect of ours. */
Url web_asset_url(struct arena *a, Str name);
void web_asset_address(struct buf *out, Str name);

/* Answers a request below /assets/: the file, compressed for whoever takes that, to be kept for a year; or
 * 404. */
void web_asset_answer(const struct http_request *request, struct http_answer *answer);

#endif
