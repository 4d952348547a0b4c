/* The pieces that pages are made of: components of govuk-frontend, and a few of our own (app-), as functions.
 * Each writes into a buffer through html() and htmlf(): all text is escaped. Arguments are structs with
 * designated initialisers; what is left out is absent. Names of form fields are also their ids, unless an id
 * is given: two forms on a page that share a name must give ids.
 *
 *     part_input(out, &(struct part_input){.name = S("ref"), .label = S("Force reference"), .value = typed});
 *
 * Fields of records are drawn by web/part_field.h, pictures by web/draw.h. */
#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "web/html.h"

/* Never shown by colour alone: it goes with words. */
enum part_meaning {
    MEANING_PLAIN = 0,
    MEANING_GOOD,      /* done, agreed */
    MEANING_WAITING,   /* in progress, waiting for somebody */
    MEANING_ATTENTION, /* due, new, to be looked at */
    MEANING_URGENT,    /* overdue, restricted, stopped */
};

struct part_link {
    Url href;
    Str text;
};

/* ---- text (parts_text.c) ---------------------------------------------------------------------------- */

/* The h1, with a small line above it where there is one ("Step 3 of 12", a reference). */
void part_title(struct buf *out, Str caption, Str text);
/* A heading of level 2 to 4. id "" : none. */
void part_heading(struct buf *out, int level, Str id, Str text);
void part_paragraph(struct buf *out, Str text);
/* Large, after the title. */
void part_lead(struct buf *out, Str text);
void part_link(struct buf *out, Url href, Str text); /* inside text */
void part_inset(struct buf *out, Str text);
void part_inset_begin(struct buf *out);
void part_inset_end(struct buf *out);
void part_warning(struct buf *out, Str text);
void part_details_begin(struct buf *out, Str summary);
void part_details_end(struct buf *out);
/* What is shown when a list has nothing in it. */
void part_empty(struct buf *out, Str text);
void part_tag(struct buf *out, enum part_meaning meaning, Str text);
/* A text with some of it marked, as phrases that two reports share. The spots rise and do not overlap; those
 * that leave the text are cut. */
struct part_spot {
    size_t from, len; /* bytes */
};
void part_marked(struct buf *out, Str text, const struct part_spot *spot, size_t count);

struct part_notice {
    bool success;
    Str id;    /* where there are several on a page */
    Str title; /* "" says "Important" or "Done" */
    Str text;
    Html body; /* after the text */
};
void part_notice(struct buf *out, const struct part_notice *n);
/* "Report sent", large, and what is to be known about it. */
void part_panel(struct buf *out, Str title, Str text);

/* ---- buttons and forms (parts_form.c) --------------------------------------------------------------- */

enum part_button_kind { BUTTON_PRIMARY = 0, BUTTON_SECONDARY, BUTTON_WARNING, BUTTON_INVERSE };
struct part_button {
    Str text;
    Str about; /* said by screen readers after the text, where several buttons read alike: "of MPS/2014/1" */
    Url href;  /* a link that looks like a button; else it sends the form it is in */
    Str name, value; /* sent with the form */
    enum part_button_kind kind;
    bool repeatable;   /* pressed twice it sends twice; else script keeps the second press back */
    bool skips_checks; /* the browser does not check the inputs: "Save and come back later" */
};
void part_button(struct buf *out, const struct part_button *b);
/* Several in a row. */
void part_buttons_begin(struct buf *out);
void part_buttons_end(struct buf *out);

struct part_form {
    Url action;
    bool get;    /* a search: no token, values in the address */
    bool upload; /* has files */
    Str csrf;    /* token; every form that posts has one */
    Str id;
    /* What is typed is kept in the browser under this name when the signal is lost, and sent when it is back
     * (script). "": it is not. Unique for what is being filled in: "report-7F3A-found". */
    Str keep;
};
void part_form_begin(struct buf *out, const struct part_form *f);
void part_form_end(struct buf *out);
void part_hidden(struct buf *out, Str name, Str value);
#define PART_CSRF_NAME "csrf"

struct part_error {
    Str id;   /* of the input it is about; "" : none */
    Str text; /* what is wrong and how to mend it */
};
struct part_errors {
    struct part_error *item;
    size_t count, room;
};
void part_errors_add(struct arena *a, struct part_errors *errors, Str id, Str text);
/* STR_NONE: there is none about it. */
Str part_errors_of(const struct part_errors *errors, Str id);
/* "There is a problem", each leading to its input; nothing when there are none. Stands before the h1. */
void part_error_summary(struct buf *out, const struct part_errors *errors);

