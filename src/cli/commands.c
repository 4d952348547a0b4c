/* Every command, its options and its help: the one place where they are listed. */
#include "cli/command.h"

/* clang-format off */
#define STORE \
    {"data", 'd', OPTION_FOLDER, true, "DIR", "$COLLIGATE_DIR", "The data folder."}, \
    {"as", 0, OPTION_TEXT, false, "NAME", NULL, \
     "Who acts, as the ledger records it. Without it: the account that runs the program."}, \
    {"role", 0, OPTION_TEXT, false, "ROLE", "administrator", "In what role."}
#define VIEW \
    {"at", 0, OPTION_TIME, false, "TIME", NULL, \
     "As it was known at this time: RFC 3339, or a day, which means its end (UTC)."}, \
    {"ledger", 0, OPTION_COUNT, false, "SEQ", NULL, \
     "As the ledger stood at this entry. Withdrawals made later do not count."}
#define JSON {"json", 0, OPTION_FLAG, false, "", NULL, "JSON for programs, one document."}
#define SECOND {"second", 0, OPTION_TEXT, true, "NAME", NULL, "Another person, who approves."}
#define WHY(doc) {"why", 0, OPTION_TEXT, true, "TEXT", NULL, doc}
#define MODEL \
    {"model", 0, OPTION_FILE, false, "FILE", NULL, \
     "A linkage model in place of the one inside the program."}
/* Of commands that work on deaths and on any table: cli/table_options.h, cli_matter. */
#define MATTER \
    {"map", 'm', OPTION_FILE, true, "FILE", NULL, \
     "What the columns are: a mapping file, or the name of one inside the program. One that makes records is " \
     "about deaths, one with a [table] alone about the rows of any table."}, \
    {"table", 0, OPTION_FLAG, false, "", NULL, \
     "Takes the rows of the mapping's [table], also where it makes records."}, \
    {"model", 0, OPTION_FILE, false, "FILE", NULL, \
     "For deaths: a linkage model in place of the one inside the program. For any table: a model that " \
     "colligate learn wrote."}, \
    {"leave-out", 0, OPTION_TEXT, false, "NAMES", NULL, \
     "Columns of a [table] that are not compared, with commas between."}
#define SECOND_LOOK \
    {"second-look", 0, OPTION_FILE, false, "FILE", NULL, \
     "A second look in place of the one inside the program."}
/* Of commands that work on any table: cli/table_options.h. map_required: is there no sense without a mapping? */
#define TABLE(map_required) \
    {"map", 'm', OPTION_FILE, map_required, "FILE", NULL, \
     "What the columns of the file are: a mapping with [table] or [record], by its path or shipped name."}, \
    {"refused", 0, OPTION_FILE, false, "FILE", NULL, \
     "Where refused rows are written, with line, column, reason and the original text."}, \
    {"rows-max", 0, OPTION_COUNT, false, "N", "16777216", "A table with more rows is refused."}
#define METHOD \
    {"method", 0, OPTION_TEXT, false, "NAME", "additive", \
     "How curves are learned: additive (monotone, smoothed), bayes (binned, each measure alone) or logistic."}
#define THREADS {"threads", 0, OPTION_WHOLE, false, "N", "0", "0: one a core. The result does not depend on it."}
#define FOLDED \
    {"seed", 's', OPTION_WHOLE, false, "S", "1", "Deals the folds."}, \
    {"seeds", 0, OPTION_COUNT, false, "N", "1", "So many seeds from --seed on; mean and spread are shown."}, \
    THREADS
#define MEASURES_OPTION \
    {"measures", 0, OPTION_TEXT, false, "LIST", NULL, \
     "What is measured about two rows, such as \"distance(where), same(how)\". Without it: all that fits the " \
     "columns."}
#define CALIBRATION \
    {"calibration", 0, OPTION_FILE, false, "FILE", NULL, \
     "How far the model's probabilities were seen to hold. Words for strength and probability are said only when " \
     "it rests on 200 decisions of the force's own or more."}
#define END {NULL, 0, OPTION_FLAG, false, NULL, NULL, NULL}
/* clang-format on */

static const struct option init_options[] = {{"administrator", 0, OPTION_TEXT, false, "NAME", NULL,
                                              "Also makes the first account, which may make all others, and "
                                              "prints the address at which its password is "
                                              "chosen: it serves once, for seven days. A store that is there "
                                              "already and has no administrator gets one."},
                                             JSON,
                                             END};
static const struct example init_examples[] = {
    {"colligate init records", "make an empty store in the folder records"},
    {"colligate init --administrator okoro records", "the same, with the first person who may sign in"},
    {NULL, NULL},
};

static const struct option import_options[] = {
    STORE,
    {"map", 'm', OPTION_FILE, false, "FILE", NULL,
     "How a table becomes records: a mapping file, or the name of one inside the program. Without it the "
     "files are feeds."},
    {"feed", 0, OPTION_FEED, false, "NAME", NULL,
     "The namespace of the records, so that two feeds may use one id. Without it: the mapping's own, or "
     "main."},
    {"dry-run", 'n', OPTION_FLAG, false, "", NULL, "Reads and judges everything, changes nothing."},
    {"refused", 0, OPTION_FOLDER, false, "DIR", ".",
     "Where refused rows are written, to NAME.refused.csv with row number, field, reason and the original "
     "text."},
    JSON,
    END};
static const struct example import_examples[] = {
    {"colligate import -d records feed.ndjson.gz", "bring in a feed"},
    {"colligate import -d records --map milwaukee --dry-run deaths.csv", "see what a table would give"},
    {NULL, NULL},
};

static const struct option serve_options[] = {
    {"data", 'd', OPTION_FOLDER, true, "DIR", "$COLLIGATE_DIR", "The data folder."},
    {"listen", 'l', OPTION_TEXT, false, "ADDRESS", "127.0.0.1:8080",
     "Where to listen: an address and a port, or a port alone. Port 0 takes any that is free."},
    {"checks", 0, OPTION_TEXT, false, "PACK", "england-wales",
     "The pack of checks: one inside the program (england-wales, nij), or a file."},
    MODEL,
    {"play-from", 0, OPTION_TIME, false, "TIME", NULL,
     "A demonstration: the FEEDs come in as its clock passes them, and it begins here. It makes accounts of "
     "invented people whose password everybody may know."},
    END};
