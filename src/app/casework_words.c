#include "app/casework_words.h"

#include "app/words.h"
#include "model/feed.h"

bool check_done(enum check_state state)
{
    return state == CHECK_COMPLETED || state == CHECK_NOT_NEEDED;
}

Str casework_key_words(struct arena *a, Str key)
{
    const Str usual = S(NAMESPACE_DEFAULT ":");
    return str_starts(key, usual) ? str_copy(a, str_slice(key, usual.len, key.len)) : key;
}

Str casework_row_words(struct arena *a, const struct fact_row *row)
{
    Str of = fact_now(row, S("other"));
    Str type = fact_now(row, S("type"));
    if (str_eq(row->kind, S("link")))
        return str_format(a, "a link with %.*s", STR_ARG(casework_key_words(a, of)));
    if (str_eq(row->kind, S("near")))
        return str_format(a, "%.*s near by", STR_ARG(casework_key_words(a, of)));
    if (str_eq(row->kind, S("reading")))
        return str_format(a, "read by %.*s", STR_ARG(fact_now(row, S("reader"))));
    if (str_eq(row->kind, S("category"))) return S("the category");
    if (str_eq(row->kind, S("death"))) return S("the report");
    Str key = casework_key_words(a, row->key);
    if (!str_present(type)) return str_format(a, "%.*s %.*s", STR_ARG(row->kind), STR_ARG(key));
    struct buf words CLEANUP_BUF;
    buf_init(&words, 1 << 12);
    for (size_t i = 0; i < type.len; i++)
        buf_add_char(&words, type.ptr[i] == '_' ? ' ' : type.ptr[i]);
    return str_format(a, "%.*s %.*s (%.*s)", STR_ARG(row->kind), STR_ARG(key), STR_ARG(buf_str(&words)));
}

Str casework_who_words(struct arena *a, const struct casework *w, Str who)
{
    const struct fact_row *row = str_present(who) ? facts_find(&w->facts, who) : NULL;
    Str name = row ? fact_now(row, S("name")) : STR_NONE;
    if (!row) return who;
    Str key = casework_key_words(a, who);
    return str_empty(name) ? key : str_format(a, "%.*s (%.*s)", STR_ARG(key), STR_ARG(name));
}

Str casework_subject_words(struct arena *a, const struct casework *w, const struct check_item *item)
{
    if (str_eq(item->subject, w->facts.death)) return S("");
    const struct fact_row *row = facts_find(&w->facts, item->subject);
    Str name = row ? fact_now(row, S("name")) : STR_NONE;
    if (row && str_empty(name)) return casework_row_words(a, row);
    Str key = casework_key_words(a, item->subject);
    if (!str_empty(name)) return str_format(a, "%.*s (%.*s)", STR_ARG(key), STR_ARG(name));
    struct buf words CLEANUP_BUF; /* a code: "time_of_death" */
    buf_init(&words, 1 << 12);
    for (size_t i = 0; i < key.len; i++)
        buf_add_char(&words, key.ptr[i] == '_' ? ' ' : key.ptr[i]);
    return str_copy(a, buf_str(&words));
}

static void add_due(struct buf *b, struct arena *a, const struct check_item *item)
{
    if (item->due_ms == FOREVER_MS) return;
    buf_addf(b, "; %s %.*s", item->state == CHECK_OVERDUE ? "was due by" : "due by",
             STR_ARG(words_time(a, item->due_ms)));
}

Str casework_item_words(struct arena *a, const struct casework *w, const struct check_item *item)
{
    struct buf b CLEANUP_BUF;
    Str subject = casework_subject_words(a, w, item);
    buf_init(&b, 1 << 16);
    if (subject.len > 0) buf_addf(&b, "%.*s: ", STR_ARG(subject));
    if (item->state == CHECK_COMPLETED) {
        Str who = casework_who_words(a, w, item->whom), when = words_time(a, item->since_ms);
        buf_addf(&b, "completed %.*s%s%.*s, by %.*s%s", STR_ARG(when), str_empty(who) ? "" : " by ",
                 STR_ARG(who), STR_ARG(casework_row_words(a, item->evidence[item->evidences - 1])),
                 item->late ? ", late" : "");
        return str_copy(a, buf_str(&b));
    }
    if (item->state == CHECK_NOT_NEEDED) {
        buf_addf(&b, "not needed, said %.*s with %.*s, %.*s: %.*s",
                 STR_ARG(casework_who_words(a, w, item->whom)),
                 STR_ARG(casework_who_words(a, w, item->second)), STR_ARG(words_time(a, item->since_ms)),
                 STR_ARG(item->reason));
        return str_copy(a, buf_str(&b));
    }
    if (str_present(item->whom) && item->since_ms != INT64_MIN)
        buf_addf(&b, "waiting for %.*s since %.*s; ", STR_ARG(casework_who_words(a, w, item->whom)),
                 STR_ARG(words_time(a, item->since_ms)));
    buf_addf(&b, "asked since %.*s (%.*s)", STR_ARG(words_time(a, item->opened_ms)),
             STR_ARG(casework_row_words(a, item->opened_by)));
    if (item->reopened_by)
        buf_addf(&b, "; asked again since %.*s (%.*s)", STR_ARG(words_time(a, item->reopened_ms)),
                 STR_ARG(casework_row_words(a, item->reopened_by)));
    add_due(&b, a, item);
    if (str_present(item->refused))
        buf_addf(&b, "; a decision that it is not needed does not count: %.*s", STR_ARG(item->refused));
    return str_copy(a, buf_str(&b));
}

Str casework_sum_words(struct arena *a, const struct casework *w)
{
    const struct check_report *r = &w->report;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 12);
    buf_addf(&b, "%zu of %zu done, %zu overdue.", r->done, r->count, r->in_state[CHECK_OVERDUE]);
    if (r->next) {
        const struct check_item *item = &r->next->item[r->next->next];
        buf_addf(&b, " Next: %.*s", STR_ARG(r->next->check->title));
        if (item->due_ms != FOREVER_MS)
            buf_addf(&b, ", %s %.*s", item->state == CHECK_OVERDUE ? "was due by" : "by",
                     STR_ARG(words_time(a, item->due_ms)));
        buf_add_char(&b, '.');
    }
    return str_copy(a, buf_str(&b));
}
