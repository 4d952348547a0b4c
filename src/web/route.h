/* The routes: every address there is, in one table. From a row follow the permission check, the checking of
 * inputs and of the form's token, the access entry, the menus, /api/v1, the OpenAPI document and tests. A
 * route without a permission refuses to start. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/visit.h"

enum input_in { INPUT_QUERY, INPUT_FORM };
enum input_type {
    INPUT_LINE,  /* one line of text */
    INPUT_PROSE, /* several */
    INPUT_WHOLE, /* a whole number from 0 */
    INPUT_NUMBER,
    INPUT_TIME, /* RFC 3339 or a day */
    INPUT_DAY,
    INPUT_CODE, /* one of `values`, blanks between */
    INPUT_ID,   /* a record: "D1", "ns:id" */
    /* the fields of a kind of record (values: its name, or "{kind}": the one in the path), each under its own
     * name; the input's name stands before them: "", "finder-" */
    INPUT_FIELDS,
    INPUT_FILE,
};
struct input {
    const char *name; /* NULL ends a list */
    enum input_in in;
    enum input_type type;
    bool required, many;
    const char *values;
    const char *about; /* a sentence for the API document */
};

typedef enum status (*route_run)(struct visit *v, struct err *e);

struct route {
    const char *method; /* "GET" or "POST" */
    const char *path;   /* "/deaths/{death}/checks" */
    enum permission permission;
    route_run run;
    const struct input *input; /* NULL: none */
    const char *title;         /* of the page, or of what the form does */
    const char *about;         /* a sentence or two for the API document */
    enum bar_item bar;
    bool json, csv; /* beside HTML */
    bool idle;      /* asking for it is no use of the session: it ends as if nobody had */
};

extern const struct route ROUTES[];
extern const size_t ROUTES_COUNT;

/* The route of a path, its parameters put into the visit. NULL: none; *other: the path is known, the method
 * is not. */
const struct route *route_find(struct visit *v, Str method, Str path, bool *other);
/* Titles, permissions, handlers, inputs: all stated. */
MUST_USE enum status routes_check(struct err *e);
/* Are the inputs what the row declares? E_INVALID names the first that is not. */
MUST_USE enum status route_inputs_check(const struct visit *v, struct err *e);

#endif