static const struct example serve_examples[] = {
    {"colligate serve -d records", "the pages at http://127.0.0.1:8080"},
    {"colligate serve -d demo --play-from 2014-08-28T05:30:00Z background.ndjson barking.ndjson",
     "a demonstration"},
    {NULL, NULL},
};

static const struct option export_options[] = {
    STORE,
    VIEW,
    {"kind", 'k', OPTION_KINDS, false, "KIND", NULL, "Only these kinds of record, with commas between."},
    {"output", 'o', OPTION_FILE, false, "FILE", "-",
     "Where to write; - is standard output. A file appears whole or not at all."},
    END};
static const struct example export_examples[] = {
    {"colligate export -d records -o all.ndjson", "everything, to a file"},
    {"colligate export -d records --kind death,incident --at 2014-09-20",
     "deaths and incidents as known on that day"},
    {NULL, NULL},
};

static const struct option show_options[] = {
    STORE,
    VIEW,
    {"history", 0, OPTION_FLAG, false, "", NULL, "Every line the record was made from, oldest first."},
    JSON,
    END};
static const struct example show_examples[] = {
    {"colligate show -d records D2", "a death and what refers to it"},
    {"colligate show -d records D2 --at 2014-08-28", "the same as it was known that day"},
    {"colligate show -d records cook:1234 --history", "where each fact came from, and when"},
    {NULL, NULL},
};

static const struct option search_options[] = {
    STORE, {"limit", 'l', OPTION_COUNT, false, "N", "20", "The most that is listed."}, JSON, END};
static const struct example search_examples[] = {
    {"colligate search -d records blue blanket", "records with both words"},
    {"colligate search -d records 07700 900126", "a telephone number, however it was written"},
    {NULL, NULL},
};

static const struct option checks_options[] = {
    STORE,
    VIEW,
    {"unit", 'u', OPTION_TEXT, false, "UNIT", NULL, "Every death of this unit; all: every death there is."},
    {"pack", 0, OPTION_TEXT, false, "PACK", "england-wales", "Which checks: england-wales, nij, or a file."},
    {"full", 0, OPTION_FLAG, false, "", NULL, "Also what each check asks, why, and its evidence."},
    MODEL,
    JSON,
    END};
static const struct example checks_examples[] = {
    {"colligate checks -d records D2", "what has to be done for a death, and how it stands"},
    {"colligate checks -d records D2 --at 2014-09-10T12:00:00Z", "the same at that moment"},
    {"colligate checks -d records --unit KG", "which procedures have not been followed, by case"},
    {NULL, NULL},
};

static const struct option links_options[] = {
    STORE, VIEW, {"top", 't', OPTION_COUNT, false, "N", "10", "How many are listed."}, MODEL, CALIBRATION,
    JSON,  END};
static const struct example links_examples[] = {
    {"colligate links -d records D2", "the ten nearest"},
    {"colligate links -d records D2 --at 2014-08-28", "what would have been said that day"},
    {NULL, NULL},
};

static const struct option explain_options[] = {STORE, VIEW, MODEL, CALIBRATION, JSON, END};
static const struct example explain_examples[] = {
    {"colligate explain -d records D1 D2", "all the reasons, with how rare each is"},
    {NULL, NULL},
};

static const struct option link_options[] = {
    MATTER,
    {"top", 't', OPTION_COUNT, false, "K", "10", "Partners of each event or row that are listed."},
    {"output", 'o', OPTION_FILE, true, "OUT.csv", NULL, "The table of pairs."},
    JSON,
    END};
static const struct example link_examples[] = {
    {"colligate link deaths.csv --map milwaukee -o pairs.csv", "ranked pairs of one file, nothing stored"},
    {"colligate link crimes.csv --map baltimore --model crimes.model -o pairs.csv", "by what learn wrote"},
    {"colligate link persons.csv --map fake_1000 --leave-out cluster -o pairs.csv", "who may be who"},
    {NULL, NULL},
};

static const struct option table_options[] = {
    TABLE(false),
    {"output", 'o', OPTION_FILE, false, "FILE", NULL,
     "Writes the table as CSV: id and columns, times in RFC 3339, - for standard output."},
    JSON,
    END};
static const struct example table_examples[] = {
    {"colligate table --map my.map crimes.csv", "does the mapping do what it should?"},
    {"colligate table pairs.csv", "what the header alone gives"},
    {NULL, NULL},
};

static const struct option series_options[] = {
    MATTER,
    {"price", 'p', OPTION_NUMBER, false, "N", NULL,
     "How many events a week chance may tie to an earlier one; it sets how much evidence ties two. Without "
     "it: "
     "1 for deaths, and rows of a [table] are tied from even odds on."},
    {"bar", 0, OPTION_NUMBER, false, "STEPS", NULL,
     "The evidence that ties two, in tenfold steps, in place of --price."},
    {"top", 't', OPTION_COUNT, false, "K", "20", "Partners of each event or row that are looked at."},
    {"tell", 0, OPTION_COUNT, false, "N", "10", "How many series are told in words."},
    {"output", 'o', OPTION_FILE, true, "OUT.csv", NULL, "The table of series, one line a member."},
    JSON,
    END};
static const struct example series_examples[] = {
    {"colligate series deaths.csv --map milwaukee -o series.csv", "series of one file, nothing stored"},
    {"colligate series crimes.csv --map baltimore --model crimes.model -o series.csv",
     "of burglaries, by what learn wrote"},
    {"colligate series persons.csv --map fake_1000 --leave-out cluster -o series.csv",
     "rows that are one person"},
    {NULL, NULL},
};