/* How a label stands: as text, as a heading, as the page's h1 (one question a page), or only heard. */
enum part_label { LABEL_TEXT = 0, LABEL_HEADING, LABEL_TITLE, LABEL_HIDDEN };

struct part_input {
    Str name, id, label, hint, error, value;
    Str caption; /* above a label that is the title */
    enum part_label style;
    Str type;           /* "text" when empty; email, tel, search, password ... */
    Str autocomplete;   /* "off" when empty */
    Str inputmode;      /* "numeric", "decimal" */
    Str prefix, suffix; /* "£"; "years", "m" */
    unsigned width;     /* characters: 2, 3, 4, 5, 10, 20, 30; 0: as wide as its column */
    size_t length_max;  /* 0: no limit told to the browser */
    Str list;           /* id of a part_suggestions */
    bool spellcheck;    /* names and references are not checked */
};
void part_input(struct buf *out, const struct part_input *i);
/* Words offered while one types, by the browser itself. */
void part_suggestions(struct buf *out, Str id, const Str *word, size_t count);
/* With a button to show it, by script. */
struct part_password {
    Str name, id, label, hint, error;
    bool is_new; /* a password being chosen */
};
void part_password(struct buf *out, const struct part_password *p);

struct part_textarea {
    Str name, id, label, hint, error, value, caption;
    enum part_label style;
    unsigned rows;     /* 5 when 0 */
    size_t length_max; /* counted down by script; 0: not */
};
void part_textarea(struct buf *out, const struct part_textarea *t);

struct part_file {
    Str name, id, label, hint, error;
    Str accept; /* ".csv,.xlsx" */
};
void part_file(struct buf *out, const struct part_file *f);

struct part_choice {
    Str value, label, hint;
    bool chosen;
    bool only;    /* of checkboxes: "none of these", after an "or" */
    Html reveals; /* shown while it is chosen; without script always */
};
struct part_choices {
    Str name, id, legend, hint, error, caption;
    enum part_label style;
    const struct part_choice *choice;
    size_t count;
    bool in_line, small;
};
void part_radios(struct buf *out, const struct part_choices *c);
void part_checkboxes(struct buf *out, const struct part_choices *c);
/* The same as a drop-down; an empty first choice unless one of them has the value "". */
void part_select(struct buf *out, const struct part_choices *c);

/* One box to search with. */
struct part_search {
    Url action;
    Str name, id, label, value, hint;
};
void part_search(struct buf *out, const struct part_search *s);

/* Several inputs as one question. hint and error belong to all of them. */
struct part_fieldset {
    Str id, legend, hint, error, caption;
    enum part_label style;
};
void part_fieldset_begin(struct buf *out, const struct part_fieldset *f);
void part_fieldset_end(struct buf *out);

/* ---- lists (parts_list.c) --------------------------------------------------------------------------- */

/* A question and its answer, a row each. */
struct part_summary_row {
    Str key, text;
    Html value;      /* instead of the text, or after it */
    Str note;        /* small, below: whose word it is, and since when it is known */
    bool missing;    /* text "" says "Not recorded" */
    Url action;      /* "Change" */
    Str action_text; /* "Change" when empty */
};
void part_summary_begin(struct buf *out);
void part_summary_row(struct buf *out, const struct part_summary_row *r);
void part_summary_end(struct buf *out);
/* A frame with a title around a list; the action may be absent. */
void part_card_begin(struct buf *out, Str title, struct part_link action);
void part_card_end(struct buf *out);

struct part_column {
    Str title;
    bool number; /* to the right */
    Url sort;    /* to order the list by it */
    enum { SORTED_NOT = 0, SORTED_UP, SORTED_DOWN } sorted;
};
struct part_table {
    Str caption; /* what the table is; every table has one */
    bool caption_hidden;
    const struct part_column *column;
    size_t columns;
    bool small;
};
void part_table_begin(struct buf *out, const struct part_table *t);
void part_row_begin(struct buf *out);
void part_row_head(struct buf *out, Url href, Str text); /* the cell that names the row */
void part_cell(struct buf *out, Str text);
void part_cell_number(struct buf *out, Str text);
void part_cell_link(struct buf *out, Url href, Str text);
void part_cell_begin(struct buf *out); /* for anything else */
void part_cell_end(struct buf *out);
void part_row_end(struct buf *out);
void part_table_end(struct buf *out);

