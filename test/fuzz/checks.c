/* A pack of checks, and the evaluation of what it says over a case that is made of every kind of record. */
#include "assure/caseload.h"
#include "assure/evaluate.h"
#include "assure/pack.h"
#include "model/feed.h"
#include "target.h"

static const char *const lines[] = {
    "{\"known_at\":\"2014-01-01T08:00:00Z\",\"kind\":\"death\",\"id\":\"D1\",\"source\":\"t\",\"set\":{"
    "\"category\":"
    "\"unexpected_investigating\",\"absent\":[\"phone\"],\"present\":[\"note\"],\"identified\":\"yes\"}}",
    "{\"known_at\":\"2014-01-01T09:00:00Z\",\"kind\":\"involvement\",\"id\":\"V1\",\"source\":\"t\",\"set\":{"
    "\"event\":"
    "\"D1\",\"person\":\"P1\",\"role\":\"finder\"}}",
    "{\"known_at\":\"2014-01-02T09:00:00Z\",\"kind\":\"decision\",\"id\":\"X1\",\"source\":\"t\",\"set\":{"
    "\"death\":"
    "\"D1\",\"type\":\"classify\",\"to\":\"expected\",\"by\":\"O1\"}}",
    "{\"known_at\":\"2014-01-03T09:00:00Z\",\"kind\":\"exhibit\",\"id\":\"E1\",\"source\":\"t\",\"set\":{"
    "\"death\":"
    "\"D1\",\"item\":\"device\",\"state\":\"seized\"}}",
    "{\"known_at\":\"2014-01-04T09:00:00Z\",\"kind\":\"action\",\"id\":\"A1\",\"source\":\"t\",\"set\":{"
    "\"death\":"
    "\"D1\",\"type\":\"cctv\",\"subject\":\"E1\",\"state\":\"done\",\"result\":\"r\"}}",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a CLEANUP_ARENA = arena_new("fuzz", (size_t)512 << 20);
    struct caseload *load CLEANUP_CASELOAD = caseload_new(target_policy(), (size_t)64 << 20);
    struct check_pack pack;
    struct case_facts facts;
    struct err e = {0};
    struct view view = {INT64_C(1400000000000), UINT64_MAX};
    struct record_id death = {S("main"), KIND_DEATH, S("D1")};
    if (check_pack_parse(a, target_text(data, size), &pack, &e) != OK) {
        MUST(e.text[0] != '\0');
        return 0;
    }
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct entry_line line = {.seq = i + 1};
        MUST(feed_parse_line(a, target_policy(), str_of(lines[i]), S("main"), &line.change, &e) == OK);
        caseload_add(load, &line);
    }
    MUST(caseload_facts(load, a, &death, NULL, view, &facts, &e) == OK);
    struct check_report report;
    checks_evaluate(a, &pack, &facts, view.known_at_ms, &report);
    MUST(report.count <= pack.count && report.done <= report.count);
    for (size_t i = 0; i < report.count; i++)
        MUST(report.status[i].items > 0 && report.status[i].next < report.status[i].items);
    return 0;
}
