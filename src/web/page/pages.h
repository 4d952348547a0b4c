/* The handlers of the routes, a file each: web/page/NAME.c. What they are for stands in the routes table. */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/route.h"

/* sign_in.c, second_factor.c, invitation.c */
enum status page_sign_in(struct visit *v, struct err *e);
enum status do_sign_in(struct visit *v, struct err *e);
enum status do_sign_out(struct visit *v, struct err *e);
enum status page_invitation(struct visit *v, struct err *e);
enum status do_invitation(struct visit *v, struct err *e);
enum status page_second_factor(struct visit *v, struct err *e);
enum status do_second_factor(struct visit *v, struct err *e);

/* reason.c: why somebody opens a record that is not theirs */
enum status page_reason(struct visit *v, struct err *e);
enum status do_reason(struct visit *v, struct err *e);

/* notices.c: who is told outside */
enum status page_notices(struct visit *v, struct err *e);
enum status do_notice_again(struct visit *v, struct err *e);

/* events.c: what is new, while somebody listens */
enum status page_events(struct visit *v, struct err *e);

/* work.c, deaths.c, death.c */
enum status page_work(struct visit *v, struct err *e);
enum status page_deaths(struct visit *v, struct err *e);
enum status page_death(struct visit *v, struct err *e);
enum status page_death_history(struct visit *v, struct err *e);

/* searches.c: searches that somebody keeps */
enum status page_searches(struct visit *v, struct err *e);
enum status do_search_keep(struct visit *v, struct err *e);
enum status do_search_remove(struct visit *v, struct err *e);

/* near.c: earlier deaths near a place */
enum status page_near(struct visit *v, struct err *e);

/* report.c, report_check.c, report_paper.c: report a death */
enum status page_report_start(struct visit *v, struct err *e);
enum status do_report_begin(struct visit *v, struct err *e);
enum status do_report_discard(struct visit *v, struct err *e);
enum status page_report_continue(struct visit *v, struct err *e);
enum status page_report_step(struct visit *v, struct err *e);
enum status do_report_step(struct visit *v, struct err *e);
enum status page_report_links(struct visit *v, struct err *e);
enum status do_report_links(struct visit *v, struct err *e);
enum status page_report_check(struct visit *v, struct err *e);
enum status do_report_send(struct visit *v, struct err *e);
enum status page_reported(struct visit *v, struct err *e);
enum status page_report_paper(struct visit *v, struct err *e);
/* checks.c, check.c, category.c, review.c: what has to be done for a death, and who says so */
enum status page_checks(struct visit *v, struct err *e);
enum status page_check(struct visit *v, struct err *e);
enum status do_check_not_needed(struct visit *v, struct err *e);
enum status do_check_waiting(struct visit *v, struct err *e);
enum status do_check_answer(struct visit *v, struct err *e);
enum status do_second(struct visit *v, struct err *e);
enum status page_category(struct visit *v, struct err *e);
enum status do_category(struct visit *v, struct err *e);
enum status page_review(struct visit *v, struct err *e);
enum status do_review(struct visit *v, struct err *e);

/* exhibits.c, exhibit.c, custody.c */
enum status page_exhibits(struct visit *v, struct err *e);
enum status page_death_exhibits(struct visit *v, struct err *e);
enum status page_exhibit(struct visit *v, struct err *e);
enum status page_custody(struct visit *v, struct err *e);
enum status do_custody(struct visit *v, struct err *e);
enum status page_exhibit_new(struct visit *v, struct err *e);
enum status do_exhibit_book(struct visit *v, struct err *e);
/* record_add.c: adding to the record of a death, correcting a fact of it */
enum status page_record_add(struct visit *v, struct err *e);
enum status do_record_add(struct visit *v, struct err *e);
enum status page_record_change(struct visit *v, struct err *e);
enum status do_record_change(struct visit *v, struct err *e);

/* family.c */
enum status page_family(struct visit *v, struct err *e);
enum status page_contact_new(struct visit *v, struct err *e);
enum status do_contact(struct visit *v, struct err *e);
enum status page_concern_new(struct visit *v, struct err *e);
enum status do_concern(struct visit *v, struct err *e);
enum status page_concern(struct visit *v, struct err *e);
enum status do_concern_answer(struct visit *v, struct err *e);
enum status do_concern_owner(struct visit *v, struct err *e);

/* import.c */
enum status page_import(struct visit *v, struct err *e);
enum status page_batch(struct visit *v, struct err *e);
enum status do_import(struct visit *v, struct err *e);
enum status do_batch_withdraw(struct visit *v, struct err *e);
enum status page_upload(struct visit *v, struct err *e);
enum status do_upload(struct visit *v, struct err *e);
enum status do_upload_map(struct visit *v, struct err *e);
enum status page_upload_refused(struct visit *v, struct err *e);

/* people.c, barriers.c, about.c: sections of the settings */
enum status page_people(struct visit *v, struct err *e);
enum status page_person_new(struct visit *v, struct err *e);
enum status do_person_make(struct visit *v, struct err *e);
enum status page_person(struct visit *v, struct err *e);
enum status do_person_change(struct visit *v, struct err *e);
enum status do_person_link(struct visit *v, struct err *e);
enum status page_restrictions(struct visit *v, struct err *e);
enum status do_restriction(struct visit *v, struct err *e);
enum status do_restriction_approve(struct visit *v, struct err *e);
enum status do_restriction_lift(struct visit *v, struct err *e);
enum status page_conflicts(struct visit *v, struct err *e);
enum status do_conflict(struct visit *v, struct err *e);
enum status do_conflict_end(struct visit *v, struct err *e);
enum status page_units(struct visit *v, struct err *e);
enum status page_checks_pack(struct visit *v, struct err *e);
enum status page_policy(struct visit *v, struct err *e);
enum status page_linkage(struct visit *v, struct err *e);
enum status page_system(struct visit *v, struct err *e);
enum status page_checkpoint(struct visit *v, struct err *e);
/* assurance.c, audit.c */
enum status page_assurance(struct visit *v, struct err *e);
enum status page_assurance_checks(struct visit *v, struct err *e);
enum status page_assurance_sample(struct visit *v, struct err *e);
enum status page_audit(struct visit *v, struct err *e);

/* guidance.c */
enum status page_guidance(struct visit *v, struct err *e);
enum status page_guide(struct visit *v, struct err *e);

/* links.c, compare.c, series.c, morning.c */
enum status page_links(struct visit *v, struct err *e);
enum status page_death_links(struct visit *v, struct err *e);
enum status page_compare(struct visit *v, struct err *e);
enum status page_series(struct visit *v, struct err *e);
enum status do_link_answer(struct visit *v, struct err *e);
enum status do_link_agree(struct visit *v, struct err *e);
enum status page_morning(struct visit *v, struct err *e);
enum status do_morning(struct visit *v, struct err *e);
enum status page_suggest(struct visit *v, struct err *e);
enum status do_suggest(struct visit *v, struct err *e);
struct json_writer;
struct link_row;
void json_put_link(struct json_writer *w, const struct link_row *row);

/* settings.c, openapi.c */
enum status page_settings(struct visit *v, struct err *e);
enum status do_role(struct visit *v, struct err *e);
enum status do_clock(struct visit *v, struct err *e);
enum status page_openapi(struct visit *v, struct err *e);
/* accessibility.c */
enum status page_accessibility(struct visit *v, struct err *e);

#endif
