#include "model/address_words.h"
#include "base/utf8.h"

struct entry {
    const char *word, *canonical;
    unsigned use;
};

#define TEXT_BYTES_MAX 1000

#define ROAD     USE_ROAD
#define SOFT     USE_SOFT
#define BUILDING (USE_SOFT | USE_BUILDING)
#define PLACE    USE_PLACE
#define NATURE   (USE_PLACE | USE_TOWNISH)

/* Sorted by word. The street words follow Royal Mail's and the United States Postal Service's
 * published lists of abbreviations (Publication 28, appendix C1). */
static const struct entry entry[] = {
    {"#", "", USE_UNIT},
    {"abbey", "", NATURE},
    {"above", "", USE_VAGUE},
    {"academy", "", PLACE},
    {"across", "", USE_VAGUE},
    {"adjacent", "", USE_VAGUE},
    {"against", "", USE_VAGUE},
    {"airport", "", PLACE},
    {"alley", "", ROAD},
    {"allotments", "", PLACE},
    {"aly", "alley", ROAD},
    {"apartment", "", USE_UNIT},
    {"apartments", "", BUILDING},
    {"apartmnet", "apartment", USE_UNIT},
    {"appartment", "apartment", USE_UNIT},
    {"approach", "", SOFT},
    {"appt", "apartment", USE_UNIT},
    {"apt", "apartment", USE_UNIT},
    {"apts", "apartments", BUILDING},
    {"area", "", USE_REMARK},
    {"arena", "", PLACE},
    {"arms", "", PLACE},
    {"at", "", USE_VAGUE},
    {"attic", "", USE_POSITION},
    {"av", "avenue", ROAD},
    {"ave", "avenue", ROAD},
    {"aven", "avenue", ROAD},
    {"avenue", "", ROAD},
    {"avn", "avenue", ROAD},
    {"backyard", "", USE_REMARK},
    {"bank", "", SOFT},
    {"bar", "", NATURE},
    {"basement", "", USE_POSITION},
    {"bathroom", "", USE_REMARK},
    {"beach", "", NATURE},
    {"bedsit", "", USE_UNIT},
    {"behind", "", USE_VAGUE},
    {"beneath", "", USE_VAGUE},
    {"beside", "", USE_VAGUE},
    {"between", "", USE_VAGUE},
    {"bld", "block", USE_BLOCK},
    {"bldg", "block", USE_BLOCK},
    {"blk", "block", USE_BLOCK},
    {"block", "", USE_BLOCK},
    {"blvd", "boulevard", ROAD},
    {"boul", "boulevard", ROAD},
    {"boulevard", "", ROAD},
    {"bound", "", USE_REMARK},
    {"bridge", "", NATURE},
    {"broadway", "", SOFT | USE_ALONE},
    {"bsmt", "basement", USE_POSITION},
    {"building", "block", USE_BLOCK},
    {"buildings", "", BUILDING},
    {"bulding", "block", USE_BLOCK},
    {"buliding", "block", USE_BLOCK},
    {"by", "", USE_VAGUE},
    {"bypass", "", ROAD},
    {"cafe", "", PLACE},
    {"campsite", "", PLACE},
    {"canal", "", NATURE},
    {"car", "", USE_REMARK},
    {"carpark", "", PLACE},
    {"cathedral", "", PLACE},
    {"causeway", "", ROAD},
    {"cemetery", "", PLACE},
    {"center", "centre", PLACE},
    {"centre", "", PLACE},
    {"chapel", "", PLACE},
    {"church", "", PLACE},
    {"churchyard", "", PLACE},
    {"cinema", "", PLACE},
    {"cir", "circle", ROAD},
    {"circle", "", ROAD},
    {"circus", "", SOFT},
    {"cl", "close", ROAD},
    {"clinic", "", PLACE},
    {"close", "", ROAD},
    {"club", "", PLACE},
    {"college", "", PLACE},
    {"common", "", SOFT},
    {"corner", "", USE_REMARK},
    {"cottage", "", BUILDING},
    {"cottages", "", BUILDING},
    {"court", "", BUILDING},
    {"cove", "", SOFT},
    {"cr", "crescent", ROAD},
    {"cres", "crescent", ROAD},
    {"crescent", "", ROAD},
    {"crk", "creek", 0},
    {"crossing", "", SOFT},
    {"crt", "court", BUILDING},
    {"ct", "court", BUILDING},
    {"cta", "", USE_REMARK},
    {"cv", "cove", SOFT},
    {"depot", "", PLACE},
    {"door", "", USE_REMARK},
    {"down", "", 0},
    {"dr", "drive", ROAD},
    {"drive", "", ROAD},
    {"driveway", "", USE_REMARK},
    {"drv", "drive", ROAD},
    {"e", "east", USE_DIRECTION},
    {"east", "", USE_DIRECTION},
    {"eastbound", "", USE_REMARK},
    {"eb", "", USE_REMARK},
    {"embankment", "", SOFT | USE_ALONE},
    {"end", "", SOFT},
    {"entrance", "", USE_REMARK},
    {"esplanade", "", SOFT},
    {"est", "estate", SOFT},
    {"estate", "", SOFT},
    {"estates", "", SOFT},
    {"expressway", "", ROAD},
    {"expwy", "expressway", ROAD},
    {"expy", "expressway", ROAD},
    {"factory", "", PLACE},
    {"farm", "", NATURE},
    {"field", "", NATURE},
    {"fields", "", NATURE},
    {"fl", "floor", USE_FLOOR},
    {"flat", "", USE_UNIT},
    {"flats", "", USE_REMARK},
    {"floor", "", USE_FLOOR},
    {"flr", "floor", USE_FLOOR},
    {"flt", "flat", USE_UNIT},
    {"forest", "", NATURE},
    {"found", "", USE_REMARK},
    {"freeway", "", ROAD},
    {"from", "", USE_VAGUE},
    {"front", "", USE_POSITION | USE_REMARK},
    {"ft", "fort", 0},
    {"fwy", "freeway", ROAD},
    {"garage", "", PLACE},
    {"garages", "", PLACE},
    {"garden", "", 0},
    {"gardens", "", SOFT},
    {"gate", "", SOFT},
    {"gdn", "gardens", SOFT},
    {"gdns", "gardens", SOFT},
    {"gr", "grove", SOFT},
    {"grange", "", BUILDING | USE_TOWNISH},
    {"green", "", SOFT},
    {"grn", "green", SOFT},
    {"grounds", "", USE_REMARK},
    {"grove", "", SOFT},
    {"grv", "grove", SOFT},
    {"hall", "", BUILDING},
    {"hallway", "", USE_REMARK},
    {"harbour", "", NATURE},
    {"heath", "", SOFT},
    {"heights", "", BUILDING | USE_TOWNISH},
    {"hi", "high", 0},
    {"highway", "", ROAD | USE_ROUTE},
    {"hill", "", SOFT},
    {"hl", "hill", SOFT},
    {"hmp", "", PLACE},
    {"home", "", PLACE},
    {"hosp", "hospital", PLACE},
    {"hospice", "", PLACE},
    {"hospital", "", PLACE},
    {"hostel", "", PLACE},
    {"hotel", "", PLACE},
    {"house", "", BUILDING},
    {"housing", "", USE_REMARK},
    {"hse", "house", BUILDING},
    {"hts", "heights", BUILDING | USE_TOWNISH},
    {"hwy", "highway", ROAD | USE_ROUTE},
    {"i", "", USE_ROUTE},
    {"in", "", USE_VAGUE},
    {"infirmary", "", PLACE},
    {"inn", "", PLACE},
    {"inside", "", USE_VAGUE},
    {"intersection", "", USE_REMARK},
    {"interstate", "i", USE_ROUTE},
    {"jail", "", PLACE},
    {"jct", "&", 0},
    {"junction", "&", 0},
    {"la", "lane", ROAD},
    {"lake", "", NATURE},
    {"land", "", USE_REMARK},
    {"landing", "", SOFT},
    {"lane", "", ROAD},
    {"lawn", "", USE_REMARK},
    {"level", "floor", USE_FLOOR},
    {"library", "", PLACE},
    {"line", "", USE_REMARK},
    {"ln", "lane", ROAD},
    {"lobby", "", USE_REMARK},
    {"location", "", USE_REMARK},
    {"lock", "", NATURE},
    {"lodge", "", BUILDING},
    {"loop", "", SOFT},
    {"lot", "", USE_UNIT},
    {"lower", "", USE_POSITION},
    {"lwr", "lower", USE_POSITION},
    {"mall", "", SOFT | USE_ALONE},
    {"manor", "", BUILDING | USE_TOWNISH},
    {"mansions", "", BUILDING},
    {"marina", "", PLACE},
    {"market", "", NATURE},
    {"marsh", "", NATURE},
    {"marshes", "", NATURE},
    {"meadow", "", SOFT},
    {"meadows", "", SOFT},
    {"mews", "", SOFT},
    {"mill", "", NATURE},
    {"mosque", "", PLACE},
    {"motel", "", PLACE},
    {"motorway", "", ROAD},
    {"mt", "mount", 0},
    {"museum", "", PLACE},
    {"n", "north", USE_DIRECTION},
    {"nb", "", USE_REMARK},
    {"ne", "northeast", USE_DIRECTION},
    {"near", "", USE_VAGUE},
    {"nearby", "", USE_VAGUE},
    {"next", "", USE_VAGUE},
    {"no", "", USE_NUMBER_OF},
    {"north", "", USE_DIRECTION},
    {"northbound", "", USE_REMARK},
    {"northeast", "", USE_DIRECTION},
    {"northwest", "", USE_DIRECTION},
    {"nos", "", USE_NUMBER_OF},
    {"nr", "", USE_VAGUE},
    {"num", "", USE_NUMBER_OF},
    {"number", "", USE_NUMBER_OF},
    {"nw", "northwest", USE_DIRECTION},
    {"off", "", USE_VAGUE},
    {"offramp", "", USE_REMARK},
    {"on", "", USE_VAGUE},
    {"opp", "", USE_VAGUE},
    {"opposite", "", USE_VAGUE},
    {"outside", "", USE_VAGUE},
    {"over", "", USE_VAGUE},
    {"parade", "", SOFT},
    {"park", "", SOFT},
    {"parking", "", USE_REMARK},
    {"parkway", "", ROAD},
    {"passage", "", SOFT},
    {"path", "", SOFT},
    {"pavement", "", USE_REMARK},
    {"pde", "parade", SOFT},
    {"penthouse", "", USE_POSITION},
    {"ph", "penthouse", USE_POSITION},
    {"pier", "", NATURE},
    {"pike", "", SOFT},
    {"pk", "park", SOFT},
    {"pkway", "parkway", ROAD},
    {"pkwy", "parkway", ROAD},
    {"pky", "parkway", ROAD},
    {"pl", "place", SOFT},
    {"place", "", SOFT},
    {"platform", "", USE_REMARK},
    {"playground", "", PLACE},
    {"plaza", "", SOFT},
    {"plot", "", USE_UNIT},
    {"plz", "plaza", SOFT},
    {"point", "", BUILDING | USE_TOWNISH},
    {"pond", "", NATURE},
    {"porch", "", USE_REMARK},
    {"precinct", "", PLACE},
    {"prison", "", PLACE},
    {"promenade", "", SOFT},
    {"pt", "point", BUILDING},
    {"pub", "", PLACE},
    {"quay", "", SOFT},
    {"ramp", "", USE_REMARK},
    {"rd", "road", ROAD},
    {"rear", "", USE_POSITION | USE_REMARK},
    {"reserve", "", PLACE},
    {"reservoir", "", PLACE},
    {"restaurant", "", PLACE},
    {"rise", "", SOFT},
    {"river", "", NATURE},
    {"rm", "room", USE_ROOM},
    {"road", "", ROAD},
    {"room", "", USE_ROOM},
    {"route", "highway", USE_ROUTE},
    {"row", "", SOFT},
    {"rt", "highway", USE_ROUTE},
    {"rte", "highway", USE_ROUTE},
    {"run", "", SOFT},
    {"s", "south", USE_DIRECTION},
    {"sb", "", USE_REMARK},
    {"school", "", PLACE},
    {"se", "southeast", USE_DIRECTION},
    {"shelter", "", PLACE},
    {"side", "", USE_REMARK},
    {"somewhere", "", USE_REMARK},
    {"south", "", USE_DIRECTION},
    {"southbound", "", USE_REMARK},
    {"southeast", "", USE_DIRECTION},
    {"southwest", "", USE_DIRECTION},
    {"sq", "square", SOFT},
    {"square", "", SOFT},
    {"st", "street", ROAD},
    {"stadium", "", PLACE},
    {"stairs", "", USE_REMARK},
    {"stairway", "", USE_REMARK},
    {"stairwell", "", USE_REMARK},
    {"station", "", PLACE},
    {"ste", "suite", USE_UNIT},
    {"stn", "station", PLACE},
    {"stop", "", USE_REMARK},
    {"str", "street", ROAD},
    {"strand", "", USE_ALONE},
    {"street", "", ROAD},
    {"studio", "", USE_UNIT},
    {"suite", "", USE_UNIT},
    {"supermarket", "", PLACE},
    {"surgery", "", PLACE},
    {"sw", "southwest", USE_DIRECTION},
    {"synagogue", "", PLACE},
    {"tavern", "", PLACE},
    {"temple", "", NATURE},
    {"ter", "terrace", ROAD},
    {"terr", "terrace", ROAD},
    {"terrace", "", ROAD},
    {"theatre", "", PLACE},
    {"to", "", USE_VAGUE},
    {"tower", "", BUILDING},
    {"towers", "", BUILDING},
    {"towpath", "", PLACE},
    {"tpke", "turnpike", ROAD},
    {"trail", "", ROAD},
    {"trailer", "", USE_UNIT},
    {"trailor", "trailer", USE_UNIT},
    {"train", "", USE_REMARK},
    {"trl", "trail", ROAD},
    {"trlr", "trailer", USE_UNIT},
    {"tunnel", "", PLACE},
    {"turnpike", "", ROAD},
    {"under", "", USE_VAGUE},
    {"underpass", "", PLACE},
    {"unit", "", USE_UNIT},
    {"university", "", PLACE},
    {"unknown", "", USE_REMARK},
    {"up", "upper", USE_POSITION},
    {"upper", "", USE_POSITION},
    {"upr", "upper", USE_POSITION},
    {"us", "highway", USE_ROUTE},
    {"vale", "", SOFT},
    {"vehicle", "", USE_REMARK},
    {"viaduct", "", PLACE},
    {"view", "", SOFT},
    {"villa", "", BUILDING},
    {"villas", "", BUILDING},
    {"vw", "view", SOFT},
    {"w", "west", USE_DIRECTION},
    {"walk", "", SOFT},
    {"wall", "", USE_REMARK},
    {"warehouse", "", PLACE},
    {"washroom", "", USE_REMARK},
    {"way", "", ROAD},
    {"wb", "", USE_REMARK},
    {"west", "", USE_DIRECTION},
    {"westbound", "", USE_REMARK},
    {"wharf", "", SOFT},
    {"wk", "walk", SOFT},
    {"wood", "", NATURE},
    {"woods", "", NATURE},
    {"works", "", PLACE},
    {"wy", "way", ROAD},
    {"yard", "", SOFT},
    {"yd", "yard", SOFT},
};

