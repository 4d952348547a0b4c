#include "assure/custody.h"

#include <stdlib.h>

static const struct {
    const char *code, *words;
} ACTS[CUSTODY_ACTS] = {
    [CUSTODY_BOOK] = {"booked", "booked in"},           [CUSTODY_SEAL] = {"sealed", "sealed"},
    [CUSTODY_HAND_OVER] = {"hand_over", "handed over"}, [CUSTODY_RETURN] = {"return", "returned"},
    [CUSTODY_DISPOSE] = {"dispose", "disposed of"},     [CUSTODY_CONFIRM] = {"", "confirmed"},
    [CUSTODY_TAKE_BACK] = {"", "taken back"},           [CUSTODY_MISSING] = {"missing", "reported missing"},
    [CUSTODY_FOUND] = {"found", "found again"},
};

const char *custody_act_code(enum custody_act act)
{
    return ACTS[act].code;
}

const char *custody_act_words(enum custody_act act)
{
    return ACTS[act].words;
}

int custody_act_of_code(Str code)
{
    if (str_empty(code)) return CUSTODY_HAND_OVER;
    for (int i = 0; i < CUSTODY_ACTS; i++)
        if (str_eq(code, str_of(ACTS[i].code))) return i;
    return -1;
}

/* ---- who -------------------------------------------------------------------------------------------- */

static bool is_or_is_of(Str key, const struct custody_person *who)
{
    return !str_empty(key) && (str_eq(key, who->officer) || str_eq(key, who->unit));
}

bool custody_holds(const struct custody *c, const struct custody_person *who)
{
    return is_or_is_of(c->holder, who);
}

static bool is_giver(const struct custody *c, const struct custody_person *who)
{
    return str_eq(c->giver_account, who->account) || str_eq(c->giver_officer, who->officer);
}

bool custody_may_confirm(const struct custody *c, const struct custody_person *who)
{
    if (!c->waiting || is_giver(c, who)) return false;
    /* what leaves for good has no receiver here: a second person, who does not hold it, saw it go */
    return c->begun == CUSTODY_HAND_OVER ? is_or_is_of(c->to, who) : !str_eq(c->holder, who->officer);
}

/* ---- seals ------------------------------------------------------------------------------------------ */

