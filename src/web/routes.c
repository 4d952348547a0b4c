/* Every address there is. To add a page: a row here, and its handler in web/page/NAME.c. */
#include "web/page/pages.h"

/* clang-format off */
#define END {.name = NULL}
#define QUERY(input_name, input_type, input_about) {.name = input_name, .in = INPUT_QUERY, .type = input_type, .about = input_about}
#define FORM(input_name, input_type, input_about, ...) {.name = input_name, .in = INPUT_FORM, .type = input_type, .about = input_about __VA_OPT__(,) __VA_ARGS__}
#define ROUTE(verb, address, may, handler, inputs, name, text, ...) \
    {.method = verb, .path = address, .permission = may, .run = handler, .input = inputs, .title = name, .about = text, __VA_ARGS__}
#define GET(...)  ROUTE("GET", __VA_ARGS__)
#define POST(...) ROUTE("POST", __VA_ARGS__)
#define AT \
    QUERY("at", INPUT_TIME, "As it was known at this time: RFC 3339, or a day, which means its end (UTC)."), \
    QUERY("ledger", INPUT_WHOLE, "As the ledger stood at this entry.")

static const struct input sign_in_inputs[] = {
    QUERY("next", INPUT_LINE, "Where to go on afterwards, within this site."),
    FORM("next", INPUT_LINE, "Where to go on afterwards, within this site."),
    FORM("name", INPUT_LINE, "The name of the account."),
    FORM("password", INPUT_LINE, "Its password."),
    FORM("code", INPUT_LINE, "The present code of the second factor, where there is one."),
    END};
static const struct input invitation_inputs[] = {
    FORM("password", INPUT_LINE, "The new password, at least 12 characters."),
    FORM("again", INPUT_LINE, "The same again."),
    END};
static const struct input second_factor_inputs[] = {
    FORM("code", INPUT_LINE, "The code that the authenticator shows now."),
    END};
static const struct input reason_inputs[] = {
    QUERY("next", INPUT_LINE, "The page of the record to go on to."),
    FORM("next", INPUT_LINE, "The page of the record to go on to."),
    FORM("why", INPUT_LINE, "on_duty, linked, review, request or other."),
    FORM("more", INPUT_LINE, "In a few words."),
    END};
#define ASKED_OF_DEATHS \
    QUERY("q", INPUT_LINE, "A reference, a name as it sounds, a number, a place, or words of any record; the best answers come first."), \
    QUERY("unit", INPUT_LINE, "A unit by its code."), \
    QUERY("category", INPUT_LINE, "A category by its code."), \
    QUERY("setting", INPUT_LINE, "A kind of place by its code."), \
    QUERY("mechanism", INPUT_LINE, "A mechanism by its code."), \
    QUERY("sex", INPUT_LINE, "F, M, X or U."), \
    QUERY("age_min", INPUT_NUMBER, "At least so old, in years."), \
    QUERY("age_max", INPUT_NUMBER, "At most so old, in years."), \
    QUERY("from", INPUT_DAY, "Found on this day or later."), \
    QUERY("to", INPUT_DAY, "Found on this day or earlier."), \
    QUERY("view", INPUT_LINE, "list, map or time.")
static const struct input deaths_inputs[] = {
    ASKED_OF_DEATHS,
    QUERY("page", INPUT_WHOLE, "A page of the list, from 1."),
    END};
static const struct input search_keep_inputs[] = {
    ASKED_OF_DEATHS,
    FORM("title", INPUT_LINE, "The name to keep it under; one of the same name is replaced."),
    END};
static const struct input at_inputs[] = {AT, END};
#define FIELDS(input_prefix, kind_name) {.name = input_prefix, .in = INPUT_FORM, .type = INPUT_FIELDS, .values = kind_name, .about = "The fields of the kind of record."}
static const struct input exhibits_inputs[] = {
    QUERY("q", INPUT_LINE, "A seal number, or words that stand in a reference, a seal number or a description."),
    QUERY("state", INPUT_LINE, "A state by its code: seized, held, in_transit, at_lab, returned, disposed or missing."),
    QUERY("holder", INPUT_LINE, "me, unit, waiting (for me to confirm), or a holder as in the answer."),
    QUERY("due", INPUT_LINE, "overdue, or week: an examination that is due."),
    QUERY("page", INPUT_WHOLE, "A page of the list, from 1."),
    END};
