-- The change ledger and what is folded from it. Entries, bodies and checkpoints are only ever added;
-- every other table is a view of them and can be made again.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who acted, from where, under which versions: said once, named by number.
CREATE TABLE context (
    id INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    unit TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    session TEXT NOT NULL,
    origin TEXT NOT NULL,
    vocabulary_version INTEGER NOT NULL,
    normaliser_version INTEGER NOT NULL
) STRICT;

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One row a leaf. record 0: none; prior: the record's entry of facts before this one, 0: none;
-- batch 0 and line 0: none; leaf: its hash in the tree.
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    known_at INTEGER NOT NULL,
    context INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    verb TEXT NOT NULL,
    record INTEGER NOT NULL,
    prior INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    line INTEGER NOT NULL,
    source INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    commitment BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;

-- What an entry says, outside the tree. Facts (verb 'append') are sealed with their record's key, everything
-- else with the store's own (keys.db).
CREATE TABLE body (
    seq INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- The tree's right edge after the last entry, so that opening reads one row.
CREATE TABLE tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL,
    edge BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    known_at INTEGER NOT NULL
) STRICT;

CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    change_size INTEGER NOT NULL,
    access_size INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER body_is_final BEFORE UPDATE ON body BEGIN SELECT RAISE(ABORT, 'a body is never changed'); END;
CREATE TRIGGER body_stays BEFORE DELETE ON body BEGIN SELECT RAISE(ABORT, 'a body is never deleted'); END;
CREATE TRIGGER checkpoint_is_final BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;

-- What came in together. entry: the entry that opened it; withdrawn: the entry that withdrew it, 0: none;
-- first and last: where its entries of facts lie, 0: none yet.
CREATE TABLE batch (
    number INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL,
    ns TEXT NOT NULL,
    name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0,
    first INTEGER NOT NULL DEFAULT 0,
    last INTEGER NOT NULL DEFAULT 0,
    withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;

-- version: the record's last entry of facts; from there the chain of `prior` leads back to its first.
-- erased: the entry that destroyed its key, 0: none.
CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    ns TEXT NOT NULL,
    kind TEXT NOT NULL,
    ident TEXT NOT NULL,
    version INTEGER NOT NULL,
    erased INTEGER NOT NULL DEFAULT 0,
    UNIQUE (ident, kind, ns)
) STRICT;
CREATE INDEX record_erased ON record (erased) WHERE erased > 0;

-- Which records name which others; `field` is the field's name.
CREATE TABLE reference_to (
    record INTEGER NOT NULL,
    field TEXT NOT NULL,
    ns TEXT NOT NULL,
    ident TEXT NOT NULL,
    PRIMARY KEY (record, field, ns, ident)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_to_target ON reference_to (ident, ns);

-- One table a kind, one row a record that is visible now. Times, dates and spans are text as precise as they
-- were given; sets are JSON lists; *_key is what an address or identifier is compared by.

-- A report of a death: whatever its category, every one is recorded and compared.
CREATE TABLE "death" (
    record INTEGER PRIMARY KEY,
    "ref" TEXT,
    "force" TEXT,
    "unit" TEXT,
    "reported_at" TEXT,
    "last_seen_alive_from" TEXT,
    "last_seen_alive_to" TEXT,
    "found_from" TEXT,
    "found_to" TEXT,
    "died_from" TEXT,
    "died_to" TEXT,
    "pronounced_at" TEXT,
    "category" TEXT,
    "manner" TEXT,
    "coroner_conclusion" TEXT,
    "priority" TEXT,
    "place_lat" REAL,
    "place_lon" REAL,
    "place_radius_m" REAL,
    "address" TEXT,
    "address_key" TEXT,
    "postcode" TEXT,
    "setting" TEXT,
    "access" TEXT,
    "deceased_name" TEXT,
    "aliases" TEXT,
    "identified" TEXT,
    "dob" TEXT,
    "age" REAL,
    "sex" TEXT,
    "occupation" TEXT,
    "home_postcode" TEXT,
    "home_place_lat" REAL,
    "home_place_lon" REAL,
    "home_place_radius_m" REAL,
    "housing" TEXT,
    "tie_to_place" TEXT,
    "found_by" TEXT,
    "posture" TEXT,
    "signs_moved" TEXT,
    "clothing" TEXT,
    "covering" TEXT,
    "present" TEXT,
    "absent" TEXT,
    "injuries" TEXT,
    "mechanism" TEXT,
    "substances" TEXT,
    "contact_route" TEXT,
    "contact_site" TEXT,
    "last_contact_name" TEXT,
    "account_conflict" TEXT,
    "explanation" TEXT,
    "explanation_verified" TEXT,
    "cause_1a" TEXT,
    "cause_1b" TEXT,
    "cause_1c" TEXT,
    "cause_2" TEXT,
    "certifier" TEXT,
    "narrative" TEXT,
    "other_refs" TEXT
) STRICT;

-- Anybody named: the dead, finders, callers, family, witnesses, officers of other bodies.
CREATE TABLE "person" (
    record INTEGER PRIMARY KEY,
    "name" TEXT,
    "aliases" TEXT,
    "dob" TEXT,
    "sex" TEXT,
    "addresses" TEXT,
    "addresses_key" TEXT,
    "note" TEXT
) STRICT;

-- A person's part in an event (a death or an incident), since when and on whose word.
CREATE TABLE "involvement" (
    record INTEGER PRIMARY KEY,
    "event" TEXT,
    "person" TEXT,
    "since" TEXT,
    "on_word_of" TEXT,
    "role" TEXT
) STRICT;

-- A value that can recur, such as a telephone number: the strongest links come from these.
CREATE TABLE "identifier" (
    record INTEGER PRIMARY KEY,
    "type" TEXT,
    "value" TEXT,
    "value_key" TEXT,
    "holder" TEXT,
    "role" TEXT
) STRICT;

-- An event that is not a death: what came before or beside it.
CREATE TABLE "incident" (
    record INTEGER PRIMARY KEY,
    "type" TEXT,
    "at_from" TEXT,
    "at_to" TEXT,
    "place_lat" REAL,
    "place_lon" REAL,
    "place_radius_m" REAL,
    "address" TEXT,
    "address_key" TEXT,
    "source_force" TEXT,
    "substances" TEXT,
    "narrative" TEXT
) STRICT;

-- An item seized, or property held.
CREATE TABLE "exhibit" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "ref" TEXT,
    "description" TEXT,
    "item" TEXT,
    "seal" TEXT,
    "found_where" TEXT,
    "found_by" TEXT,
    "found_at" TEXT,
    "packaging" TEXT,
    "quantity" TEXT,
    "state" TEXT,
    "listed_by" TEXT
) STRICT;

