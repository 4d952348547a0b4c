/* serve: the pages, until it is told to stop. */
#include "app/demonstration.h"
#include "app/service.h"
#include "cli/begin.h"
#include "web/serve.h"

#include <signal.h>
#include <stdio.h>

static struct service_options options_of(const struct cli *c)
{
    const struct option_value *from = cli_option(c, "play-from");
    return (struct service_options){.dir = cli_path(c, "data"),
                                    .model = cli_path(c, "model"),
                                    .checks = cli_path(c, "checks"),
                                    .play = c->operand,
                                    .play_count = c->operand_count,
                                    .play_ms = from->given ? from->whole : 0};
}

static enum status check_options(const struct service_options *o, bool from_given, struct err *e)
{
    if ((o->play_count > 0) != from_given)
        return ERR(
            e, E_INVALID, "play-from",
            "a demonstration needs both: feeds to play, and --play-from, the moment at which it begins.");
    return OK;
}

/* Signals wait from now on for stop_wait, in this thread and in those it starts. */
static void stop_prepare(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    MUST(pthread_sigmask(SIG_BLOCK, set, NULL) == 0);
    signal(SIGPIPE, SIG_IGN);
}

static void say_address(struct cli *c, const struct http_config *h, uint16_t port, const struct service *s)
{
    struct demonstration_account list[DEMONSTRATION_ACCOUNTS_MAX];
    bool is_six = str_find_char(str_of(h->address), ':') != STR_NPOS;
    print_line(c->out, "Colligate answers at http://%s%s%s:%u", is_six ? "[" : "", h->address,
               is_six ? "]" : "", (unsigned)port);
    size_t count = demonstration_accounts_list(s, c->arena, list);
    if (count > 0) {
        print_line(c->out, "%s", "");
        print_line(c->out, "Invented people to sign in as, each with the password: %s",
                   DEMONSTRATION_PASSWORD);
        for (size_t i = 0; i < count; i++)
            print_labelled(c->out, str_format(c->arena, "  %.*s", STR_ARG(list[i].name)), 12, list[i].about);
    }
    print_line(c->out, "%s", "");
    print_line(c->out, "It listens without TLS: on loopback, behind a proxy that has it. Ctrl-C stops it.");
}

static enum status run(struct cli *c, struct service *s, const struct http_config *config,
                       const sigset_t *set, struct err *e)
{
    struct http_server *server = NULL;
    int signal_number = 0;
    TRY(serve_start(s, config, &server, e));
    say_address(c, config, http_port(server), s);
    enum status status = screen_flush(c->out, e);
    if (status == OK) MUST(sigwait(set, &signal_number) == 0);
    http_stop(server);
    return status;
}

enum status cmd_serve(struct cli *c, struct err *e)
{
    struct service_options options = options_of(c);
    struct http_config config = HTTP_CONFIG_DEFAULT;
    struct service s;
    sigset_t set;
    TRY(check_options(&options, cli_option(c, "play-from")->given, e));
    TRY(serve_listen_parse(c->arena, cli_text(c, "listen"), &config, e));
    stop_prepare(&set);
    enum status status = service_open(c->arena, &options, &s, e);
    if (status == OK) status = run(c, &s, &config, &set, e);
    service_close(&s);
    return status;
}