static const struct option extract_options[] = {
    TABLE(false),
    {"columns", 'c', OPTION_TEXT, false, "NAMES", NULL,
     "Which columns are read, with commas between. Without it: all columns of texts."},
    {"find", 'f', OPTION_TEXT, false, "WHAT", "substances,mechanisms,injuries,items",
     "Which vocabularies are looked for: substances, mechanisms, injuries, items, settings, postures, "
     "finders."},
    {"exact", 0, OPTION_FLAG, false, "", NULL, "Only what is spelt as a vocabulary lists it."},
    {"flags", 0, OPTION_FILE, false, "FILE", NULL,
     "Compares with columns of the table that say which substances there are, as this file lists them, and "
     "prints precision and recall in place of the mentions."},
    {"disagree", 0, OPTION_FILE, false, "FILE", NULL,
     "With --flags: where the rows are written on which text and flag disagree."},
    {"output", 'o', OPTION_FILE, false, "FILE", "-", "Where the mentions are written."},
    {"json", 0, OPTION_FLAG, false, "", NULL,
     "A JSON document a line in place of CSV; with --flags one document."},
    END};
static const struct example extract_examples[] = {
    {"colligate extract --map milwaukee --columns cause_1a,cause_2 deaths.csv -o mentions.csv",
     "substances and circumstances in the causes"},
    {"colligate extract --map nine_county --flags nine_county causes.csv.gz", "how well they are found"},
    {NULL, NULL},
};

/* Of scan and rates: the test by shuffles, and which days. */
/* clang-format off */
#define PERIOD(unit) \
    {"when", 0, OPTION_TEXT, false, "COLUMN", NULL, \
     "The column of times. Without it: the only one. Of a span its middle counts."}, \
    {"unit", 0, OPTION_TEXT, false, "UNIT", unit, "Time goes by day, week, month or year."}, \
    {"from", 0, OPTION_DAY, false, "DATE", NULL, "The first day of the period. Without it: of the first case."}, \
    {"to", 0, OPTION_DAY, false, "DATE", NULL, "The last day of the period. Without it: of the last case."}
#define SHUFFLES \
    {"shuffles", 'n', OPTION_WHOLE, false, "N", "999", "How many times the data are shuffled for the p-values; 0: not at all."}, \
    {"stop-after", 0, OPTION_WHOLE, false, "N", "50", \
     "What so many shuffles have reached is settled: its p is known well enough. 0: all shuffles for all."}, \
    {"seed", 's', OPTION_WHOLE, false, "S", "1", "The same seed gives the same bytes, with any number of threads."}, \
    {"threads", 0, OPTION_COUNT, false, "N", NULL, "Without it: as many as the machine has cores."}
/* clang-format on */

static const struct option scan_options[] = {
    TABLE(false),
    {"model", 0, OPTION_TEXT, false, "MODEL", "permutation",
     "permutation: against the other places and times of the same cases. poisson: against a population. "
     "bernoulli: against controls."},
    {"radius-km", 'r', OPTION_NUMBER, false, "R", NULL,
     "The widest circle. Without it: no limit but --share."},
    {"share", 0, OPTION_NUMBER, false, "SHARE", "0.5",
     "A circle holds at most this share of the cases (permutation), of those expected (poisson), of the rows "
     "(bernoulli)."},
    {"days", 0, OPTION_NUMBER, false, "D", NULL, "The longest span. Without it: half of the period."},
    {"prospective", 0, OPTION_DAY, false, "DATE", NULL,
     "Only spans that end on this day, knowing nothing later: what a scan made that night says."},
    PERIOD("day"),
    {"every", 0, OPTION_COUNT, false, "N", "1",
     "So many units are lumped together, counted back from the end."},
    {"where", 0, OPTION_TEXT, false, "COLUMN", NULL,
     "The column of places, or of their names. Without it: the only one."},
    {"places", 0, OPTION_FILE, false, "FILE", NULL,
     "A table of places: its ids are the names in --where, its column of places says where they are."},
    {"places-map", 0, OPTION_FILE, false, "FILE", NULL, "The mapping of that table."},
    {"grid-m", 0, OPTION_NUMBER, false, "M", NULL, "Places are rounded to squares of so many metres."},
    {"count", 0, OPTION_TEXT, false, "COLUMN", NULL, "How many cases a row stands for. Without it: one."},
    {"cases", 0, OPTION_TEXT, false, "COLUMN=VALUE", NULL,
     "Which rows are cases; the others are controls (bernoulli) or left out."},
    {"population", 0, OPTION_FILE, false, "FILE", NULL,
     "A table of people for --model poisson: a column of names of places called as --where, one of numbers, "
     "perhaps "
     "one of times; codes that both tables have are groups with a rate of their own."},
    {"population-map", 0, OPTION_FILE, false, "FILE", NULL, "The mapping of that table."},
    {"by", 0, OPTION_TEXT, false, "COLUMN", NULL,
     "Each value of this column is scanned by itself; recurrences count all of them."},
    SHUFFLES,
    {"gumbel", 0, OPTION_FLAG, false, "", NULL,
     "p from a Gumbel distribution fitted to all shuffles: tells rare ones apart with fewer of them."},
    {"top", 't', OPTION_COUNT, false, "N", "10", "The most clusters that are given, of each value of --by."},
    {"members", 0, OPTION_FLAG, false, "", NULL, "Also the ids of the rows in each cluster."},
    {"output", 'o', OPTION_FILE, false, "OUT.csv", NULL,
     "Also the clusters as a table, one row each; - is standard output."},
    JSON,
    END};
static const struct example scan_examples[] = {
    {"colligate scan deaths.csv --map milwaukee --prospective 2024-06-30 --days 30 --radius-km 3 --shuffles "
     "9999",
     "what stood out in the month to that day"},
    {"colligate scan deaths.csv --map milwaukee --by mechanism --radius-km 2 --days 14 -o clusters.csv",
     "fortnights of ten years, each mechanism by itself"},
    {NULL, NULL},
};

