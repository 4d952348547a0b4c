/* The kinds of record: struct death, struct person ... and the places of their fields, all made from the
 * rows of kind_*.h. A place is named by kind and field: held[death_field_setting]. */
#ifndef MODEL_KINDS_H
#define MODEL_KINDS_H

#include "model/field.h"
#include "model/kind_death.h"
#include "model/kind_evidence.h"
#include "model/kind_link.h"
#include "model/kind_people.h"
#include "model/kind_work.h"

/* clang-format off */

/* In the order of enum kind_id. */
#define KINDS(K) \
    K(DEATH, death, "A report of a death: whatever its category, every one is recorded and compared.") \
    K(PERSON, person, \
      "Anybody named: the dead, finders, callers, family, witnesses, officers of other bodies.") \
    K(INVOLVEMENT, involvement, \
      "A person's part in an event (a death or an incident), since when and on whose word.") \
    K(IDENTIFIER, identifier, \
      "A value that can recur, such as a telephone number: the strongest links come from these.") \
    K(INCIDENT, incident, "An event that is not a death: what came before or beside it.") \
    K(EXHIBIT, exhibit, "An item seized, or property held.") \
    K(MOVEMENT, movement, "One hand-over of an exhibit: at any time it has exactly one holder.") \
    K(SEARCH, search, "A search of a person, a body or premises, also when nothing was found.") \
    K(SCENE, scene, "How the scene was managed, and why it was released.") \
    K(SUBMISSION, submission, "A request to a laboratory or an examiner.") \
    K(RESULT, result, "What came back from a laboratory or an examiner.") \
    K(DECISION, decision, \
      "A judgement with its reasons: by whom, approved by whom, on what was known then.") \
    K(OFFICER, officer, "A member of staff, or of another body, who acts on a death.") \
    K(UNIT, unit, "A command unit, district, office or team.") \
    K(ATTENDANCE, attendance, "Who was told, asked and attended, when and in what capacity.") \
    K(REVIEW, review, "A look at the whole record by somebody else.") \
    K(ACTION, action, "A line of enquiry with an owner and a due date.") \
    K(STATEMENT, statement, "What a witness said.") \
    K(CONTACT, contact, \
      "A contact with the family or those close to the dead: partners and friends count.") \
    K(CONCERN, concern, \
      "Something raised that must be answered: by family, friend, coroner, adviser, community or press.") \
    K(ADVICE, advice, "An adviser offered, asked or declined.") \
    K(CHARACTERISTICS, characteristics, \
      "Held apart, for equality reports only: never in a link, never shown with the record.") \
    K(REFERRAL, referral, "A referral to or from a body outside, with its clock and its answer.") \
    K(SAME_EVENT, same_event, \
      "Two records of one death from two feeds: read together, both kept, undone at will.") \
    K(LINK, link, \
      "Deaths and incidents that the linker or a person suggests belong together; answered by decisions.") \
    K(RESTRICTION, restriction, \
      "Who alone may see a death or an incident; to everybody else it does not exist.") \
    K(CONFLICT, conflict, \
      "An officer who must not act on, or see, what concerns somebody close.") \
    K(MEETING, meeting, \
      "The meeting that goes through a day's deaths and suggested links, with its minutes.")

/* The member that holds a field of each type. */
#define FIELD_MEMBER_TEXT       Str
#define FIELD_MEMBER_NARRATIVE  Str
#define FIELD_MEMBER_NAME       Str
#define FIELD_MEMBER_ADDRESS    struct keyed
#define FIELD_MEMBER_IDENTIFIER struct keyed
#define FIELD_MEMBER_POSTCODE   Str
#define FIELD_MEMBER_CODE       Str
#define FIELD_MEMBER_YESNO      Str
#define FIELD_MEMBER_TIME       struct moment
#define FIELD_MEMBER_SPAN       struct span
#define FIELD_MEMBER_DATE       struct date
#define FIELD_MEMBER_NUMBER     double
#define FIELD_MEMBER_PLACE      struct place
#define FIELD_MEMBER_REF        Str
#define FIELD_MEMBER_TEXTS      struct str_list
#define FIELD_MEMBER_NAMES      struct str_list
#define FIELD_MEMBER_CODES      struct str_list
#define FIELD_MEMBER_REFS       struct str_list
#define FIELD_MEMBER_ADDRESSES  struct keyed_list
#define FIELD_MEMBER_LEVELS     struct str_list
#define FIELD_MEMBER_DATED      struct str_list

#define FIELD_MEMBER(kind, name, type, ...) FIELD_MEMBER_##type name;
#define FIELD_PLACE(kind, name, ...) kind##_field_##name,
#define KIND_STRUCT(ID, kind, about) \
    struct kind { \
        ID##_FIELDS(FIELD_MEMBER, kind) \
    }; \
    enum kind##_field { \
        ID##_FIELDS(FIELD_PLACE, kind) \
        kind##_field_count \
    };

KINDS(KIND_STRUCT)

/* clang-format on */

#endif
