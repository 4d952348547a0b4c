/* Telephone numbers and the other identifiers: a normal form is its own normal form. */
#include "base/utf8.h"
#include "model/normalise.h"
#include "target.h"

static void check_phone(struct arena *a, Str text, Str region)
{
    Str e164 = normalise_phone(a, text, region);
    if (str_empty(e164)) return;
    MUST(e164.ptr[0] == '+' && e164.len <= 16);
    for (size_t i = 1; i < e164.len; i++)
        MUST(e164.ptr[i] >= '0' && e164.ptr[i] <= '9');
    MUST(str_eq(normalise_phone(a, e164, S("GB")), e164));
    MUST(str_eq(normalise_phone(a, e164, S("US")), e164));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"phone",       "email",    "handle", "account", "address",
                                        "vehicle",     "device",   "imei",   "ip",      "dna",
                                        "fingerprint", "document", "other"};
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)256 << 20);
    Str text = target_text(data, size);
    if (!utf8_valid(text, NULL)) text = utf8_from_latin1(a, text);
    check_phone(a, text, S("GB"));
    check_phone(a, text, S("US"));
    for (size_t i = 0; i < COUNT_OF(types); i++)
        MUST(utf8_valid(normalise_identifier(a, str_of(types[i]), text, S("GB")), NULL));
    Str postcode = normalise_postcode(a, text);
    MUST(!str_present(postcode) || str_eq(normalise_postcode(a, postcode), postcode));
    Str email = normalise_email(a, text);
    MUST(str_empty(email) || str_eq(normalise_email(a, email), email));
    MUST(utf8_valid(normalise_name(a, text), NULL));
    return 0;
}