static const struct option rates_options[] = {
    TABLE(false),
    {"by", 0, OPTION_TEXT, true, "COLUMNS", NULL,
     "The columns that make the groups, commas between: county,sex,weapon."},
    {"outcome", 0, OPTION_TEXT, true, "COLUMN=VALUE", NULL,
     "Which cases are unsolved or unexplained: solved=No. Rows without a value in the column are left out."},
    PERIOD("year"),
    {"longest", 0, OPTION_COUNT, false, "N", NULL,
     "The longest window in time, in units. Without it: a tenth of the period."},
    {"only", 0, OPTION_TEXT, false, "COLUMN=VALUE", NULL,
     "Lists only groups with this value of a column of --by; all count for what is usual."},
    {"share-min", 0, OPTION_NUMBER, false, "SHARE", NULL,
     "Lists only groups of which at least this share is unexplained."},
    {"cases-min", 0, OPTION_COUNT, false, "N", "2", "Lists only groups of at least so many cases."},
    SHUFFLES,
    {"top", 't', OPTION_COUNT, false, "N", "10", "The most groups, and the most windows, that are listed."},
    {"output", 'o', OPTION_FILE, false, "OUT.csv", NULL,
     "All listed groups as a table, one row each with its window; - is standard output."},
    JSON,
    END};
static const struct example rates_examples[] = {
    {"colligate rates homicides.csv --map us_homicides --by county,sex,weapon --outcome solved=No --only "
     "sex=Female "
     "--longest 10",
     "where, how and when women were killed and nobody was found"},
    {NULL, NULL},
};

static const struct option replay_options[] = {
    {"truth", 0, OPTION_FILE, false, "FILE", NULL,
     "What belongs together, to count hits and false alerts by."},
    {"top", 't', OPTION_COUNT, false, "N", "10", "Suggestions for each event."},
    {"price", 'p', OPTION_NUMBER, false, "N", "1",
     "False alerts a week that are accepted, for the whole force."},
    {"back-until", 0, OPTION_DAY, false, "DATE", NULL,
     "What became known before this day is back-records: their alerts wait in a queue of their own and are "
     "told from "
     "this day on, the most valuable first."},
    {"back-daily", 0, OPTION_COUNT, false, "N", "3", "Alerts from the back-records that are told a day."},
    MODEL,
    SECOND_LOOK,
    {"json", 0, OPTION_FILE, false, "OUT", NULL,
     "Also what was said at each event, as JSON; - is standard output, in place of the story."},
    END};
static const struct example replay_examples[] = {
    {"colligate replay background.ndjson demo/barking.ndjson --truth demo/truth.tsv",
     "a series among two years of other deaths"},
    {"colligate replay years.ndjson --back-until 2015-01-01", "a first import of years, without a flood"},
    {NULL, NULL},
};

static const struct option synth_options[] = {
    {"from", 0, OPTION_DAY, true, "DATE", NULL, "The first day."},
    {"to", 0, OPTION_DAY, true, "DATE", NULL, "The day after the last."},
    {"per-day", 0, OPTION_NUMBER, false, "N", "30", "Deaths reported a day, on average."},
    {"seed", 's', OPTION_WHOLE, false, "S", "1", "The same seed gives the same bytes."},
    {"output", 'o', OPTION_FILE, false, "FILE", "-", "The feed; - is standard output."},
    {"truth", 0, OPTION_FILE, false, "FILE", NULL, "Also the ties that are real but no series, as a table."},
    END};
static const struct example synth_examples[] = {
    {"colligate synth --from 2013-01-01 --to 2015-01-01 --seed 7 -o background.ndjson",
     "two years of other deaths"},
    {NULL, NULL},
};

static const struct option learn_options[] = {
    TABLE(true),
    {"labels", 'l', OPTION_FILE, true, "FILE", NULL,
     "Which rows belong together: a table with columns a, b and linked (ids, and 1 or 0), or with group and "
     "member (or id)."},
    {"labels-map", 0, OPTION_FILE, false, "FILE", NULL, "A mapping that names the columns of --labels so."},
    {"output", 'o', OPTION_FILE, true, "MODEL", NULL, "The model file; - is standard output."},
    {"name", 0, OPTION_TEXT, false, "NAME", "learned", "What explanations call the model."},
    {"model", 0, OPTION_FILE, false, "FILE", NULL,
     "For deaths: the linkage model to start from, in place of the one inside the program."},
    MEASURES_OPTION,
    METHOD,
    {"folds", 0, OPTION_COUNT, false, "N", "5", "Parts that are held out in turn, to measure the model."},
    {"seed", 's', OPTION_WHOLE, false, "S", "1", "Deals the folds."},
    {"population", 0, OPTION_TEXT, false, "TEXT", NULL,
     "Whom the labels are about, for the record of calibration. Without it: the name of the file."},
    {"own", 0, OPTION_FLAG, false, "", NULL,
     "The labels are decisions of this force itself: from 200 on, words of probability may be used."},
    {"date", 0, OPTION_DAY, false, "DATE", NULL, "Kept in the model as the day of training."},
    THREADS,
    JSON,
    END};
static const struct example learn_examples[] = {
    {"colligate learn crimes.csv --map baltimore --labels offenders.csv --labels-map baltimore_offenders -o "
     "burglary.model",
     "what ties the crimes of one offender, as a model file"},
    {NULL, NULL},
};

static const struct option evaluate_groups_options[] = {
    TABLE(false),
    {"groups", 'g', OPTION_FILE, true, "FILE", NULL,
     "Which rows belong together: a table with columns group and member (or id), one row a group and "
     "member."},
    {"groups-map", 0, OPTION_FILE, false, "FILE", NULL, "A mapping that names the columns of --groups so."},
    {"model", 0, OPTION_FILE, false, "FILE", NULL,
     "Judges by a model that colligate learn wrote, as it stands, in place of learning on folds: how well it "
     "does on other data."},
    MEASURES_OPTION,
    {"within", 0, OPTION_FLAG, false, "", NULL,
     "Rows are judged only against the rows of their own fold, not against all."},
    METHOD,
    {"folds", 0, OPTION_COUNT, false, "N", "5", "Parts that are held out in turn, whole groups each."},
    FOLDED,
    JSON,
    END};
static const struct example evaluate_groups_examples[] = {
    {"colligate evaluate groups crimes.csv --map baltimore --groups offenders.csv --groups-map "
     "baltimore_offenders",
     "are the crimes of offenders who were never seen in training found together?"},
    {"colligate evaluate groups later.csv --map baltimore --groups later-offenders.csv --model crimes.model",
     "does what was learned once hold a year later?"},
    {NULL, NULL},
};