-- One hand-over of an exhibit: at any time it has exactly one holder.
CREATE TABLE "movement" (
    record INTEGER PRIMARY KEY,
    "exhibit" TEXT,
    "from" TEXT,
    "to" TEXT,
    "at" TEXT,
    "seal_seen" TEXT,
    "why" TEXT,
    "type" TEXT,
    "by" TEXT,
    "confirmed_at" TEXT,
    "confirmed_by" TEXT,
    "ended_at" TEXT
) STRICT;

-- A search of a person, a body or premises, also when nothing was found.
CREATE TABLE "search" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "of" TEXT,
    "by" TEXT,
    "witnessed_by" TEXT,
    "at" TEXT,
    "result" TEXT,
    "nothing_found" TEXT
) STRICT;

-- How the scene was managed, and why it was released.
CREATE TABLE "scene" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "cordon_from" TEXT,
    "log_kept_by" TEXT,
    "photographed" TEXT,
    "examined_by" TEXT,
    "released_at" TEXT,
    "released_by" TEXT,
    "release_reason" TEXT
) STRICT;

-- A request to a laboratory or an examiner.
CREATE TABLE "submission" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "exhibits" TEXT,
    "test" TEXT,
    "asked_at" TEXT,
    "due_at" TEXT,
    "state" TEXT,
    "refusal" TEXT
) STRICT;

-- What came back from a laboratory or an examiner.
CREATE TABLE "result" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "submission" TEXT,
    "test" TEXT,
    "finding" TEXT,
    "substances" TEXT,
    "advises" TEXT,
    "text" TEXT,
    "read_by" TEXT,
    "acted_on" TEXT
) STRICT;

-- A judgement with its reasons: by whom, approved by whom, on what was known then.
CREATE TABLE "decision" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "type" TEXT,
    "to" TEXT,
    "decided_at" TEXT,
    "by" TEXT,
    "by_role" TEXT,
    "approved_by" TEXT,
    "on" TEXT,
    "why" TEXT,
    "owner" TEXT,
    "due_at" TEXT,
    "relied_on" TEXT,
    "rationale" TEXT
) STRICT;

-- A member of staff, or of another body, who acts on a death.
CREATE TABLE "officer" (
    record INTEGER PRIMARY KEY,
    "name" TEXT,
    "number" TEXT,
    "rank" TEXT,
    "unit" TEXT,
    "service_start" TEXT,
    "courses" TEXT
) STRICT;

-- A command unit, district, office or team.
CREATE TABLE "unit" (
    record INTEGER PRIMARY KEY,
    "name" TEXT,
    "boroughs" TEXT,
    "parent" TEXT,
    "kind" TEXT
) STRICT;

-- Who was told, asked and attended, when and in what capacity.
CREATE TABLE "attendance" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "officer" TEXT,
    "capacity" TEXT,
    "told_at" TEXT,
    "asked_at" TEXT,
    "asked_by" TEXT,
    "from" TEXT,
    "to" TEXT,
    "acting" TEXT,
    "declined_reason" TEXT
) STRICT;

