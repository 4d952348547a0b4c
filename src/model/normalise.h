/* The forms in which values are compared. Pure; all return text in `a`, "" when nothing comparable is found.
 * The rules are numbered by NORMALISER_VERSION (model/policy.h). */
#ifndef MODEL_NORMALISE_H
#define MODEL_NORMALISE_H

#include "model/value.h"

/* E.164: "07700 900 126" in GB -> "+447700900126"; "(414) 555-0100" in US -> "+14145550100".
 * Understands +, 00, 011, (0) and extensions (dropped). "" when it cannot be a number. region "GB" or "US".
 */
Str normalise_phone(struct arena *a, Str text, Str region);
/* Lower case, plus-tags and dots of the providers that ignore them removed; "" without an @ and a domain. */
Str normalise_email(struct arena *a, Str text);
/* A screen name: folded, @ and blanks dropped, so that "Jay Dunn", "@jaydunn" and "jay_dunn" agree. */
Str normalise_handle(struct arena *a, Str text);
/* A person's name: folded, titles dropped, "Surname, Given" turned round; tokens in order. */
Str normalise_name(struct arena *a, Str text);

/* A UK or US address to flat level: "flat 26|0|crane street|barking|" = unit|house
 * number|street|town|postcode. Parts that are not there are empty. Descriptions of a place ("by the entrance
 * to flats") are dropped.
 * "" when there is neither a street nor a named place. */
Str normalise_address(struct arena *a, Str text, Str region);
/* How exact an address key is. */
enum address_level { ADDRESS_NONE, ADDRESS_NAMED_PLACE, ADDRESS_STREET, ADDRESS_HOUSE, ADDRESS_FLAT };
enum address_level address_level(Str key);
/* The same address without its unit: for counting a building. */
Str address_building(struct arena *a, Str key);

/* "ig11 7aa" -> "IG11 7AA", "IG11" stays; "53220-1234" -> "53220". STR_NONE when it is neither UK nor US. */
Str normalise_postcode(struct arena *a, Str text);
/* Vehicle registrations, account numbers, documents, devices, IMEI, DNA and fingerprint references:
 * letters upper case, digits, nothing else. */
Str normalise_code_number(struct arena *a, Str text);
/* By the identifier's type code (phone, email, handle, address, vehicle ...). */
Str normalise_identifier(struct arena *a, Str type, Str text, Str region);

#endif