static const struct option evaluate_measures_options[] = {
    TABLE(true),
    {"pairs", 0, OPTION_FILE, true, "FILE", NULL, "A table of pairs with the other program's measures."},
    {"pairs-map", 0, OPTION_FILE, false, "FILE", NULL, "A mapping for it."},
    {"first", 0, OPTION_TEXT, false, "COL", "a", "Its column with the id of one row."},
    {"second", 0, OPTION_TEXT, false, "COL", "b", "Its column with the id of the other."},
    {"columns", 0, OPTION_TEXT, true, "LIST", NULL,
     "What to compare: column=measure(column), with commas between, such as \"km=distance(where)\"."},
    JSON,
    END};
static const struct example evaluate_measures_examples[] = {
    {"colligate evaluate measures crimes.csv --map baltimore --pairs pairs.csv --first i1 --second i2 "
     "--columns "
     "\"spatial=distance(where), tod=hour(when)\"",
     "do two programs measure the same?"},
    {NULL, NULL},
};

static const struct option evaluate_pairs_options[] = {
    {"label", 0, OPTION_TEXT, true, "COL", NULL,
     "The column that says whether a pair is linked: 1 or 0, true or false, yes or no."},
    {"columns", 0, OPTION_TEXT, false, "COLS", NULL,
     "The measures to learn from, with commas between. Without it: every column not named otherwise."},
    {"weight", 0, OPTION_TEXT, false, "COL", NULL,
     "A column of weights, so that a long series does not outweigh the others in learning."},
    METHOD,
    {"folds", 0, OPTION_COUNT, false, "N", "10",
     "Parts that are held out in turn; linked pairs are dealt evenly."},
    FOLDED,
    {"train", 0, OPTION_TEXT, false, "COL", NULL,
     "In place of folds: train where this column says yes, judge the others."},
    {"against", 0, OPTION_TEXT, false, "COL", NULL,
     "A column with the scores of another program (natural logarithms), compared with ours row by row."},
    JSON,
    END};
static const struct example evaluate_pairs_examples[] = {
    {"colligate evaluate pairs pairs.csv --label linked --folds 10 --seeds 5",
     "how well links are told from chance, on pairs never trained on"},
    {NULL, NULL},
};

static const struct option evaluate_planted_options[] = {
    {"background", 'b', OPTION_FILE, true, "FILE", NULL, "A table of real deaths."},
    {"map", 'm', OPTION_FILE, true, "FILE", NULL,
     "How the table becomes records: a mapping file, or the name of one inside the program."},
    {"plans", 0, OPTION_FOLDER, true, "DIR", NULL, "What is planted: the files NAME.plan of a folder."},
    {"seed", 's', OPTION_WHOLE, false, "S", "1", "Of the first run; the others follow."},
    {"runs", 0, OPTION_COUNT, false, "N", "1", "So many populations, each with its own seed."},
    {"series", 0, OPTION_COUNT, false, "N", NULL,
     "So many series of each kind in a run. Without it: as the plans say."},
    {"kind", 0, OPTION_TEXT, false, "NAME", NULL, "Only series of this plan; look-alikes stay."},
    {"top", 't', OPTION_COUNT, false, "N", "10", "Suggestions for each event."},
    {"groups", 0, OPTION_FLAG, false, "", NULL,
     "Also clusters, rates and people in common, looked for each week, in the same stream at the same price."},
    {"decided", 0, OPTION_WHOLE, false, "DAYS", "28",
     "An alert that is true is decided as linked so many days later, as a force would, and from then on not "
     "counted in the price, which is of false alerts; 0: never, so that true ones use the price up."},
    {"record", 0, OPTION_FILE, false, "FILE", NULL,
     "Where to write how far the probabilities held, as a calibration record."},
    {"missed", 0, OPTION_FLAG, false, "", NULL,
     "Also every series that was never found, and how near it came."},
    {"false", 0, OPTION_FLAG, false, "", NULL, "Also every false alert, and what it was."},
    {"threads", 0, OPTION_WHOLE, false, "N", "0",
     "Runs at a time; 0: one a core. The figures do not depend on it."},
    {"learn", 0, OPTION_FILE, false, "FILE", NULL,
     "Where to write a second look learned from these runs (see doc/series.md)."},
    {"lessons", 0, OPTION_FILE, false, "FILE", NULL,
     "A file in which the pairs to learn from are kept, behind those of earlier runs; --learn learns from "
     "all of them, so "
     "that several populations teach one second look."},
    MODEL,
    SECOND_LOOK,
    JSON,
    END};
static const struct example evaluate_planted_examples[] = {
    {"colligate evaluate planted -b deaths.csv --map milwaukee --plans demo/plans --runs 10",
     "ten populations, twenty series of each kind in every one"},
    {"colligate evaluate planted -b deaths.csv -m milwaukee --plans demo/plans --kind water_downstream "
     "--missed",
     "one kind, with what was missed and why"},
    {NULL, NULL},
};

static const struct option evaluate_identity_options[] = {
    TABLE(true),
    {"truth", 0, OPTION_TEXT, true, "COL", NULL,
     "The column that says who is who. It is never compared; rows without it are not judged."},
    {"output", 'o', OPTION_FILE, false, "FILE", NULL,
     "Also the groups: the id of each row and of its group."},
    {"save", 0, OPTION_FILE, false, "FILE", NULL, "Also what was learned, as a model file."},
    {"model", 0, OPTION_FILE, false, "FILE", NULL, "A model file in place of learning."},
    {"threads", 0, OPTION_WHOLE, false, "N", "0", "0: one a core. The answer does not depend on it."},
    JSON,
    END};
static const struct example evaluate_identity_examples[] = {
    {"colligate evaluate identity persons.csv --map historical_50k --truth cluster",
     "who is who, learned without the truth, judged by it"},
    {NULL, NULL},
};

