/* The frame of every page: head, bar, account line, notices before the content, footer after it. Works
 * without script; refers to no other site. */
#ifndef WEB_LAYOUT_H
#define WEB_LAYOUT_H

#include "web/html.h"
#include "web/parts.h"

enum bar_item {
    BAR_NONE = 0, /* none of the bar is the present page */
    BAR_WORK,
    BAR_DEATHS,
    BAR_LINKS,
    BAR_EXHIBITS,
    BAR_ASSURANCE,
    BAR_GUIDANCE,
    BAR_SETTINGS,
};

/* Beyond the script of every page; one of them at most, to keep a page below 210 KB. */
enum layout_script {
    LAYOUT_MAP = 1 << 0,   /* Leaflet: enriches .app-map (web/draw.h) */
    LAYOUT_GRAPH = 1 << 1, /* Cytoscape: enriches .app-graph */
};

struct layout {
    Str title;             /* "Deaths": the tab says "Deaths – Colligate" */
    bool has_errors;       /* the tab begins with "Error: " */
    enum bar_item current; /* shown as where one is */
    unsigned bar;          /* bits 1 << BAR_...: the items this person may open; 0: all */
    /* Who is signed in; an empty person: nobody is, and there is no bar. */
    Str person, role, unit;
    Str csrf;              /* token for the sign-out form */
    unsigned idle_s;       /* the session is locked after so long; warned of by script. 0: no warning */
    Url stay;              /* what the script asks for so that the session goes on: it answers anything */
    Url news;              /* server-sent events: script counts what is new in the bar. None: nothing is */
    struct part_link back; /* above the content; text "" says "Back" */
    Str at;                /* looking back: "28 August 2014, 8:00am"; STR_NONE: now */
    Url at_leave;          /* the same page as it is now */
    Str demo;              /* demonstration: what to know, "Invented names. The clock stands at ..." */
    const struct part_notice *notice;
    size_t notices;
    bool wide;        /* for tables, maps and side by side */
    unsigned scripts; /* enum layout_script */
};

/* Up to and with <main>, and from </main> on. Between them stands the content, beginning with its h1. */
void layout_begin(struct buf *out, const struct layout *l);
void layout_end(struct buf *out, const struct layout *l);

#endif