static const struct input exhibit_inputs[] = {FIELDS("", "exhibit"), END};
static const struct input custody_inputs[] = {
    FORM("to", INPUT_LINE, "Who receives it: an officer or a unit; to return it, a person."),
    FORM("seal_seen", INPUT_LINE, "The number read from the seal."),
    FORM("why", INPUT_PROSE, "Why."),
    FIELDS("", "movement"),
    END};
static const struct input contact_inputs[] = {
    FORM("new_name", INPUT_LINE, "Somebody who is not on record yet: their name."),
    FORM("new_role", INPUT_LINE, "next_of_kin, partner, family, friend or former_partner."),
    FIELDS("", "contact"), END};
static const struct input concern_inputs[] = {FIELDS("", "concern"), END};
static const struct input concern_change_inputs[] = {
    FORM("version", INPUT_WHOLE, "The version of the concern that was read: a later one is a conflict."),
    FIELDS("", "concern"), END};
#define PERIOD \
    QUERY("from", INPUT_DAY, "From this day."), \
    QUERY("to", INPUT_DAY, "To this day.")
static const struct input assurance_inputs[] = {PERIOD, END};
static const struct input assurance_checks_inputs[] = {
    PERIOD,
    QUERY("unit", INPUT_LINE, "A unit by its code."),
    QUERY("check", INPUT_LINE, "A check by its name."),
    QUERY("state", INPUT_LINE, "in_time, late, not_needed, open, overdue, overdue_day, overdue_week, overdue_month or overdue_long."),
    QUERY("page", INPUT_WHOLE, "A page of the list, from 1."),
    END};
static const struct input sample_inputs[] = {
    PERIOD,
    QUERY("unit", INPUT_LINE, "A unit by its code."),
    QUERY("seed", INPUT_WHOLE, "The same seed and the same deaths give the same sample."),
    QUERY("count", INPUT_WHOLE, "How many, up to 200."),
    END};
static const struct input audit_inputs[] = {
    PERIOD,
    QUERY("person", INPUT_LINE, "An account by its name."),
    QUERY("death", INPUT_LINE, "A death by its reference or id."),
    QUERY("page", INPUT_WHOLE, "A page of the list, from 1."),
    END};
static const struct input guidance_inputs[] = {
    QUERY("on", INPUT_DAY, "As it was in force on this day."),
    END};
static const struct input work_inputs[] = {
    QUERY("show", INPUT_LINE, "second, returned, overdue, due or open: only these."),
    QUERY("unit", INPUT_LINE, "A unit by its code."),
    QUERY("whose", INPUT_LINE, "unit: also what is not one's own, where the page begins with that."),
    QUERY("page", INPUT_WHOLE, "A page of the list, from 1."),
    END};
static const struct input not_needed_inputs[] = {
    FORM("rationale", INPUT_PROSE, "Why the check is not needed."),
    END};
static const struct input waiting_inputs[] = {
    FORM("subject", INPUT_LINE, "What the check is asked for, by its key."),
    FORM("owner", INPUT_LINE, "The officer who has to do it, by its id."),
    FORM("due_at", INPUT_LINE, "A day or a time."),
    END};
static const struct input answer_inputs[] = {
    FORM("subject", INPUT_LINE, "What the check is asked for, by its key."),
    FORM("answer", INPUT_PROSE, "The answer, with its reason."),
    FORM("relied_on", INPUT_ID, "A record that it rests on.", .many = true),
    END};
static const struct input second_inputs[] = {
    FORM("say", INPUT_CODE, "agree or decline.", .required = true, .values = "agree decline"),
    FORM("reason", INPUT_LINE, "Why it is declined."),
    END};
static const struct input category_inputs[] = {
    AT,
    FORM("to", INPUT_LINE, "The category by its code."),
    FORM("rationale", INPUT_PROSE, "Why."),
    FORM("relied_on", INPUT_ID, "A record that it rests on.", .many = true),
    END};
static const struct input review_inputs[] = {
    FORM("kind", INPUT_LINE, "supervisor, after_new_link, before_closing, independent or dip_sample."),
    FORM("outcome", INPUT_LINE, "agree, return, escalate or recategorise."),
    FORM("text", INPUT_PROSE, "What was found."),
    END};