static const struct option join_options[] = {STORE, WHY("Why they are one death."), JSON, END};
static const struct example join_examples[] = {
    {"colligate join -d records D1 cook:77 --why \"same name, date and place\"", "read two records as one"},
    {NULL, NULL},
};
static const struct option part_options[] = {STORE, WHY("Why they are not one death."), JSON, END};
static const struct example part_examples[] = {
    {"colligate part -d records D1 cook:77 --why \"two brothers\"", "undo it"},
    {NULL, NULL},
};
static const struct option joins_options[] = {STORE, VIEW, JSON, END};
static const struct example joins_examples[] = {
    {"colligate joins -d records", "records that look like one death, not yet joined"},
    {NULL, NULL},
};

static const struct option unresolved_options[] = {
    STORE, {"limit", 'l', OPTION_COUNT, false, "N", "100", "The most that is listed."}, JSON, END};
static const struct example unresolved_examples[] = {
    {"colligate unresolved -d records", "references to records that have not arrived"},
    {NULL, NULL},
};

static const struct option batches_options[] = {STORE, JSON, END};
static const struct example batches_examples[] = {
    {"colligate batches -d records", "what came in, when and by whom"}, {NULL, NULL}};
static const struct option withdraw_options[] = {STORE, SECOND, WHY("The reason, kept in the ledger."), JSON,
                                                 END};
static const struct example withdraw_examples[] = {
    {"colligate withdraw -d records 3 --second \"R. Okafor\" --why \"wrong file\"",
     "take back batch 3 whole"},
    {NULL, NULL},
};
static const struct option erase_options[] = {STORE, SECOND, WHY("The reason, kept in the ledger."), JSON,
                                              END};
static const struct example erase_examples[] = {
    {"colligate erase -d records person:P-7 --second \"R. Okafor\" --why \"court order of 3 May\"",
     "destroy a record's key"},
    {NULL, NULL},
};

static const struct option verify_options[] = {
    STORE,
    {"against", 0, OPTION_FILE, false, "FILE", NULL,
     "A checkpoint that was kept elsewhere: finds a rewritten or rolled back ledger."},
    JSON,
    END};
static const struct example verify_examples[] = {
    {"colligate verify -d records --against monday.checkpoint", "nothing before Monday was changed or lost"},
    {NULL, NULL},
};
static const struct option checkpoint_options[] = {STORE, END};
static const struct example checkpoint_examples[] = {
    {"colligate checkpoint -d records > monday.checkpoint", "to be kept on somebody else's machine"},
    {NULL, NULL},
};
static const struct option rebuild_options[] = {
    STORE,
    {"check", 0, OPTION_FLAG, false, "", NULL,
     "Builds beside the tables in use, compares, and changes nothing."},
    JSON,
    END};
static const struct example rebuild_examples[] = {
    {"colligate rebuild -d records --check", "are the tables what the ledger says?"}, {NULL, NULL}};

static const struct option kinds_options[] = {
    {"markdown", 0, OPTION_FLAG, false, "", NULL, "As a page of documentation."}, JSON, END};
static const struct example kinds_examples[] = {{"colligate kinds death", "the fields of a death"},
                                                {NULL, NULL}};
static const struct option help_options[] = {
    {"markdown", 0, OPTION_FLAG, false, "", NULL, "The whole reference as a page of documentation."}, END};
static const struct example help_examples[] = {{"colligate help import", "one command in full"},
                                               {NULL, NULL}};
static const struct option man_options[] = {END};
static const struct example man_examples[] = {{"colligate man | man -l -", "read the manual page"},
                                              {NULL, NULL}};
static const struct option completion_options[] = {END};
static const struct example completion_examples[] = {
    {"source <(colligate completion bash)", "commands, options and kinds at the tab key"},
    {NULL, NULL},
};
static const struct option version_options[] = {JSON, END};
static const struct example version_examples[] = {{NULL, NULL}};

#define ANY SIZE_MAX