/* The next letter or digit that counts, in lower case; 0 at the end. */
static char next_of_seal(Str s, size_t *i)
{
    while (*i < s.len) {
        char c = s.ptr[(*i)++];
        if (c == ' ' || c == '-' || c == '\t') continue;
        return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return 0;
}

bool custody_seal_same(Str a, Str b)
{
    size_t i = 0, j = 0;
    for (;;) {
        char x = next_of_seal(a, &i), y = next_of_seal(b, &j);
        if (x != y) return false;
        if (x == 0) return true;
    }
}

static bool is_seal(Str s)
{
    size_t i = 0;
    return next_of_seal(s, &i) != 0;
}

/* ---- a step ----------------------------------------------------------------------------------------- */

static enum status check_time(const struct custody *c, const struct custody_step *step, struct err *e)
{
    if (step->at_ms > step->now_ms)
        return ERR(e, E_INVALID, "at", "This time has not come yet. Give the time at which it happened.");
    if (c->at_ms != INT64_MIN && step->at_ms < c->at_ms)
        return ERR(e, E_INVALID, "at",
                   "This is earlier than the step before it in the chain. Give a later time, or correct the "
                   "day.");
    return OK;
}

static enum status check_who(const struct custody_step *step, struct err *e)
{
    if (!str_empty(step->by.account) && !str_empty(step->by.officer)) return OK;
    return ERR(e, E_DENIED, "",
               "Your account names no officer, so you cannot hold exhibits. An administrator can add it.");
}

/* It is here, and nothing is under way. */
static enum status check_settled(const struct custody *c, struct err *e)
{
    if (!c->booked) return ERR(e, E_CONFLICT, "", "Nobody has booked this exhibit in yet. Do that first.");
    if (c->out) return ERR(e, E_CONFLICT, "", "This exhibit has left for good. Its chain is closed.");
    if (c->waiting)
        return ERR(e, E_CONFLICT, "",
                   "It waits for a confirmation. That must be given, or taken back, first.");
    return OK;
}

static enum status check_holder(const struct custody *c, const struct custody_step *step, struct err *e)
{
    TRY(check_settled(c, e));
    if (!custody_holds(c, &step->by))
        return ERR(e, E_DENIED, "", "Only who holds the exhibit now may do this, and that is not you.");
    return OK;
}

static enum status check_why(const struct custody_step *step, const char *what, struct err *e)
{
    if (!str_empty(str_trim(step->why))) return OK;
    return ERR(e, E_INVALID, "why", "Say %s.", what);
}

static enum status check_begin(const struct custody *c, const struct custody_step *step, struct err *e)
{
    TRY(check_holder(c, step, e));
    if (c->missing) return ERR(e, E_CONFLICT, "", "It is missing. Record first that it was found.");
    if (!is_seal(c->seal))
        return ERR(e, E_CONFLICT, "", "It has no seal. Seal it first, so that the receiver can tell it.");
    if (step->act == CUSTODY_DISPOSE) return check_why(step, "why it is disposed of, and how", e);
    if (str_empty(step->to)) return ERR(e, E_INVALID, "to", "Say who receives it.");
    if (step->act == CUSTODY_RETURN) return check_why(step, "why it can be returned", e);
    if (str_eq(step->to, c->holder) || str_eq(step->to, step->by.officer))
        return ERR(e, E_INVALID, "to", "Giver and receiver are the same. Name who receives it.");
    return OK;
}

static enum status check_confirm(const struct custody *c, const struct custody_step *step, struct err *e)
{
    if (!c->waiting) return ERR(e, E_CONFLICT, "", "Nothing waits for a confirmation here.");
    if (is_giver(c, &step->by))
        return ERR(e, E_DENIED, "", "You handed it over, so somebody else must confirm it.");
    if (!custody_may_confirm(c, &step->by))
        return ERR(e, E_DENIED, "", "Only the receiver may confirm this, and that is not you.");
    if (!is_seal(step->seal))
        return ERR(e, E_INVALID, "seal_seen", "Type the number that stands on the seal.");
    if (!custody_seal_same(step->seal, c->seal))
        return ERR(e, E_INVALID, "seal_seen",
                   "This is not the number of its seal. Look at the seal again. If that is the number on it, "
                   "do not accept the exhibit: choose \"Not accepted\" and say what you saw.");
    return OK;
}

static enum status check_take_back(const struct custody *c, const struct custody_step *step, struct err *e)
{
    if (!c->waiting) return ERR(e, E_CONFLICT, "", "Nothing waits for a confirmation here.");
    if (!is_giver(c, &step->by) && !custody_holds(c, &step->by) && !custody_may_confirm(c, &step->by))
        return ERR(e, E_DENIED, "", "Only the giver and the receiver may do this.");
    return check_why(step, "why it was not done", e);
}

static enum status check_seal(const struct custody *c, const struct custody_step *step, struct err *e)
{
    TRY(check_holder(c, step, e));
    if (c->missing) return ERR(e, E_CONFLICT, "", "It is missing. Record first that it was found.");
    if (!is_seal(step->seal)) return ERR(e, E_INVALID, "seal_seen", "Type the number of the new seal.");
    if (!is_seal(c->seal)) return OK;
    if (custody_seal_same(c->seal, step->seal))
        return ERR(e, E_INVALID, "seal_seen", "This is the number that it has already.");
    return check_why(step, "why the seal before was opened", e);
}

static enum status check(const struct custody *c, const struct custody_step *step, struct err *e)
{
    TRY(check_who(step, e));
    TRY(check_time(c, step, e));
    switch (step->act) {
    case CUSTODY_BOOK:
        if (c->booked) return ERR(e, E_CONFLICT, "", "It was booked in before. Its chain has begun.");
        return OK;
    case CUSTODY_SEAL:
        return check_seal(c, step, e);
    case CUSTODY_HAND_OVER:
    case CUSTODY_RETURN:
    case CUSTODY_DISPOSE:
        return check_begin(c, step, e);
    case CUSTODY_CONFIRM:
        return check_confirm(c, step, e);
    case CUSTODY_TAKE_BACK:
        return check_take_back(c, step, e);
    case CUSTODY_MISSING:
        TRY(check_holder(c, step, e));
        if (c->missing) return ERR(e, E_CONFLICT, "", "It is missing already.");
        return check_why(step, "where it was last, and what was done to find it", e);
    case CUSTODY_FOUND:
        TRY(check_settled(c, e));
        if (!c->missing) return ERR(e, E_CONFLICT, "", "It is not missing.");
        return check_why(step, "where it was found", e);
    case CUSTODY_ACTS:
        break;
    }
    BUG("act %d of custody is none", (int)step->act);
}

static void confirm(struct custody *c)
{
    c->waiting = false;
    c->out = c->begun != CUSTODY_HAND_OVER;
    c->holder = c->to;
}

static void begin(struct custody *c, const struct custody_step *step)
{
    c->waiting = true;
    c->begun = step->act;
    c->to = step->act == CUSTODY_DISPOSE ? S("") : step->to;
    c->giver_account = step->by.account;
    c->giver_officer = step->by.officer;
    c->begun_ms = step->at_ms;
}

enum status custody_take(struct custody *c, const struct custody_step *step, struct err *e)
{
    TRY(check(c, step, e));
    c->at_ms = step->at_ms;
    switch (step->act) {
    case CUSTODY_BOOK:
        c->booked = true;
        c->holder = step->by.officer;
        if (is_seal(step->seal)) c->seal = step->seal;
        break;
    case CUSTODY_SEAL:
        c->seal = step->seal;
        break;
    case CUSTODY_HAND_OVER:
    case CUSTODY_RETURN:
    case CUSTODY_DISPOSE:
        begin(c, step);
        break;
    case CUSTODY_CONFIRM:
        confirm(c);
        break;
    case CUSTODY_TAKE_BACK:
        c->waiting = false;
        break;
    case CUSTODY_MISSING:
        c->missing = true;
        break;
    case CUSTODY_FOUND:
        c->missing = false;
        c->holder = step->by.officer;
        break;
    case CUSTODY_ACTS:
        break;
    }
    return OK;
}

/* ---- what is on record ------------------------------------------------------------------------------ */

const char *custody_fault_words(enum custody_fault bit)
{
    switch (bit) {
    case CUSTODY_GAP:
        return "It was handed over by somebody who did not hold it.";
    case CUSTODY_BACKWARDS:
        return "It was confirmed before it was handed over.";
    case CUSTODY_UNCONFIRMED:
        return "It moved on although nobody had confirmed this step.";
    case CUSTODY_OTHER_SEAL:
        return "The receiver read another number than that of its seal.";
    case CUSTODY_ONE_PERSON:
        return "The same person handed it over and confirmed it.";
    case CUSTODY_NO_TIME:
        return "No time was given.";
    case CUSTODY_FAULTS:
        break;
    }
    return "";
}

static int line_order(const void *x, const void *y)
{
    const struct custody_line *a = x, *b = y;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    if (a->seq != b->seq) return a->seq < b->seq ? -1 : 1;
    return str_compare(a->id, b->id);
}

static bool is_done(const struct custody_line *line)
{
    return line->confirmed_ms != INT64_MIN ||
           (line->act != CUSTODY_HAND_OVER && line->act != CUSTODY_RETURN && line->act != CUSTODY_DISPOSE);
}

static unsigned faults_of(const struct custody *c, const struct custody_line *line)
{
    unsigned fault = 0;
    bool begins = line->act == CUSTODY_BOOK || line->act == CUSTODY_FOUND || !c->booked;
    if (!begins && !str_empty(line->from) && !str_eq(line->from, c->holder)) fault |= CUSTODY_GAP;
    if (line->act == CUSTODY_BOOK && c->booked) fault |= CUSTODY_GAP;
    if (line->at_ms == INT64_MIN) fault |= CUSTODY_NO_TIME;
    if (line->confirmed_ms != INT64_MIN && line->confirmed_ms < line->at_ms) fault |= CUSTODY_BACKWARDS;
    bool seals = line->act == CUSTODY_SEAL || line->act == CUSTODY_BOOK;
    if (!seals && is_seal(line->seal) && is_seal(c->seal) && !custody_seal_same(line->seal, c->seal))
        fault |= CUSTODY_OTHER_SEAL;
    bool alone =
        line->act == CUSTODY_HAND_OVER || line->act == CUSTODY_RETURN || line->act == CUSTODY_DISPOSE;
    if (alone && !str_empty(line->confirmed_by) && str_eq(line->confirmed_by, line->by))
        fault |= CUSTODY_ONE_PERSON;
    return fault;
}

static void take_line(struct custody *c, struct custody_line *line, struct custody_line **open)
{
    if (*open != NULL) (*open)->fault |= CUSTODY_UNCONFIRMED;
    if (*open != NULL) confirm(c);
    *open = NULL;
    line->fault = faults_of(c, line);
    c->booked = true;
    if (line->at_ms != INT64_MIN) c->at_ms = line->at_ms;
    if (line->confirmed_ms != INT64_MIN && line->confirmed_ms > c->at_ms) c->at_ms = line->confirmed_ms;
    if (line->act == CUSTODY_SEAL || line->act == CUSTODY_BOOK) {
        if (is_seal(line->seal)) c->seal = line->seal;
        if (line->act == CUSTODY_BOOK) c->holder = line->to;
        return;
    }
    if (line->act == CUSTODY_MISSING || line->act == CUSTODY_FOUND) {
        c->missing = line->act == CUSTODY_MISSING;
        if (!c->missing) c->holder = line->to;
        return;
    }
    if (str_empty(c->holder)) c->holder = line->from; /* a chain that begins with a hand-over */
    begin(c, &(struct custody_step){.act = line->act,
                                    .by = {.account = line->account, .officer = line->by},
                                    .to = line->to,
                                    .at_ms = line->at_ms});
    if (is_done(line))
        confirm(c);
    else
        *open = line;
}

/* Else the number is that of the exhibit's own record, from the start. */
static bool chain_seals(const struct custody_line *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((line[i].act == CUSTODY_SEAL || line[i].act == CUSTODY_BOOK) && is_seal(line[i].seal))
            return true;
    return false;
}

struct custody custody_read(struct custody_line *line, size_t count, Str seal)
{
    struct custody c = CUSTODY_NONE;
    struct custody_line *open = NULL;
    if (count > 0) qsort(line, count, sizeof *line, line_order);
    if (!chain_seals(line, count)) c.seal = seal;
    for (size_t i = 0; i < count; i++) {
        if (line[i].ended_ms == INT64_MIN) {
            take_line(&c, &line[i], &open);
            continue;
        }
        line[i].fault = 0;
        if (line[i].ended_ms > c.at_ms) c.at_ms = line[i].ended_ms;
    }
    return c;
}
