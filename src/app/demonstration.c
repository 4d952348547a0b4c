#include "app/demonstration.h"

struct invented {
    Str name, person, unit, officer, about;
    RoleSet roles;
};

/* Their officers are records of demo/people.ndjson. */
static const struct invented PEOPLE[] = {
    {S_INIT("reid"), S_INIT("PC Dana Reid"), S_INIT("KG"), S_INIT("DEMO-REID"),
     S_INIT("response officer, Barking: attends and reports"), ROLE_BIT(ROLE_RESPONSE)},
    {S_INIT("bell"), S_INIT("Sgt Owen Bell"), S_INIT("KG"), S_INIT("DEMO-BELL"),
     S_INIT("supervisor, Barking: reviews reports"), ROLE_BIT(ROLE_SUPERVISOR)},
    {S_INIT("hart"), S_INIT("DI Priya Hart"), S_INIT("KG"), S_INIT("DEMO-HART"),
     S_INIT("detective, Barking: investigates and decides"), ROLE_BIT(ROLE_DETECTIVE)},
    {S_INIT("cole"), S_INIT("Marta Cole"), S_INIT("KG"), S_INIT("DEMO-COLE"),
     S_INIT("crime analyst: works the suggested links"), ROLE_BIT(ROLE_ANALYST)},
    {S_INIT("sato"), S_INIT("Ken Sato"), S_INIT("CE"), S_INIT("DEMO-SATO"),
     S_INIT("crime analyst of another unit: second pair of eyes"), ROLE_BIT(ROLE_ANALYST)},
    {S_INIT("marsh"), S_INIT("DCI Ruth Marsh"), S_INIT("HOM"), S_INIT("DEMO-MARSH"),
     S_INIT("specialist homicide: answers requests"), ROLE_BIT(ROLE_SPECIALIST)},
    {S_INIT("lane"), S_INIT("Tom Lane"), S_INIT("KG"), S_INIT("DEMO-LANE"),
     S_INIT("exhibits officer, Barking"), ROLE_BIT(ROLE_EXHIBITS)},
    {S_INIT("hayes"), S_INIT("DC Amy Hayes"), S_INIT("KG"), S_INIT("DEMO-HAYES"),
     S_INIT("family liaison officer, Barking"), ROLE_BIT(ROLE_FAMILY)},
    {S_INIT("penn"), S_INIT("Joan Penn"), S_INIT(""), S_INIT("DEMO-PENN"), S_INIT("coroner's officer"),
     ROLE_BIT(ROLE_CORONER_OFFICER)},
    {S_INIT("wynn"), S_INIT("Alex Wynn"), S_INIT(""), S_INIT(""), S_INIT("inspectorate auditor: looks back"),
     ROLE_BIT(ROLE_AUDITOR)},
    {S_INIT("ford"), S_INIT("Lee Ford"), S_INIT(""), S_INIT("DEMO-FORD"), S_INIT("professional standards"),
     ROLE_BIT(ROLE_STANDARDS)},
    {S_INIT("admin"), S_INIT("Sam Okoro"), S_INIT(""), S_INIT(""),
     S_INIT("administrator: people, units, policy"), ROLE_BIT(ROLE_ADMINISTRATOR)},
};
_Static_assert(COUNT_OF(PEOPLE) <= DEMONSTRATION_ACCOUNTS_MAX, "all fit the list");

static const struct actor MAKER = {
    .name = S_INIT("colligate"), .role = S_INIT("administrator"), .origin = S_INIT("demonstration")};

static int64_t real_now_ms(void)
{
    struct clock real = clock_system();
    return clock_now_ms(&real);
}

/* A link for the account, which is made if it is not there; a second factor from before is forgotten. */
static enum status invite(struct store *store, const struct invented *p, struct account *out, Token *link,
                          struct arena *a, struct err *e)
{
    struct err none = {0};
    struct account given = {
        .name = p->name, .person = p->person, .unit = p->unit, .officer = p->officer, .roles = p->roles};
    enum status status = account_find(store, p->name, a, out, &none);
    if (status == OK) return account_invite(store, &MAKER, p->name, link, e);
    if (status != E_NOT_FOUND) return ERR(e, status, "", "%s", none.text);
    TRY(account_make(store, &MAKER, &given, link, e));
    return account_find(store, p->name, a, out, e);
}

static enum status second_factor(struct store *store, const struct account *x,
                                 struct demonstration_secret *out, struct err *e)
{
    char code[7];
    TRY(second_factor_begin(store, x->number, out->secret, e));
    /* of the step before, so that the present one serves for signing in */
    totp_code(out->secret, real_now_ms() - 30000, code);
    TRY(second_factor_confirm(store, x->number, str_of(code), e));
    out->known = true;
    return OK;
}

enum status demonstration_accounts_make(struct service *s, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("the accounts of a demonstration", (size_t)1 << 20);
    struct store *store = s->session.store;
    for (size_t i = 0; i < COUNT_OF(PEOPLE); i++) {
        struct account x;
        Token link;
        TRY(invite(store, &PEOPLE[i], &x, &link, scratch, e));
        TRY(invitation_accept(store, str_of(link.text), S(DEMONSTRATION_PASSWORD), e));
        if (roles_privileged(PEOPLE[i].roles)) TRY(second_factor(store, &x, &s->secret[i], e));
    }
    return OK;
}

size_t demonstration_accounts_list(const struct service *s, struct arena *a,
                                   struct demonstration_account out[DEMONSTRATION_ACCOUNTS_MAX])
{
    if (s->stage == NULL) return 0;
    for (size_t i = 0; i < COUNT_OF(PEOPLE); i++) {
        char code[7] = "";
        if (s->secret[i].known) totp_code(s->secret[i].secret, real_now_ms(), code);
        out[i] = (struct demonstration_account){
            PEOPLE[i].name, str_format(a, "%.*s, %.*s", STR_ARG(PEOPLE[i].person), STR_ARG(PEOPLE[i].about)),
            str_copy(a, str_of(code))};
    }
    return COUNT_OF(PEOPLE);
}