struct part_task {
    Str id; /* for the hint; unique on the page */
    Str title, hint;
    Url href; /* none: cannot be started yet */
    Str status;
    enum part_meaning meaning; /* plain: words only, no tag */
};
void part_tasks_begin(struct buf *out);
void part_task(struct buf *out, const struct part_task *t);
void part_tasks_end(struct buf *out);

/* Pages of a list: base with ?page=N, from 1. Nothing when there is only one. */
struct part_pages {
    Url base;
    size_t page, pages;
};
void part_pages(struct buf *out, struct arena *a, const struct part_pages *p);
/* "1 to 25 of 1,312 deaths" */
void part_range(struct buf *out, size_t from, size_t to, size_t all, Str what);

/* Views of the same answer (list, map, time), or pages of the same record. */
struct part_view {
    Url href;
    Str text;
    bool current;
};
void part_views(struct buf *out, Str label, const struct part_view *view, size_t count);

/* What happened, latest or earliest first as the caller has it. */
struct part_moment {
    Str title;
    Str when;    /* in words */
    Str machine; /* RFC 3339 of the same; "" : none */
    Str by, text;
    Html body;
    enum part_meaning meaning;
};
void part_timeline_begin(struct buf *out);
void part_moment(struct buf *out, const struct part_moment *m);
void part_timeline_end(struct buf *out);

/* Numbers that open the records behind them. */
struct part_figure {
    Str number, text;
    Url href;
    enum part_meaning meaning;
};
void part_figures(struct buf *out, const struct part_figure *figure, size_t count);

/* ---- of our own (parts_case.c) ---------------------------------------------------------------------- */

/* Filters beside a list: in one column on a phone, folded there.
 *     part_filter_begin(...); inputs; part_filter_results(out); the list; part_filter_end(out); */
struct part_filter {
    Url action;
    Str title;                      /* "Filter" when empty */
    Str button;                     /* "Apply filters" when empty */
    const struct part_link *chosen; /* filters in force; the link takes one away */
    size_t chosen_count;
    Url clear;
    bool open; /* shown unfolded on a phone too */
};
void part_filter_begin(struct buf *out, const struct part_filter *f);
void part_filter_results(struct buf *out, const struct part_filter *f);
void part_filter_end(struct buf *out);

/* Who a record is about, on top of each of its pages. */
struct part_fact {
    Str label, text;
};
struct part_identity {
    Str name;      /* "Name not known" is the caller's to say */
    Str reference; /* MPS/2014/0619 */
    const struct part_fact *fact;
    size_t facts;
    Str state; /* a tag */
    enum part_meaning meaning;
    Str warning; /* "Restricted: ..."; "" : none */
};
void part_identity(struct buf *out, const struct part_identity *i);

/* Stops before a record that needs a reason. Between begin and end: text and one form. */
void part_interruption_begin(struct buf *out, Str title);
void part_interruption_end(struct buf *out);

/* Two records side by side. */
enum part_likeness { LIKENESS_SAME = 0, LIKENESS_SIMILAR, LIKENESS_DIFFERENT, LIKENESS_MISSING };
struct part_pair {
    Str label, a, b;
    enum part_likeness likeness;
    Str note;
};
void part_pairs_begin(struct buf *out, Str caption, struct part_link a, struct part_link b);
void part_pair(struct buf *out, const struct part_pair *p);
void part_pairs_end(struct buf *out);

/* "9 of 22 done, 1 overdue", with a bar. */
void part_progress(struct buf *out, size_t done, size_t all, Str text);

/* One entry of a queue or of an answer to a search: what it is, why it is here, what state it is in. */
struct part_entry {
    Url href;
    Str title;
    Str why;   /* one sentence */
    Str small; /* reference, place, time */
    Str state;
    enum part_meaning meaning;
    Html body;
};
void part_entries_begin(struct buf *out);
void part_entry(struct buf *out, const struct part_entry *e);
void part_entries_end(struct buf *out);

/* A hint that script fetches while a form is filled in ("earlier deaths near this place"): the values of the
 * inputs named in `watch` are sent to href as ?NAME=VALUE; the answer is JSON, {"text": one sentence,
 * "items":
 * [{"href", "text"}]}, shown as text and announced. Empty without script. */
struct part_live {
    Str id;
    Url href;
    Str watch; /* names of inputs, separated by blanks */
    Str title;
};
void part_live(struct buf *out, const struct part_live *l);

#endif
