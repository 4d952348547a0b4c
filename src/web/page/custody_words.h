/* What pages of exhibits have in common: who the person is, who holds something, in words. */
#ifndef WEB_CUSTODY_WORDS_H
#define WEB_CUSTODY_WORDS_H

#include "app/exhibits.h"
#include "web/visit.h"

struct custody_person custody_visitor(struct visit *v);
/* A key ("ns:id") as the name of an officer or unit; else the reference itself. "" : "nobody". */
Str custody_key_words(struct visit *v, Str key);
/* "Tom Lane", "Tom Lane, on the way to East Area store", "missing, last held by Tom Lane" */
Str custody_holder_words(struct visit *v, const struct custody *c);
/* The reference on the label, else the id. */
Str custody_exhibit_words(struct visit *v, const struct record_id *id, Str ref);
Url custody_exhibit_url(struct visit *v, const struct record_id *id, const char *page);
/* The label of exhibit.state, item and so on; "" for none. */
Str custody_code_words(struct visit *v, int field, Str code);
/* "28 August 2014, 8:00am"; "no time" */
Str custody_time_words(struct visit *v, int64_t ms);
enum part_meaning custody_state_meaning(Str state);

/* One key and what people know it by, for lists to choose a receiver from. */
size_t custody_receivers(struct visit *v, Str chosen, struct part_choice **out);

#endif