-- A look at the whole record by somebody else.
CREATE TABLE "review" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "by" TEXT,
    "at" TEXT,
    "kind" TEXT,
    "outcome" TEXT,
    "text" TEXT
) STRICT;

-- A line of enquiry with an owner and a due date.
CREATE TABLE "action" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "type" TEXT,
    "subject" TEXT,
    "system" TEXT,
    "owner" TEXT,
    "due_at" TEXT,
    "state" TEXT,
    "result" TEXT,
    "told" TEXT,
    "done_at" TEXT
) STRICT;

-- What a witness said.
CREATE TABLE "statement" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "type" TEXT,
    "person" TEXT,
    "taken_by" TEXT,
    "taken_at" TEXT,
    "text" TEXT,
    "covers" TEXT
) STRICT;

-- A contact with the family or those close to the dead: partners and friends count.
CREATE TABLE "contact" (
    record INTEGER PRIMARY KEY,
    "death" TEXT,
    "person" TEXT,
    "by" TEXT,
    "at" TEXT,
    "how" TEXT,
    "told" TEXT,
    "said" TEXT
) STRICT;

-- Something raised that must be answered: by family, friend, coroner, adviser, community or press.
CREATE TABLE "concern" (
    record INTEGER PRIMARY KEY,
    "events" TEXT,
    "raised_by" TEXT,
    "channel" TEXT,
    "at" TEXT,
    "text" TEXT,
    "owner" TEXT,
    "due_at" TEXT,
    "answer" TEXT,
    "answered_at" TEXT
) STRICT;

-- An adviser offered, asked or declined.
CREATE TABLE "advice" (
    record INTEGER PRIMARY KEY,
    "events" TEXT,
    "adviser" TEXT,
    "kind" TEXT,
    "asked_at" TEXT,
    "text" TEXT,
    "acted_on" TEXT
) STRICT;

-- Held apart, for equality reports only: never in a link, never shown with the record.
CREATE TABLE "characteristics" (
    record INTEGER PRIMARY KEY,
    "person" TEXT,
    "ethnicity" TEXT,
    "nationality" TEXT,
    "orientation" TEXT,
    "gender_identity" TEXT,
    "religion" TEXT,
    "disability" TEXT,
    "source" TEXT
) STRICT;

-- A referral to or from a body outside, with its clock and its answer.
CREATE TABLE "referral" (
    record INTEGER PRIMARY KEY,
    "events" TEXT,
    "to" TEXT,
    "kind" TEXT,
    "at" TEXT,
    "due_at" TEXT,
    "text" TEXT,
    "answer" TEXT,
    "reopened" TEXT
) STRICT;

-- Two records of one death from two feeds: read together, both kept, undone at will.
CREATE TABLE "same_event" (
    record INTEGER PRIMARY KEY,
    "a" TEXT,
    "b" TEXT,
    "by" TEXT,
    "why" TEXT
) STRICT;

-- Deaths and incidents that the linker or a person suggests belong together; answered by decisions.
CREATE TABLE "link" (
    record INTEGER PRIMARY KEY,
    "deaths" TEXT,
    "incidents" TEXT,
    "raised_by" TEXT,
    "first" TEXT,
    "second" TEXT,
    "weight" REAL,
    "threshold" REAL,
    "second_look" REAL,
    "once_in_weeks" REAL,
    "unverified" TEXT,
    "back_record" TEXT,
    "told_at" TEXT,
    "model" TEXT,
    "counts_at" TEXT,
    "facts" TEXT,
    "part_of" TEXT,
    "by" TEXT,
    "note" TEXT
) STRICT;

-- Who alone may see a death or an incident; to everybody else it does not exist.
CREATE TABLE "restriction" (
    record INTEGER PRIMARY KEY,
    "events" TEXT,
    "reason" TEXT,
    "by" TEXT,
    "approved_by" TEXT,
    "cleared" TEXT,
    "units" TEXT,
    "from" TEXT,
    "lifted_at" TEXT
) STRICT;

-- An officer who must not act on, or see, what concerns somebody close.
CREATE TABLE "conflict" (
    record INTEGER PRIMARY KEY,
    "officer" TEXT,
    "with" TEXT,
    "why" TEXT,
    "declared_at" TEXT,
    "recorded_by" TEXT,
    "ended_at" TEXT
) STRICT;

-- The meeting that goes through a day's deaths and suggested links, with its minutes.
CREATE TABLE "meeting" (
    record INTEGER PRIMARY KEY,
    "unit" TEXT,
    "at" TEXT,
    "chair" TEXT,
    "present" TEXT,
    "deaths" TEXT,
    "links" TEXT,
    "minutes" TEXT
) STRICT;

-- The force's own reference is how people name a death.
CREATE INDEX death_ref ON death (ref) WHERE ref IS NOT NULL;
