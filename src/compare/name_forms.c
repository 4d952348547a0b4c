/* Familiar forms of given names, as they are met in England and in the United States. */
#include "compare/name.h"

/* clang-format off */
/* form, name: sorted by both */
static const struct name_form FORMS[] = {
    {"al", "alexander"}, {"alex", "alexander"}, {"alex", "alexandra"}, {"alf", "alfred"},
    {"alfie", "alfred"}, {"ali", "alison"}, {"andy", "andrew"}, {"ant", "anthony"}, {"ant", "antony"},
    {"art", "arthur"}, {"babs", "barbara"}, {"barb", "barbara"}, {"becca", "rebecca"}, {"becky", "rebecca"},
    {"bella", "isabella"}, {"ben", "benjamin"}, {"benny", "benjamin"}, {"bert", "robert"},
    {"bess", "elizabeth"}, {"beth", "elizabeth"}, {"betty", "elizabeth"}, {"bill", "william"},
    {"billy", "william"}, {"bob", "robert"}, {"bobby", "robert"}, {"bri", "brian"}, {"carol", "caroline"},
    {"cath", "catherine"}, {"cathy", "catherine"}, {"caz", "caroline"}, {"charlie", "charles"},
    {"charlie", "charlotte"}, {"chas", "charles"}, {"chris", "christina"}, {"chris", "christine"},
    {"chris", "christopher"}, {"chrissie", "christina"}, {"chrissie", "christine"}, {"chuck", "charles"},
    {"dan", "daniel"}, {"danny", "daniel"}, {"dave", "david"}, {"davey", "david"}, {"deb", "deborah"},
    {"debbie", "deborah"}, {"dick", "richard"}, {"dot", "dorothy"}, {"dottie", "dorothy"},
    {"drew", "andrew"}, {"ed", "edward"}, {"eddie", "edward"}, {"eliza", "elizabeth"}, {"ellie", "eleanor"},
    {"em", "emily"}, {"emmy", "emily"}, {"flo", "florence"}, {"florrie", "florence"}, {"fran", "frances"},
    {"frank", "francis"}, {"frankie", "frances"}, {"fred", "alfred"}, {"fred", "frederick"},
    {"freddie", "frederick"}, {"gabe", "gabriel"}, {"geoff", "geoffrey"}, {"georgie", "george"},
    {"gerry", "gerald"}, {"greg", "gregory"}, {"greta", "margaret"}, {"hal", "harold"}, {"hal", "henry"},
    {"hank", "henry"}, {"harry", "harold"}, {"harry", "henry"}, {"izzy", "isabella"}, {"jack", "john"},
    {"jackie", "jacqueline"}, {"jake", "jacob"}, {"jamie", "james"}, {"jan", "janet"}, {"jay", "jason"},
    {"jen", "jennifer"}, {"jenny", "jennifer"}, {"jerry", "jeremy"}, {"jess", "jessica"},
    {"jessie", "jessica"}, {"jez", "jeremy"}, {"jim", "james"}, {"jimmy", "james"}, {"joe", "joseph"},
    {"joey", "joseph"}, {"johnny", "john"}, {"jon", "jonathan"}, {"jonny", "jonathan"}, {"josh", "joshua"},
    {"judy", "judith"}, {"kate", "catherine"}, {"kate", "katherine"}, {"kath", "katherine"},
    {"kath", "kathleen"}, {"kathy", "katherine"}, {"kathy", "kathleen"}, {"katie", "catherine"},
    {"katie", "katherine"}, {"ken", "kenneth"}, {"kenny", "kenneth"}, {"kim", "kimberly"},
    {"kit", "christopher"}, {"kitty", "catherine"}, {"kitty", "katherine"}, {"larry", "lawrence"},
    {"laurie", "lawrence"}, {"len", "leonard"}, {"lenny", "leonard"}, {"les", "leslie"},
    {"lex", "alexander"}, {"lexi", "alexandra"}, {"liam", "william"}, {"libby", "elizabeth"},
    {"lisa", "elizabeth"}, {"liz", "elizabeth"}, {"lizzie", "elizabeth"}, {"lottie", "charlotte"},
    {"lou", "louis"}, {"lou", "louise"}, {"lucy", "lucinda"}, {"maggie", "margaret"}, {"marge", "margaret"},
    {"marty", "martin"}, {"matt", "matthew"}, {"max", "maxwell"}, {"meg", "margaret"}, {"mick", "michael"},
    {"mickey", "michael"}, {"mike", "michael"}, {"mo", "mohammed"}, {"mohd", "mohammed"},
    {"nat", "nathaniel"}, {"nathan", "nathaniel"}, {"ned", "edward"}, {"nell", "eleanor"},
    {"nick", "nicholas"}, {"nicky", "nicholas"}, {"nicky", "nicola"}, {"nora", "eleanor"},
    {"ollie", "oliver"}, {"paddy", "patrick"}, {"pam", "pamela"}, {"pat", "patricia"}, {"pat", "patrick"},
    {"patsy", "patricia"}, {"peggy", "margaret"}, {"penny", "penelope"}, {"pete", "peter"},
    {"phil", "philip"}, {"pip", "philip"}, {"ray", "raymond"}, {"reg", "reginald"}, {"rich", "richard"},
    {"richie", "richard"}, {"rick", "richard"}, {"ricky", "richard"}, {"rob", "robert"},
    {"robbie", "robert"}, {"rod", "roderick"}, {"ron", "ronald"}, {"ronnie", "ronald"},
    {"rose", "rosemary"}, {"rosie", "rosemary"}, {"sally", "sarah"}, {"sam", "samantha"}, {"sam", "samuel"},
    {"sammy", "samantha"}, {"sammy", "samuel"}, {"sandra", "alexandra"}, {"sandy", "alexander"},
    {"seb", "sebastian"}, {"si", "simon"}, {"sid", "sidney"}, {"stan", "stanley"}, {"steph", "stephanie"},
    {"steve", "stephen"}, {"steve", "steven"}, {"stevie", "stephen"}, {"stevie", "steven"},
    {"stu", "stuart"}, {"sue", "susan"}, {"susie", "susan"}, {"ted", "edward"}, {"ted", "theodore"},
    {"teddy", "edward"}, {"teddy", "theodore"}, {"terry", "terence"}, {"terry", "theresa"},
    {"tess", "theresa"}, {"theo", "theodore"}, {"tim", "timothy"}, {"tina", "christina"},
    {"tina", "christine"}, {"tom", "thomas"}, {"tommy", "thomas"}, {"tony", "anthony"}, {"tony", "antony"},
    {"topher", "christopher"}, {"tori", "victoria"}, {"trish", "patricia"}, {"vicky", "victoria"},
    {"vince", "vincent"}, {"wally", "walter"}, {"walt", "walter"}, {"will", "william"},
    {"willie", "william"}, {"xander", "alexander"}, {"zac", "zachary"}, {"zach", "zachary"},
};
/* clang-format on */

const struct name_forms NAME_FORMS_ENGLISH = {FORMS, COUNT_OF(FORMS)};

/* The first row with this form; where it would stand when there is none. */
static size_t first_row(const struct name_forms *forms, Str form)
{
    size_t low = 0, high = forms->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(str_of(forms->item[middle].form), form) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool form_of(const struct name_forms *forms, Str form, Str name)
{
    for (size_t i = first_row(forms, form); i < forms->count && str_eq(str_of(forms->item[i].form), form);
         i++)
        if (str_eq(str_of(forms->item[i].name), name)) return true;
    return false;
}

bool name_forms_related(const struct name_forms *forms, Str a, Str b)
{
    if (form_of(forms, a, b) || form_of(forms, b, a)) return true;
    /* two forms of one name: "bill" and "will" */
    for (size_t i = first_row(forms, a); i < forms->count && str_eq(str_of(forms->item[i].form), a); i++)
        if (form_of(forms, b, str_of(forms->item[i].name))) return true;
    return false;
}