static const struct entry *find_entry(Str word)
{
    size_t low = 0, high = COUNT_OF(entry);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(str_of(entry[middle].word), word);
        if (order == 0) return &entry[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

unsigned address_uses(Str word)
{
    const struct entry *found = find_entry(word);
    return found != NULL ? found->use : 0;
}

static bool in_list(Str word, const char *list)
{
    Str rest = str_of(list), piece;
    while (str_next(&rest, ' ', &piece))
        if (str_eq(piece, word)) return true;
    return false;
}

bool address_is_us_state(Str word)
{
    return in_list(
        word, "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh "
              "nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy");
}

bool address_is_country(Str word)
{
    return in_list(word, "uk gb usa england wales scotland");
}

/* Districts and towns whose names end like a street or a place: alone they say nothing about an address. */
bool address_is_town(Str name)
{
    static const char *const town[] = {
        "abbey wood",     "bethnal green",  "blue island",     "bounds green",  "brook green",
        "canada water",   "chadwell heath", "chicago heights", "colliers wood", "country club hills",
        "crystal palace", "denmark hill",   "dollis hill",     "finsbury park", "forest gate",
        "forest hill",    "forest park",    "gipsy hill",      "golders green", "gospel oak",
        "grove park",     "hales corners",  "harold hill",     "harold wood",   "harwood heights",
        "herne hill",     "highland park",  "hither green",    "kensal green",  "kensal rise",
        "lake forest",    "manor park",     "maryland point",  "melrose park",  "mill hill",
        "muswell hill",   "newbury park",   "norwood green",   "notting hill",  "oak creek",
        "oak forest",     "oak park",       "orland park",     "palmers green", "palos heights",
        "palos hills",    "park forest",    "parsons green",   "primrose hill", "queens park",
        "raynes park",    "river forest",   "river grove",     "rush green",    "seven kings",
        "shooters hill",  "st johns wood",  "stamford hill",   "stepney green", "strawberry hill",
        "surrey quays",   "swiss cottage",  "thornton heath",  "tinley park",   "tower hill",
        "tufnell park",   "tulse hill",     "turnham green",   "upton park",    "westbourne green",
        "wood green",
    };
    for (size_t i = 0; i < COUNT_OF(town); i++)
        if (str_eq(name, str_of(town[i]))) return true;
    return false;
}

Str address_canonical(Str word)
{
    const struct entry *found = find_entry(word);
    return found == NULL || found->canonical[0] == '\0' ? word : str_of(found->canonical);
}

unsigned address_ordinal(Str word)
{
    static const char *const spelled[] = {"first", "second",  "third",  "fourth", "fifth",
                                          "sixth", "seventh", "eighth", "ninth",  "tenth"};
    for (unsigned i = 0; i < COUNT_OF(spelled); i++)
        if (str_eq(word, str_of(spelled[i]))) return i + 1;
    if (word.len < 3 || word.len > 6) return 0;
    Str tail = str_slice(word, word.len - 2, word.len), digits = str_slice(word, 0, word.len - 2);
    int64_t n = 0;
    if (!in_list(tail, "st nd rd th") || str_to_i64(digits, &n) != OK || n < 1) return 0;
    return (unsigned)n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool has_digit(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_digit(s.ptr[i])) return true;
    return false;
}

static void classify(struct word *w, bool us)
{
    const struct entry *found = find_entry(w->text);
    w->canonical = w->text;
    unsigned ordinal = address_ordinal(w->text);
    if (str_eq(w->text, S("&")))
        w->kind = WORD_JOIN;
    else if (ordinal > 0 && is_digit(w->text.ptr[0]))
        w->kind = WORD_ORDINAL;
    else if (is_digit(w->text.ptr[0]))
        w->kind = WORD_NUMBER;
    if (found == NULL) return;
    w->use = found->use;
    if (found->canonical[0] != '\0') w->canonical = str_of(found->canonical);
    if (str_eq(w->canonical, S("&"))) w->kind = WORD_JOIN;
    /* Elsewhere "E" is as likely a letter of a house number. */
    if (!us && w->use == USE_DIRECTION && w->text.len == 1) {
        w->use = 0;
        w->canonical = w->text;
    }
}

static void add_word(struct arena *a, struct words *out, Str text, bool aside, bool us)
{
    if (out->count == ADDRESS_WORDS_MAX || text.len == 0) return;
    Str folded = str_eq(text, S("#")) || str_eq(text, S("&")) ? text : str_lower(a, text);
    for (size_t i = 0; i < folded.len; i++)
        if ((unsigned char)folded.ptr[i] >= 0x80) {
            folded = utf8_fold(a, text);
            break;
        }
    if (folded.len == 0) return;
    struct word *w = &out->item[out->count++];
    *w = (struct word){.text = folded, .segment = out->segments, .aside = aside};
    classify(w, us);
}

/* "apt4", "flat26": the designator and what it names. */
static void add_glued(struct arena *a, struct words *out, Str text, bool aside, bool us)
{
    static const char *const glued[] = {"apartment", "apt", "flat", "unit", "room", "rm", "suite", "ste"};
    for (size_t i = 0; i < COUNT_OF(glued); i++) {
        Str head = str_of(glued[i]);
        if (!us && str_eq(head, S("rm"))) continue; /* RM7 is Romford */
        if (text.len <= head.len || !is_digit(text.ptr[head.len])) continue;
        if (!str_eq_nocase(str_slice(text, 0, head.len), head)) continue;
        add_word(a, out, head, aside, us);
        add_word(a, out, str_slice(text, head.len, text.len), aside, us);
        return;
    }
    /* "i94" */
    int64_t number = 0;
    if (us && text.len > 1 && text.len < 5 && (text.ptr[0] == 'i' || text.ptr[0] == 'I') &&
        str_to_i64(str_slice(text, 1, text.len), &number) == OK) {
        add_word(a, out, S("i"), aside, us);
        text = str_slice(text, 1, text.len);
    }
    add_word(a, out, text, aside, us);
}

/* May the mark at `i` stay inside a word? "26-28", "2/1", "2-e" (closed up), "i-94", "p.o." */
static bool keeps_word(Str text, size_t from, size_t i, bool *silent)
{
    char mark = text.ptr[i];
    *silent = true;
    if (mark == '\'') return true;
    if (i + 1 >= text.len || !is_word_char(text.ptr[i + 1]) || i == from) return false;
    size_t end = i + 1;
    while (end < text.len && is_word_char(text.ptr[end]))
        end++;
    Str left = str_slice(text, from, i), right = str_slice(text, i + 1, end);
    if (mark == '.') return !has_digit(left) && !has_digit(right) && (left.len == 1 || right.len == 1);
    if (mark == '/') {
        *silent = false;
        return has_digit(left) && has_digit(right);
    }
    if (mark != '-') return false;
    if (has_digit(left) && has_digit(right)) {
        *silent = false;
        return true;
    }
    return (has_digit(left) && right.len == 1) || (left.len == 1 && has_digit(right));
}

/* Reads one word from `i` on; the bytes kept go to `to`. Returns where it ends. */
static size_t read_word(Str text, size_t i, char *to, size_t *len)
{
    size_t from = i;
    *len = 0;
    while (i < text.len) {
        bool silent = false;
        if (is_word_char(text.ptr[i])) {
            to[(*len)++] = text.ptr[i++];
        } else if (keeps_word(text, from, i, &silent)) {
            if (!silent) to[(*len)++] = text.ptr[i];
            i++;
            if (text.ptr[i - 1] == '.') from = i;
        } else {
            break;
        }
    }
    return i;
}

/* A mark between words: commas and brackets end a segment. */
static void read_mark(struct arena *a, struct words *out, Str text, size_t i, bool *aside, bool us)
{
    char c = text.ptr[i];
    bool lone_dash =
        c == '-' && i > 0 && text.ptr[i - 1] == ' ' && i + 1 < text.len && text.ptr[i + 1] == ' ';
    if (strchr(",;:|\n()[]", c) != NULL || lone_dash) out->segments++;
    if (c == '(' || c == '[') *aside = true;
    if (c == ')' || c == ']') *aside = false;
    if (c == '#') add_word(a, out, S("#"), *aside, us);
    /* "c/o", "o/s" and "w/b" are no crossings. */
    bool letters = c == '/' && i >= 1 && text.ptr[i - 1] != ' ' && (i < 2 || !is_word_char(text.ptr[i - 2]));
    if (c == '&' || c == '@' || (c == '/' && !letters)) add_word(a, out, S("&"), *aside, us);
}

void address_split(struct arena *a, Str text, bool us, struct words *out)
{
    *out = (struct words){.count = 0};
    text = utf8_clean(a, str_slice(text, 0, TEXT_BYTES_MAX));
    char *flat = str_cstr(a, text);
    for (size_t i = 0; i + 2 < text.len; i++)
        if (memcmp(flat + i, "\xE2\x80\x99", 3) == 0) memcpy(flat + i, "'''", 3);
    text.ptr = flat;
    bool aside = false;
    size_t i = 0;
    while (i < text.len && out->count < ADDRESS_WORDS_MAX) {
        char *to = NEW_ARRAY(a, char, text.len - i + 1);
        size_t len = 0, end = read_word(text, i, to, &len);
        if (len > 0) {
            add_glued(a, out, (Str){to, len}, aside, us);
        } else if (end == i) {
            read_mark(a, out, text, i, &aside, us);
            end = i + 1;
        }
        i = end;
    }
    out->segments++;
}