const struct command commands[] = {
    {"init", "DIR", OPERAND_FOLDER, 1, 1, "make an empty store",
     "Makes the folder, readable by nobody else, and an empty store in it: the ledger of changes, the ledger "
     "of readings, the keys, and the search index.",
     init_options, init_examples, cmd_init},
    {"serve", "[FEED...]", OPERAND_FILE, 0, ANY, "the pages, in a browser",
     "Serves the pages and the API of a store over HTTP until it is stopped; nothing else has to run. It "
     "listens "
     "without TLS, so it belongs on loopback behind a proxy that has it (doc/serve.md). One process writes a "
     "store at a time.\n\nWith FEEDs and --play-from it is a demonstration: their lines come in as its clock "
     "passes them, and the clock can be moved forward under Settings.",
     serve_options, serve_examples, cmd_serve},
    {"import", "FILE...", OPERAND_FILE, 1, ANY, "bring in files",
     "Reads feeds (newline-delimited JSON) or, with --map, tables; plain, gzip or zstd; - is standard input. "
     "Good rows go in, each with its entry in the ledger; a row with a wrong value is refused with its "
     "reason. The same file twice changes nothing. A file is a batch and can be withdrawn whole.\n\nThe "
     "report accounts for every row. Afterwards the search index is brought up to date and the link index is "
     "filled once, to say how fast that goes. When rows were refused the exit code is 0 all the same: they "
     "are in the file that the report names.",
     import_options, import_examples, cmd_import},
    {"export", "", OPERAND_NONE, 0, 0, "write the records as a feed",
     "Writes every line that counts, in the order in which it became known. Importing the feed into an empty "
     "store and exporting again gives the same bytes. Lines of withdrawn batches are left out. An export is "
     "a disclosure, and is recorded as one.",
     export_options, export_examples, cmd_export},
    {"show", "ID", OPERAND_WORD, 1, 1, "show a record",
     "ID is what the sender calls it (D1), with its kind (death:D1) or its feed (cook:77) where that is "
     "needed, or a force reference. Each value is shown with its source and since when it is known; where "
     "sources differ, all of them. Below stand the records that refer to this one, and the other records of "
     "the same death. Times are UTC.",
     show_options, show_examples, cmd_show},
    {"search", "WORDS...", OPERAND_WORD, 1, ANY, "find records by words",
     "Looks for all the words in names, texts, references, identifiers and places; the best match first, "
     "with the passage in which they stand and the field where they were found.",
     search_options, search_examples, cmd_search},
    {"checks", "[DEATH]", OPERAND_WORD, 0, 1, "what has to be done for a death, and how it stands",
     "Lists the checks that the facts of a death have opened, each with its state, for whom it is, by when, "
     "and what opened or completed it; the category with its steps; and how good the report is. With --unit: "
     "every death of a unit, and which procedures have not been followed. With --at clocks are read at that "
     "time too. Checks are data: doc/checks.md says how to write one.",
     checks_options, checks_examples, cmd_checks},
    {"links", "ID", OPERAND_WORD, 1, 1, "the events nearest to one",
     "Weighs a death or an incident against all others and lists the nearest: how strong in tenfold steps "
     "(+2.0 means a hundred times as likely in one series as by chance) and what ties them, in one sentence. "
     "The run is recorded in the ledger with its model and result.",
     links_options, links_examples, cmd_links},
    {"explain", "A B", OPERAND_WORD, 2, 2, "why two events may belong together",
     "Says what ties two events and what speaks against it, each reason with its rarity, and what is "
     "missing. explain A B and explain B A say the same.",
     explain_options, explain_examples, cmd_explain},
    {"link", "FILE", OPERAND_FILE, 1, 1, "rank the pairs of a table, storing nothing",
     "Reads a table through a mapping, weighs every pair and writes the best: rank, both ids, weight in "
     "tenfold steps, probability and the reasons in one sentence. No data folder is needed.\n\nDeaths are "
     "weighed "
     "by the linkage model. The rows of any other table are weighed by a model learned from labelled pairs "
     "(--model); without one they are taken for records of persons and weighed column by column, each "
     "compared "
     "as the mapping says, and how much agreement means is learned from the table itself, without labels.",
     link_options, link_examples, cmd_link},
    {"table", "FILE", OPERAND_FILE, 1, 1, "what a mapping makes of a table",
     "Reads any table through a mapping, as the commands that analyse tables do, and says of each column "
     "what "
     "it holds: how many rows have a value, how many different ones, from where to where. Rows with a wrong "
     "value are refused and counted by fault. Without a mapping the types are told from the cells: numbers, "
     "times, codes where few words recur, else text. No data folder is needed.",
     table_options, table_examples, cmd_table},
    {"series", "FILE", OPERAND_FILE, 1, 1, "find the series of a table, storing nothing",
     "Reads a table through a mapping, weighs every pair and draws together what is tied where the whole "
     "coheres: a newcomer must be tied to at least half of the members. Of each series it tells what its "
     "members "
     "have in common, what ties each, without whom it would fall apart, and how many groups as firmly tied "
     "chance alone would bring.",
     series_options, series_examples, cmd_series},
    {"extract", "FILE", OPERAND_FILE, 1, 1, "what the texts of a table mention",
     "Reads the texts of any table and lists the substances and circumstances in them: where (start and "
     "length "
     "in bytes of the cell), as written, under which code and spelling, how many letters were taken for a "
     "slip, "
     "and whether it is denied (\"no evidence of\", \"negative for\", \"ruled out\") and by which words. "
     "With "
     "--flags it counts how that agrees with what people flagged.",
     extract_options, extract_examples, cmd_extract},
    {"scan", "FILE", OPERAND_FILE, 1, 1, "find clusters in space and time, storing nothing",
     "Looks at all circles around all places and all spans of time, and says which hold more cases than "
     "chance "
     "would put there (the space-time scan statistic), how strong that is, and how often chance alone would "
     "bring "
     "one as strong among all that was looked at. Clusters share no place. Any table will do that has a time "
     "and a "
     "place.\n\nThe recurrence is once in 1/p runs: with --prospective a run is made each unit of time, "
     "otherwise "
     "it covers the whole period. A p-value of 0.0003 needs 9,999 shuffles, or --gumbel.",
     scan_options, scan_examples, cmd_scan},
    {"rates", "FILE", OPERAND_FILE, 1, 1, "find groups unexplained too often, storing nothing",
     "Makes groups of the values of some columns (area, sex, mechanism) and says in which of them more cases "
     "stay "
     "unsolved or unexplained than is usual for cases like theirs: over all time, with an interval, and in a "
     "window "
     "of time. What is usual is fitted to all cases: some places, mechanisms and years explain less than "
     "others. A "
     "window counts only where there are both more cases than the group usually has and more of them "
     "unexplained; "
     "a group that is always so does not stand out by that.",
     rates_options, rates_examples, cmd_rates},
    {"replay", "FEED...", OPERAND_FILE, 1, ANY, "tell the past day by day",
     "Merges feeds by the time at which each line became known and tells what would have been said on each "
     "day, knowing nothing later. With a truth file it counts hits and false alerts.",
     replay_options, replay_examples, cmd_replay},
    {"synth", "", OPERAND_NONE, 0, 0, "make a background of other deaths",
     "Writes a feed of invented deaths as a force of nine million people gets them, with the coincidences "
     "that look like a series. Every name, number and street is invented.",
     synth_options, synth_examples, cmd_synth},
    {"learn", "FILE", OPERAND_FILE, 1, 1, "learn a model from labelled rows",
     "Compares the labelled rows of any table, learns what agreement, distance and time weigh, and writes a "
     "model: readable text with its curves, what it was trained on, how it judged parts it never saw, and "
     "its "
     "calibration. The same input and seed give the same bytes. A long series does not outweigh the others: "
     "its pairs count together for the links that would tie it.\n\nWhere the mapping makes records of "
     "deaths, the "
     "linkage model of deaths moves instead: it starts from policy, which is worth as many decisions as its "
     "row "
     "belief says, and shifts with what was confirmed and dismissed. The new model names its parent, and "
     "every "
     "explanation names the new model.",
     learn_options, learn_examples, cmd_learn},
    {"evaluate groups", "FILE", OPERAND_FILE, 1, 1, "how well the rows of unseen groups are found",
     "Compares the rows of any table whose true groups (offenders, series) are known. Rows that are tied "
     "through anybody are one part; parts are held out whole, fold after fold; a model learned from the "
     "pairs "
     "of the other rows judges the pairs within the fold. Prints the area under the curve over all judged "
     "pairs, and for how many rows with a mate a true mate ranks first among the rows of its fold.",
     evaluate_groups_options, evaluate_groups_examples, cmd_evaluate_groups},
    {"evaluate measures", "FILE", OPERAND_FILE, 1, 1, "our measures beside another program's",
     "Measures the pairs that a second table names and compares each number with the one that stands there: "
     "how many are equal to 6 decimals, the greatest difference, and how many are missing by our rules. The "
     "last column reckons as the R package crimelinkage does, which cuts a day into 2000 cells and takes "
     "\"missing\" for a value.",
     evaluate_measures_options, evaluate_measures_examples, cmd_evaluate_measures},
    {"evaluate pairs", "FILE", OPERAND_FILE, 1, 1, "how well links are told from other pairs",
     "Reads a table of pairs with their measures, learns from a part and judges the rest, fold after fold, "
     "so that no pair is judged by a model that saw it. Prints the area under the curve, precision at the "
     "top, the share of links found at 5 % false positives, and how well the probabilities hold.",
     evaluate_pairs_options, evaluate_pairs_examples, cmd_evaluate_pairs},
    {"evaluate planted", "", OPERAND_NONE, 0, 0, "how many planted series are noticed",
     "Takes the deaths of a table as they are, chooses some that are to belong together as the plans say, "
     "and "
     "others that only look so; tells every death as a force would have it told, in the order in which it "
     "became known; and listens with two alarms, at one false alert a week and at twelve. Prints how many "
     "series were found by their 2nd, 3rd and 4th death, the ranks, the alerts by what they were, and how "
     "well "
     "the probabilities hold. Nothing of the table is shown.",
     evaluate_planted_options, evaluate_planted_examples, cmd_evaluate_planted},
    {"evaluate identity", "FILE", OPERAND_FILE, 1, 1, "how well the rows of one person are told from others",
     "Weighs every row of a table against every other, none left out by a rule, learns from the table alone "
     "what agreement means, and puts together the rows of one person. Then, and only then, it looks at the "
     "truth: precision, recall and F1 over all pairs.",
     evaluate_identity_options, evaluate_identity_examples, cmd_evaluate_identity},
    {"join", "A B", OPERAND_WORD, 2, 2, "read two records as one death",
     "Two feeds often report one death. Joined, each is shown with the other; both are kept, and part undoes "
     "it.",
     join_options, join_examples, cmd_join},
    {"part", "A B", OPERAND_WORD, 2, 2, "undo a join",
     "Withdraws the word of every source that joins the two. The history keeps both the joining and the "
     "parting.",
     part_options, part_examples, cmd_part},
    {"joins", "", OPERAND_NONE, 0, 0, "records that look like one death",
     "Proposes pairs of records that look like two reports of one death, the likeliest first, without those "
     "already joined. Nothing is joined by itself.",
     joins_options, joins_examples, cmd_joins},
    {"unresolved", "", OPERAND_NONE, 0, 0, "references to records that have not arrived",
     "A reference may come before its record. This lists those that still point to nothing.",
     unresolved_options, unresolved_examples, cmd_unresolved},
    {"batches", "", OPERAND_NONE, 0, 0, "what was imported",
     "Lists the files that came in: number, feed, name, mapping, by whom, when, how many entries, and "
     "whether it was withdrawn.",
     batches_options, batches_examples, cmd_batches},
    {"withdraw", "BATCH", OPERAND_WORD, 1, 1, "take back a batch whole",
     "The facts of the batch count no longer; records are as if it had never come. The ledger keeps it, with "
     "both names and the reason, and earlier views (--ledger) still show it.",
     withdraw_options, withdraw_examples, cmd_withdraw},
    {"erase", "ID", OPERAND_WORD, 1, 1, "destroy a record's content",
     "Destroys the record's key, so that its content can never be read again, and purges its rows and its "
     "search text. Its entries stay in the ledger, which still verifies. This cannot be undone.",
     erase_options, erase_examples, cmd_erase},
    {"verify", "", OPERAND_NONE, 0, 0, "prove that the ledger was not changed",
     "Reads every entry, body and checkpoint and trusts nothing but the key. Names each entry that was "
     "altered, inserted, removed or put elsewhere. The exit code is 65 when there are findings. A whole "
     "ledger rolled back to an earlier state is only found with --against.",
     verify_options, verify_examples, cmd_verify},
    {"checkpoint", "", OPERAND_NONE, 0, 0, "a signed statement of the ledger as it stands",
     "Writes the size and root of both ledgers, signed. Keep it on another machine: verify --against it "
     "finds what nothing inside the folder can show.",
     checkpoint_options, checkpoint_examples, cmd_checkpoint},
    {"rebuild", "", OPERAND_NONE, 0, 0, "make the tables anew from the ledger",
     "The tables are views of the ledger. This makes them again from entries, bodies and keys; with --check "
     "it only compares, and the exit code is 65 when they differ.",
     rebuild_options, rebuild_examples, cmd_rebuild},
    {"kinds", "[KIND]", OPERAND_KIND, 0, 1, "the kinds of record and their fields",
     "The reference of what can be recorded: names for feeds and mappings, types, codes, labels and hints.",
     kinds_options, kinds_examples, cmd_kinds},
    {"help", "[COMMAND]", OPERAND_COMMAND, 0, 2, "this list, or one command in full",
     "Without a command: what there is. With one: its options, defaults and examples.", help_options,
     help_examples, cmd_help},
    {"man", "", OPERAND_NONE, 0, 0, "the manual page",
     "Prints the manual page in mdoc(7), for man and mandoc.", man_options, man_examples, cmd_man},
    {"completion", "SHELL", OPERAND_SHELL, 1, 1, "completion for a shell",
     "Prints a script for bash; no other shell is served.", completion_options, completion_examples,
     cmd_completion},
    {"version", "", OPERAND_NONE, 0, 0, "which version this is", "Prints name and version.", version_options,
     version_examples, cmd_version},
    {NULL, NULL, OPERAND_NONE, 0, 0, NULL, NULL, NULL, NULL, NULL},
};