static const struct input links_inputs[] = {
    QUERY("which", INPUT_LINE, "mine, open, overdue, answered, back or all."),
    QUERY("unit", INPUT_LINE, "Only links with a death of this unit."),
    QUERY("page", INPUT_WHOLE, "A page of the list, from 1."),
    END};
static const struct input morning_inputs[] = {
    QUERY("unit", INPUT_LINE, "A unit by its code; one's own without it."),
    FORM("unit", INPUT_LINE, "A unit by its code."),
    FORM("minutes", INPUT_PROSE, "What was said and agreed."),
    END};
static const struct input suggest_inputs[] = {
    QUERY("first", INPUT_LINE, "A death by its reference or id."),
    QUERY("second", INPUT_LINE, "The other one."),
    FORM("first", INPUT_LINE, "A death by its reference or id."),
    FORM("second", INPUT_LINE, "The other one."),
    FORM("note", INPUT_PROSE, "Why they may belong together."),
    END};
static const struct input compare_inputs[] = {QUERY("link", INPUT_LINE, "Which of the links of the two is answered there; empty: the latest that waits."), END};
static const struct input link_answer_inputs[] = {
    FORM("seen", INPUT_WHOLE, "How many answers the page showed."),
    FORM("version", INPUT_WHOLE, "The version of the link that the page showed."),
    FORM("answer", INPUT_LINE, "linked, needs_work, not_linked, request, accept or decline."),
    FORM("why", INPUT_LINE, "Of not_linked: a reason from the short list."),
    FORM("reports", INPUT_LINE, "Of linked: yes, when the reports of the link belong to it too."),
    FORM("owner", INPUT_ID, "Of needs_work: the officer who does what is still needed; empty: whoever has it now."),
    FORM("within", INPUT_LINE, "Of needs_work: hours, 24, 72, 168 or 672; empty: as the policy says."),
    FORM("reason", INPUT_PROSE, "The rationale."),
    END};
static const struct input import_inputs[] = {
    {.name = "file", .in = INPUT_FORM, .type = INPUT_FILE, .about = "The file."},
    FORM("map", INPUT_LINE, "suggest, feed, or the name of a mapping that the program carries."),
    END};
static const struct input import_map_inputs[] = {FORM("map", INPUT_PROSE, "The text of a mapping; empty: the file is a feed."), END};
static const struct input withdraw_inputs[] = {FORM("reason", INPUT_LINE, "Why the batch should be taken back."), END};
#define ACCOUNT_INPUTS \
    FORM("person", INPUT_LINE, "The person, as others know them."), \
    FORM("unit", INPUT_LINE, "The record id of the unit; empty: none."), \
    FORM("officer", INPUT_LINE, "The record id of the officer; empty: none."), \
    {.name = "roles", .in = INPUT_FORM, .type = INPUT_LINE, .many = true, .about = "Codes of roles."}
static const struct input person_make_inputs[] = {FORM("name", INPUT_LINE, "The name to sign in with."), ACCOUNT_INPUTS, END};
static const struct input person_change_inputs[] = {FORM("disabled", INPUT_LINE, "yes: it cannot sign in."), ACCOUNT_INPUTS, END};
static const struct input restriction_inputs[] = {
    FORM("death", INPUT_LINE, "The reference of the death."),
    FORM("reason", INPUT_PROSE, "Why."),
    FORM("cleared", INPUT_PROSE, "Officers who are cleared, one a line."),
    FORM("units", INPUT_PROSE, "Units that are cleared, one a line."),
    END};
static const struct input conflict_inputs[] = {
    FORM("officer", INPUT_LINE, "Whose interest: an officer; empty: one's own."),
    FORM("death", INPUT_LINE, "The reference of the death."),
    FORM("why", INPUT_PROSE, "What the interest is."),
    END};
static const struct input role_inputs[] = {FORM("role", INPUT_LINE, "A role of the account, by its code."), END};
static const struct input clock_inputs[] = {FORM("to", INPUT_LINE, "A day, or a time in RFC 3339."), END};
/* what stands before the names of a part's inputs: REPORT_PART (app/report_steps.h) */
static const struct input report_step_inputs[] = {
    QUERY("next", INPUT_LINE, "check: go back to the answers afterwards."),
    FORM("next", INPUT_LINE, "check: go back to the answers afterwards."),
    FORM("not_known", INPUT_LINE, "What was left empty is not known."),
    FORM("phone", INPUT_LINE, "seen, not_seen or unknown: their phone."),
    FORM("caller_is_finder", INPUT_LINE, "yes, no or unknown."),
    FORM("there", INPUT_LINE, "yes or no: was the person who reports at the scene?"),
    FIELDS("", "death"), FIELDS("finder-", "person"), FIELDS("finderphone-", "identifier"), FIELDS("account-", "statement"),
    FIELDS("caller-", "person"), FIELDS("callerphone-", "identifier"), FIELDS("ownphone-", "identifier"),
    FIELDS("arrival-", "attendance"), FIELDS("told-", "attendance"),
    END};
