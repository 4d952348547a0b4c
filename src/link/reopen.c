#include "link/reopen.h"

#include "base/hash.h"

enum status decision_check(const struct reopen_rules *rules, const struct link_decision *d, struct err *e)
{
    if (str_empty(str_trim(d->by)))
        return ERR(e, E_INVALID, "by", "A decision needs a person who takes it: give a name.");
    if (d->kind == DECISION_LINKED) return OK;
    if (str_empty(str_trim(d->reason)))
        return ERR(e, E_INVALID, "reason",
                   "\"%s\" needs a reason: say what speaks against the link, or why it was declined.",
                   d->kind == DECISION_REFUSED ? "refused" : "not linked");
    bool seconded = !str_empty(str_trim(d->second)) && !str_eq_nocase(str_trim(d->second), str_trim(d->by));
    if (d->facts.score_db >= rules->strong_db && !seconded)
        return ERR(
            e, E_DENIED, "second",
            "The evidence weighs %.1f tenfold steps (strong from %.1f on): a second person must approve.",
            d->facts.score_db / 10.0, rules->strong_db / 10.0);
    return OK;
}

enum reopen_why decision_reopens(const struct reopen_rules *rules, const struct link_decision *d,
                                 const struct link_facts *now)
{
    const struct link_facts *then = &d->facts;
    if (now->digest == then->digest) return REOPEN_NOT;
    if (d->kind == DECISION_LINKED)
        return now->score_db * 2 <= then->score_db ? REOPEN_WEIGHT_FELL : REOPEN_NOT;
    if (now->score_db > then->score_db) {
        bool alone = then->score_db < rules->strong_db;
        return alone && now->score_db >= rules->strong_db ? REOPEN_STRONG : REOPEN_WEIGHT_ROSE;
    }
    return now->members > then->members ? REOPEN_GREW : REOPEN_NOT;
}

const char *reopen_words(enum reopen_why why)
{
    switch (why) {
    case REOPEN_NOT:
        return "";
    case REOPEN_WEIGHT_ROSE:
        return "Something new has become known that speaks for the link.";
    case REOPEN_STRONG:
        return "Something new has become known, and the evidence is strong now: two people have to look.";
    case REOPEN_GREW:
        return "Another event has joined since this was decided.";
    case REOPEN_WEIGHT_FELL:
        return "Something new has become known that takes away half or more of the evidence.";
    }
    BUG("no such reason %d", (int)why);
}

uint64_t facts_digest_add(uint64_t digest, Str id, uint64_t facts)
{
    return digest + hash64_mix(hash64(id), facts); /* a sum: the order does not matter */
}
