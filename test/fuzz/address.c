/* An address in both countries: a key of its own form, whose building is the building of itself. */
#include "base/utf8.h"
#include "model/normalise.h"
#include "target.h"

static void check(struct arena *a, Str text, Str region)
{
    Str key = normalise_address(a, text, region);
    MUST(utf8_valid(key, NULL));
    MUST(address_level(key) >= ADDRESS_NONE && address_level(key) <= ADDRESS_FLAT);
    Str building = address_building(a, key);
    MUST(str_eq(building, address_building(a, building)));
    MUST(str_eq(key, normalise_address(a, text, region)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    Str text = target_text(data, size);
    if (!utf8_valid(text, NULL)) text = utf8_from_latin1(a, text);
    check(a, text, S("GB"));
    check(a, text, S("US"));
    return 0;
}
