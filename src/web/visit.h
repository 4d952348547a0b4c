/* One request on its way to a page: who asks and in what role, what the address and the form say, and how it
 * is answered. Made by web/answer.c, which has checked permission, inputs and token before a page sees it. */
#ifndef WEB_VISIT_H
#define WEB_VISIT_H

#include "app/service.h"
#include "app/sight.h"
#include "store/accounts.h"
#include "web/http.h"
#include "web/layout.h"
#include "web/parts.h"

struct route;

enum visit_format { FORMAT_HTML, FORMAT_JSON, FORMAT_CSV };

#define VISIT_PARAMS_MAX 4

struct visit {
    struct service *service;
    const struct http_request *request;
    struct http_answer *answer;
    struct arena *arena; /* until the answer has been sent */
    const struct route *route;
    enum visit_format format;
    struct http_pair param[VISIT_PARAMS_MAX]; /* of the path */
    size_t params;
    bool signed_in;
    struct signed_in who;
    Str token, csrf;
    struct viewer viewer;   /* the role acted in */
    struct actor actor;     /* the same for the store */
    struct session session; /* the service's, with this actor and arena, for use cases */
    int64_t now_ms;
    struct view view; /* of ?at= and ?ledger= */
    struct sight *sight;
    const struct roll_death *death; /* of {death} in the path, or of `record`: may be seen; else NULL */
    const struct record_id *record; /* {exhibit}, {concern} ... in the path: what it is about may be seen */
    struct part_errors errors;      /* of a form that is shown again */
    struct buf *out;                /* the body of the answer */
    struct layout layout;           /* of the page, once it was begun */
    struct part_notice notice;
};

/* What the path, the address or the form says; STR_NONE when it does not. Texts are trimmed. */
Str visit_param(const struct visit *v, const char *name);
Str visit_query(const struct visit *v, const char *name);
Str visit_asked(const struct visit *v, const char *name); /* of the address; "" when it does not say */
Str visit_form(const struct visit *v, const char *name);
/* What was typed, when a form is shown again; else what is on record. */
Str visit_typed(const struct visit *v, const char *name, Str recorded);
bool visit_may(const struct visit *v, enum permission permission);
/* Adds to the errors of the form: field "" for the form as a whole. */
void visit_error(struct visit *v, Str field, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The same of a failure that the person can mend; anything else is handed back. */
MUST_USE enum status visit_take_error(struct visit *v, enum status status, const struct err *why,
                                      struct err *e);

/* 303 to an address of ours. A notice is shown there once. */
void visit_redirect(struct visit *v, Url to);
/* Where the form's or the address's `next` leads, when it is a path of this site; else `otherwise`. */
Url visit_next(struct visit *v, Url otherwise);
void visit_notice(struct visit *v, const char *code);

/* The frame of a page; between them its content. */
struct visit_page {
    Str title;
    struct part_link back;
    bool wide;
    unsigned scripts;
};
void visit_page_begin(struct visit *v, const struct visit_page *p);
void visit_page_end(struct visit *v);
void visit_form_begin(struct visit *v, Url action);
/* Two days that the address may say, "from" and "to". */
void visit_period_inputs(struct visit *v, const char *from_label, const char *to_label);

/* JSON of the same data: {"data": ...} is the page's own business. */
struct json_writer visit_json(struct visit *v);
void json_put_id(struct json_writer *w, const struct record_id *id); /* "D1", "cook:123" */
void visit_json_time(struct json_writer *w, Str key, int64_t ms);    /* nothing for INT64_MIN and INT64_MAX */
void visit_json_end(struct visit *v);
/* A row of CSV; cells that a spreadsheet would take for a formula are made harmless (OWASP, CSV injection).
 */
void visit_csv_begin(struct visit *v, Str file_name);
void visit_csv_row(struct visit *v, const Str *cell, size_t count);

/* Addresses. */
Str visit_id_words(struct arena *a, const struct record_id *id); /* "D1", "cook:123" */
Url visit_death_url(struct visit *v, const struct record_id *death,
                    const char *page); /* page "" : the record */

/* Is it open to them now? If not, it has been answered: with 404, or with the question for a reason. */
bool visit_death_opened(struct visit *v, const struct roll_death *d);

/* An error as a page, or as JSON. */
void visit_fail(struct visit *v, enum status status, const struct err *e);

#endif
