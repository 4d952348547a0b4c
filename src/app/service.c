#include "app/service.h"

#include "app/casework.h"
#include "app/demonstration.h"
#include "app/linking.h"
#include "app/links.h"
#include "app/live_casework.h"
#include "app/news.h"
#include "app/notices.h"
#include "app/stage.h"
#include "app/word_index.h"
#include "app/work.h"

static const struct actor SERVICE = {
    .name = S_INIT("colligate"), .role = S_INIT("service"), .origin = S_INIT("service")};

static enum status stage_begin(const struct service_options *o, struct service *s, struct err *e)
{
    if (o->play_count == 0) return OK;
    TRY(stage_new(&s->session.policy, o->play, o->play_count, o->play_ms, &s->stage, e));
    s->session.env.clock = stage_clock(s->stage);
    s->session.env.sign_in = clock_system(); /* the telephone with the second factor knows no other */
    return OK;
}

/* What became known before the demonstration begins, or before it was stopped the last time. */
static enum status stage_fill(struct service *s, struct err *e)
{
    struct store_place head;
    size_t lines = 0;
    if (s->stage == NULL) return OK;
    TRY(store_head(s->session.store, &head, e));
    struct actor feed = {.name = S("demonstration"), .role = S("feed"), .origin = S("demonstration")};
    int64_t now_ms = clock_now_ms(&s->session.env.clock),
            from_ms = now_ms > head.known_ms ? now_ms : head.known_ms;
    return stage_move(s->stage, s->session.store, &feed, from_ms, &lines, e);
}

static enum status linker_start(const struct service_options *o, struct service *s, struct arena *a,
                                struct err *e)
{
    s->link_model = NEW(a, struct link_model);
    s->link_policy = NEW(a, struct link_policy);
    TRY(linking_model(a, o->model, s->link_model, e));
    s->second_look = NEW(a, struct second_look);
    TRY(linking_second_look(a, NULL, s->second_look, e));
    TRY(links_policy(a, s->link_policy, e));
    struct live_options options = {.store = s->session.store,
                                   .env = &s->session.env,
                                   .model = s->link_model,
                                   .look = s->second_look,
                                   .work = s->link_policy};
    return live_start(&options, &s->live, e);
}

/* The linker has taken the ledger up to there into account. */
static bool linker_settled(void *state, uint64_t seq, int timeout_ms)
{
    return live_wait(state, seq, timeout_ms);
}

static enum status index_start(struct service *s, struct arena *a, struct err *e)
{
    struct casework_live *from = NEW(a, struct casework_live);
    struct casework_links *links = NEW(a, struct casework_links);
    /* what is restricted stays out: the index is read by everybody */
    *from = (struct casework_live){.live = s->live, .side = LIVE_OPEN};
    *links = casework_of_live(from);
    struct work_options options = {.session = &s->session,
                                   .pack = &s->checks,
                                   .links = links,
                                   .settle = linker_settled,
                                   .settle_state = s->live};
    return work_start(&options, &s->work, e);
}

enum status service_open(struct arena *a, const struct service_options *options, struct service *out,
                         struct err *e)
{
    *out = (struct service){
        .roll = roll_new(), .exhibits = exhibit_register_new(), .started_us = clock_ticks_us()};
    TRY(session_prepare(a, options->dir, &SERVICE, &out->session, e));
    if (options->clock.now_ms != NULL) out->session.env.clock = options->clock;
    TRY(casework_pack(a, options->checks == NULL ? S("england-wales") : str_of(options->checks), &out->checks,
                      e));
    TRY(stage_begin(options, out, e));
    TRY(store_open(options->dir, STORE_WRITE, &out->session.env, &out->session.store, e));
    TRY(stage_fill(out, e));
    if (out->stage != NULL) TRY(demonstration_accounts_make(out, e));
    TRY(roll_follow(out->roll, out->session.store, e));
    TRY(exhibit_register_follow(out->exhibits, out->session.store, e));
    TRY(word_index_start(out->session.store, &out->words, e));
    TRY(linker_start(options, out, a, e));
    TRY(index_start(out, a, e));
    TRY(news_start(out, &out->news, e));
    return notices_start(out, &out->notices, e);
}

void service_close(struct service *s)
{
    notices_stop(s->notices);
    news_stop(s->news);
    work_stop(s->work);
    live_stop(s->live);
    word_index_stop(s->words);
    session_close(&s->session);
    roll_free(s->roll);
    exhibit_register_free(s->exhibits);
    stage_free(s->stage);
    *s = (struct service){0};
}

int64_t service_now_ms(const struct service *s)
{
    return clock_now_ms(&s->session.env.clock);
}