static const struct input report_links_inputs[] = {
    {.name = "attended", .in = INPUT_FORM, .type = INPUT_LINE, .many = true, .about = "References of deaths that the person attended."},
    FIELDS("known-", "statement"),
    END};
static const struct input record_add_inputs[] = {
    FORM("key", INPUT_LINE, "Ten letters and digits of the form: sent twice, it makes one record."),
    FIELDS("", "{kind}"), FIELDS("part-", "involvement"),
    END};
static const struct input record_change_inputs[] = {
    FORM("version", INPUT_WHOLE, "Of the record as it was shown."),
    FORM("source", INPUT_LINE, "On whose word: a source by its code."),
    FIELDS("", "death"),
    END};
static const struct input near_inputs[] = {
    QUERY("place-lat", INPUT_LINE, "Latitude in degrees."),
    QUERY("place-lon", INPUT_LINE, "Longitude in degrees."),
    QUERY("setting", INPUT_LINE, "The kind of place by its code: what is alike is told."),
    QUERY("posture", INPUT_LINE, "The position of the body by its code."),
    END};

const struct route ROUTES[] = {
    GET("/sign-in", PERMISSION_OPEN, page_sign_in, sign_in_inputs, "Sign in", "The form for name and password."),
    POST("/sign-in", PERMISSION_OPEN, do_sign_in, sign_in_inputs, "Sign in", "Begins a session. Five failures within 15 minutes lock the account for 15 minutes."),
    POST("/sign-out", PERMISSION_SIGNED_IN, do_sign_out, NULL, "Sign out", "Ends the session."),
    GET("/invitation/{token}", PERMISSION_OPEN, page_invitation, NULL, "Choose a password", "Behind the link that serves once."),
    POST("/invitation/{token}", PERMISSION_OPEN, do_invitation, invitation_inputs, "Choose a password", "Sets the password and uses the link up."),
    GET("/account/second-factor", PERMISSION_SIGNED_IN, page_second_factor, NULL, "Second factor", "Shows the key for an authenticator once."),
    POST("/account/second-factor", PERMISSION_SIGNED_IN, do_second_factor, second_factor_inputs, "Second factor", "Puts the second factor in force; sign in again afterwards."),

    GET("/", PERMISSION_SIGNED_IN, page_work, work_inputs, "Your work", "What waits for you: due, overdue, second persons, answers owed.", .bar = BAR_WORK, .json = true),
    GET("/events", PERMISSION_SIGNED_IN, page_events, NULL, "What is new", "Server-sent events: how many links and how much overdue work are new for you since you began to listen; never of what you may not see.", .idle = true),

    GET("/deaths", PERMISSION_READ, page_deaths, deaths_inputs, "Deaths", "The deaths you may see, by what is asked of them.", .bar = BAR_DEATHS, .json = true, .csv = true),
    GET("/deaths/searches", PERMISSION_READ, page_searches, NULL, "Your searches", "The searches you keep, for nobody else.", .bar = BAR_DEATHS, .json = true),
    POST("/deaths/searches", PERMISSION_READ, do_search_keep, search_keep_inputs, "Keep a search", "Keeps what the address asks, under a name; it is answered anew each time."),
    POST("/deaths/searches/{search}/remove", PERMISSION_READ, do_search_remove, NULL, "Remove a search", "One of your own."),
    GET("/deaths/new", PERMISSION_REPORT, page_report_start, NULL, "Report a death", "Where a report begins, and those begun that wait.", .bar = BAR_DEATHS, .json = true),
    POST("/deaths/new", PERMISSION_REPORT, do_report_begin, NULL, "Start a report", "Makes a draft of one's own."),
    GET("/deaths/new/paper", PERMISSION_REPORT, page_report_paper, NULL, "Report a death, on paper", "The form to print, for when there is no signal.", .bar = BAR_DEATHS),
    GET("/deaths/new/{draft}", PERMISSION_REPORT, page_report_continue, NULL, "Go on with a report", "Leads to the first step without an answer.", .bar = BAR_DEATHS),
    POST("/deaths/new/{draft}/discard", PERMISSION_REPORT, do_report_discard, NULL, "Throw a draft away", "It is gone; it was never on record."),
    GET("/deaths/new/{draft}/links", PERMISSION_REPORT, page_report_links, NULL, "Seen before?", "Deaths that may belong to the one being reported.", .bar = BAR_DEATHS),
    POST("/deaths/new/{draft}/links", PERMISSION_REPORT, do_report_links, report_links_inputs, "Seen before?", "Keeps what the officer knows of them."),
    GET("/deaths/new/{draft}/check", PERMISSION_REPORT, page_report_check, NULL, "Check your answers", "All answers, with what is thin in them.", .bar = BAR_DEATHS),
    POST("/deaths/new/{draft}/check", PERMISSION_REPORT, do_report_send, NULL, "Send the report", "Puts it on record, once."),
    GET("/deaths/new/{draft}/{step}", PERMISSION_REPORT, page_report_step, report_step_inputs, "Report a death: a step", "One question, or a few that belong together.", .bar = BAR_DEATHS),
    POST("/deaths/new/{draft}/{step}", PERMISSION_REPORT, do_report_step, report_step_inputs, "Report a death: save a step", "Keeps what was typed."),
    GET("/near", PERMISSION_REPORT, page_near, near_inputs, "Earlier deaths near a place", "Within 500 m and 24 months, the nearest and most alike first.", .bar = BAR_DEATHS, .json = true),
    GET("/deaths/{death}/reported", PERMISSION_REPORT, page_reported, NULL, "Report sent", "The reference, and what to do now.", .bar = BAR_DEATHS),
    GET("/deaths/{death}", PERMISSION_READ, page_death, at_inputs, "Death record", "What is recorded, on whose word and since when.", .bar = BAR_DEATHS, .json = true),
    GET("/deaths/{death}/history", PERMISSION_READ, page_death_history, at_inputs, "History of a record", "Every line that made it.", .bar = BAR_DEATHS, .json = true),
    GET("/deaths/{death}/checks", PERMISSION_READ, page_checks, at_inputs, "Checks", "What has to be done for this death: how each check stands, why it is asked, by when and on what evidence.", .bar = BAR_DEATHS, .json = true),
    GET("/deaths/{death}/checks/{check}", PERMISSION_READ, page_check, at_inputs, "Check", "One check, and what can be done about it.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/checks/{check}/not-needed", PERMISSION_RECORD, do_check_not_needed, not_needed_inputs, "Not needed", "Asks a second person to agree that the check is not needed."),
    POST("/deaths/{death}/checks/{check}/waiting", PERMISSION_RECORD, do_check_waiting, waiting_inputs, "Waiting", "Says who has to do it, and by when."),
    POST("/deaths/{death}/checks/{check}/answer", PERMISSION_RECORD, do_check_answer, answer_inputs, "Answer", "Answers what the check asks, with what it rests on."),
    POST("/deaths/{death}/second/{decision}", PERMISSION_SUPERVISE, do_second, second_inputs, "Second person", "Agrees to what another person decided, or declines with a reason."),
    GET("/deaths/{death}/category", PERMISSION_READ, page_category, category_inputs, "Category", "The category of a death, and every step that led to it.", .bar = BAR_DEATHS, .json = true),
    POST("/deaths/{death}/category", PERMISSION_CLASSIFY, do_category, category_inputs, "Category", "Decides the category: up at once, down once a second person agrees."),
    GET("/deaths/{death}/review", PERMISSION_SUPERVISE, page_review, review_inputs, "Review", "Which procedures were not followed, and the form for a review.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/review", PERMISSION_SUPERVISE, do_review, review_inputs, "Review", "Records a review. Nobody reviews their own report."),
    GET("/deaths/{death}/reason", PERMISSION_READ, page_reason, reason_inputs, "Reason for access", "Asked before a record of another unit, or a restricted one."),
    POST("/deaths/{death}/reason", PERMISSION_READ, do_reason, reason_inputs, "Reason for access", "Records why, for this session."),

    GET("/deaths/{death}/exhibits", PERMISSION_READ, page_death_exhibits, NULL, "Exhibits of a death", "With their holders, and where the lists of the scene and the mortuary differ.", .bar = BAR_DEATHS, .json = true, .csv = true),
    GET("/deaths/{death}/exhibits/new", PERMISSION_EXHIBITS, page_exhibit_new, NULL, "Book an exhibit in", "The form for one exhibit.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/exhibits", PERMISSION_EXHIBITS, do_exhibit_book, exhibit_inputs, "Book an exhibit in", "Records it; who books it in holds it."),
    GET("/deaths/{death}/family", PERMISSION_READ, page_family, at_inputs, "Family", "Who was told what and when, what they said, what they raised.", .bar = BAR_DEATHS, .json = true),
    GET("/deaths/{death}/contacts/new", PERMISSION_FAMILY, page_contact_new, NULL, "Log a contact", "The form.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/contacts", PERMISSION_FAMILY, do_contact, contact_inputs, "Log a contact", "Records it, with the person if new."),
    GET("/deaths/{death}/concerns/new", PERMISSION_RECORD, page_concern_new, NULL, "Raise a concern", "The form.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/concerns", PERMISSION_RECORD, do_concern, concern_inputs, "Raise a concern", "Records it with its owner."),
    GET("/concerns/{concern}", PERMISSION_READ, page_concern, at_inputs, "Concern", "What was raised, and its answer.", .bar = BAR_DEATHS),
    POST("/concerns/{concern}/answer", PERMISSION_FAMILY, do_concern_answer, concern_change_inputs, "Answer a concern", "Records the answer and its time."),
    POST("/concerns/{concern}/owner", PERMISSION_FAMILY, do_concern_owner, concern_change_inputs, "Give a concern an owner", "Changes owner and due date."),
    GET("/exhibits", PERMISSION_READ, page_exhibits, exhibits_inputs, "Exhibits", "The register: what is held, by whom, and what is due.", .bar = BAR_EXHIBITS, .json = true, .csv = true),
    GET("/exhibits/{exhibit}", PERMISSION_READ, page_exhibit, at_inputs, "Exhibit", "What it is, who holds it, and its chain of custody.", .bar = BAR_EXHIBITS, .json = true),
    GET("/exhibits/{exhibit}/{act}", PERMISSION_EXHIBITS, page_custody, NULL, "A step with an exhibit", "The form: book, seal, hand-over, return, dispose, confirm, take-back, missing or found.", .bar = BAR_EXHIBITS),
    POST("/exhibits/{exhibit}/{act}", PERMISSION_EXHIBITS, do_custody, custody_inputs, "Take a step with an exhibit", "Refused when it breaks the chain of custody: the error says why."),
    GET("/deaths/{death}/add/{kind}", PERMISSION_RECORD, page_record_add, NULL, "Add to a record", "A form for a new record that belongs to the death.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/add/{kind}", PERMISSION_RECORD, do_record_add, record_add_inputs, "Add to a record", "Adds a record: person, identifier, statement, attendance, scene, search, submission, result, action, incident or advice."),
    GET("/deaths/{death}/change/{field}", PERMISSION_RECORD, page_record_change, NULL, "Change a fact", "A form for one fact, with what is recorded now.", .bar = BAR_DEATHS),
    POST("/deaths/{death}/change/{field}", PERMISSION_RECORD, do_record_change, record_change_inputs, "Change a fact", "A new line; what was said before stays in the history."),

    GET("/links", PERMISSION_LINKS, page_links, links_inputs, "Links", "Suggested links you may see, what a look is worth most first.", .bar = BAR_LINKS, .json = true),
    GET("/links/morning", PERMISSION_LINKS, page_morning, morning_inputs, "List for the morning meeting", "Deaths of the last day and open links of a unit, to be printed.", .bar = BAR_LINKS),
    POST("/links/morning", PERMISSION_DECIDE_LINK, do_morning, morning_inputs, "Record the minutes", "The minutes of the meeting, with the list it went through."),
    GET("/links/suggest", PERMISSION_DECIDE_LINK, page_suggest, suggest_inputs, "Suggest a link", "For what a person knows and the records do not say.", .bar = BAR_LINKS),
    POST("/links/suggest", PERMISSION_DECIDE_LINK, do_suggest, suggest_inputs, "Suggest a link", "Gets an owner and an answer like those of the machine."),
    GET("/links/{a}/{b}", PERMISSION_LINKS, page_compare, compare_inputs, "Compare", "Two deaths or reports, weighed now: why, what against, what is missing.", .bar = BAR_LINKS, .json = true),
    GET("/series/{link}", PERMISSION_LINKS, page_series, NULL, "Series", "A link with all its members, what ties them, and how it stands.", .bar = BAR_LINKS, .json = true),
    POST("/series/{link}/answer", PERMISSION_DECIDE_LINK, do_link_answer, link_answer_inputs, "Answer a link", "Linked, needs work, not linked, or the specialist team is asked."),
    POST("/series/{link}/agree", PERMISSION_DECIDE_LINK, do_link_agree, link_answer_inputs, "Agree with an answer", "The second person, never the same as the first."),
    GET("/deaths/{death}/links", PERMISSION_LINKS, page_death_links, NULL, "Links of a death", "Links on record with it, and the nearest of all that is known.", .bar = BAR_DEATHS, .json = true),

    GET("/assurance", PERMISSION_ASSURANCE, page_assurance, assurance_inputs, "Assurance", "How the units do: checks done in time, late, overdue; reports reviewed; supervisors at the scene.", .bar = BAR_ASSURANCE, .csv = true),
    GET("/assurance/checks", PERMISSION_ASSURANCE, page_assurance_checks, assurance_checks_inputs, "Checks behind the figures", "The checks that a number stands for.", .bar = BAR_ASSURANCE, .csv = true),
    GET("/assurance/sample", PERMISSION_ASSURANCE, page_assurance_sample, sample_inputs, "Sample", "Deaths drawn by chance with a stated seed.", .bar = BAR_ASSURANCE, .csv = true),
    GET("/assurance/audit", PERMISSION_AUDIT, page_audit, audit_inputs, "Who read what", "Readings of records by person and by death.", .bar = BAR_ASSURANCE, .csv = true),
    GET("/guidance", PERMISSION_SIGNED_IN, page_guidance, guidance_inputs, "Guidance", "One dated library of short texts.", .bar = BAR_GUIDANCE),
    GET("/guidance/{slug}", PERMISSION_SIGNED_IN, page_guide, guidance_inputs, "Guide", "One text, in the version in force on a day.", .bar = BAR_GUIDANCE),
    GET("/settings", PERMISSION_SIGNED_IN, page_settings, NULL, "Settings", "The role you act in, and what is kept here.", .bar = BAR_SETTINGS),
    GET("/import", PERMISSION_IMPORT, page_import, NULL, "Import", "Sending a file, and the batches that were brought in.", .bar = BAR_SETTINGS),
    POST("/import", PERMISSION_IMPORT, do_import, import_inputs, "Send a file", "Keeps it to be looked at; nothing comes in yet.", .bar = BAR_SETTINGS),
    GET("/import/batches/{batch}", PERMISSION_IMPORT, page_batch, NULL, "Batch", "What a batch is, and the links found since it came in that you may see.", .bar = BAR_SETTINGS, .json = true),
    POST("/import/batches/{batch}/withdraw", PERMISSION_IMPORT, do_batch_withdraw, withdraw_inputs, "Take a batch back", "Asked by one person, done when a second agrees.", .bar = BAR_SETTINGS),
    GET("/import/{upload}", PERMISSION_IMPORT, page_upload, NULL, "Look before it comes in", "What would come of the file, and what is wrong in it.", .bar = BAR_SETTINGS),
    POST("/import/{upload}", PERMISSION_IMPORT, do_upload, NULL, "Bring a file in", "As one batch.", .bar = BAR_SETTINGS),
    POST("/import/{upload}/map", PERMISSION_IMPORT, do_upload_map, import_map_inputs, "Change how a file is read", "Keeps the mapping with the file.", .bar = BAR_SETTINGS),
    GET("/import/{upload}/refused", PERMISSION_IMPORT, page_upload_refused, NULL, "Refused rows", "As CSV: row, line, field, reason and what stood there.", .bar = BAR_SETTINGS),
    GET("/settings/people", PERMISSION_ACCOUNTS, page_people, NULL, "People", "The accounts.", .bar = BAR_SETTINGS, .json = true),
    GET("/settings/people/new", PERMISSION_ACCOUNTS, page_person_new, NULL, "Make an account", "The form.", .bar = BAR_SETTINGS),
    POST("/settings/people", PERMISSION_ACCOUNTS, do_person_make, person_make_inputs, "Make an account", "Shows once the link with which its password is chosen.", .bar = BAR_SETTINGS),
    GET("/settings/people/{account}", PERMISSION_ACCOUNTS, page_person, NULL, "Account", "What it may do, and its state.", .bar = BAR_SETTINGS),
    POST("/settings/people/{account}", PERMISSION_ACCOUNTS, do_person_change, person_change_inputs, "Change an account", "Its sessions end. Somebody who may administer is always left.", .bar = BAR_SETTINGS),
    POST("/settings/people/{account}/link", PERMISSION_ACCOUNTS, do_person_link, NULL, "Make a new link", "Password and second factor stop working; shows the link once.", .bar = BAR_SETTINGS),
    GET("/settings/units", PERMISSION_READ, page_units, NULL, "Units and officers", "As the staff list has them.", .bar = BAR_SETTINGS),
    GET("/settings/checks", PERMISSION_READ, page_checks_pack, NULL, "Checks in force", "The pack of checks with its version.", .bar = BAR_SETTINGS),
    GET("/settings/linkage", PERMISSION_READ, page_linkage, NULL, "Linkage", "The linkage model that is shipped.", .bar = BAR_SETTINGS),
    GET("/settings/policy", PERMISSION_SIGNED_IN, page_policy, NULL, "Policy", "Vocabularies and rules with their versions.", .bar = BAR_SETTINGS),
    GET("/settings/restrictions", PERMISSION_RESTRICT, page_restrictions, NULL, "Restrictions", "Those on records that you may see.", .bar = BAR_SETTINGS),
    POST("/settings/restrictions", PERMISSION_RESTRICT, do_restriction, restriction_inputs, "Restrict a record", "In force at once; a second person approves it.", .bar = BAR_SETTINGS),
    POST("/settings/restrictions/{restriction}/approve", PERMISSION_RESTRICT, do_restriction_approve, NULL, "Approve a restriction", "By another person than who set it.", .bar = BAR_SETTINGS),
    POST("/settings/restrictions/{restriction}/lift", PERMISSION_RESTRICT, do_restriction_lift, NULL, "Lift a restriction", "By another person than who set it.", .bar = BAR_SETTINGS),
    GET("/settings/conflicts", PERMISSION_READ, page_conflicts, NULL, "Conflicts of interest", "One's own; professional standards see all.", .bar = BAR_SETTINGS),
    POST("/settings/conflicts", PERMISSION_READ, do_conflict, conflict_inputs, "Declare an interest", "The record is not seen any more from then on.", .bar = BAR_SETTINGS),
    POST("/settings/conflicts/{conflict}/end", PERMISSION_CONFLICTS, do_conflict_end, NULL, "End a conflict of interest", "The record can be seen again.", .bar = BAR_SETTINGS),
    GET("/settings/notices", PERMISSION_SYSTEM, page_notices, NULL, "Notices", "Who is told outside by mail or web hook, what waits, and what was given up.", .bar = BAR_SETTINGS),
    POST("/settings/notices/{notice}/again", PERMISSION_SYSTEM, do_notice_again, NULL, "Send a notice again", "One that was given up."),
    GET("/settings/system", PERMISSION_SYSTEM, page_system, NULL, "System", "The ledgers, their proof, and how far the indexes are.", .bar = BAR_SETTINGS),
    GET("/settings/system/checkpoint", PERMISSION_SYSTEM, page_checkpoint, NULL, "Checkpoint", "A signed statement of both ledgers, as text.", .bar = BAR_SETTINGS),
    POST("/settings/role", PERMISSION_SIGNED_IN, do_role, role_inputs, "Change role", "Acts in another role of the account from now on."),
    POST("/settings/clock", PERMISSION_SIGNED_IN, do_clock, clock_inputs, "Move the clock", "Of a demonstration: what became known until then comes in."),
    GET("/accessibility", PERMISSION_OPEN, page_accessibility, NULL, "Accessibility", "What is promised about using the pages."),
    GET("/api/openapi.json", PERMISSION_OPEN, page_openapi, NULL, "API document", "This document (OpenAPI 3.1)."),
};
const size_t ROUTES_COUNT = COUNT_OF(ROUTES);
/* clang-format on */
