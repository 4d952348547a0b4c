/* What stands beside the report of a death on its page: the people, what happened when, and every other
 * record that belongs to it. */
#ifndef WEB_DEATH_BESIDE_H
#define WEB_DEATH_BESIDE_H

#include "app/records.h"
#include "web/record_form.h"

void beside_people_show(struct visit *v, const struct record_sheet *sheet);
void beside_timeline_show(struct visit *v, const struct record_sheet *sheet);
void beside_records_show(struct visit *v, const struct record_sheet *sheet);
/* The death, its people, exhibits, submissions and the officers of one's own unit: what a new record may
 * refer to. */
void beside_options(struct visit *v, const struct record_sheet *sheet, struct form_options *out);

#endif
