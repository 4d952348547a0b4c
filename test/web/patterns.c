#include "patterns.h"

#include "base/assets.h"
#include "base/caldate.h"
#include "model/kinds.h"
#include "web/draw.h"
#include "web/layout.h"
#include "web/part_field.h"

const struct policy *patterns_policy(struct arena *a)
{
    struct policy *p = NEW(a, struct policy);
    struct err e = {0};
    if (policy_load(a, asset_find_for, NULL, p, &e) != OK) BUG("%s", e.text);
    return p;
}

static struct layout frame(const char *title, enum bar_item item)
{
    return (struct layout){.title = str_of(title),
                           .current = item,
                           .person = S("Priya Anand"),
                           .role = S("Supervisor"),
                           .unit = S("East Area"),
                           .csrf = S("t0ken"),
                           .idle_s = 1800,
                           .demo = S("Invented names. The clock stands at 28 August 2014, 8:00am.")};
}

/* ---- lists ------------------------------------------------------------------------------------------ */

static void pattern_summary(struct buf *out, struct arena *a)
{
    part_card_begin(out, S("What is known"),
                    (struct part_link){url(a, "/deaths/%s/edit", "D1"), S("Change")});
    part_summary_begin(out);
    part_summary_row(
        out, &(struct part_summary_row){.key = S("Found"),
                                        .text = S("between 27 August 2014, 9:00pm and 28 August 2014, "
                                                  "4:18am"),
                                        .note = S("Police control room, known since 28 August 2014"),
                                        .action = url(a, "/deaths/D1/found")});
    part_summary_row(out, &(struct part_summary_row){.key = S("Telephone"), .missing = true});
    part_summary_row(out, &(struct part_summary_row){.key = S("Address"),
                                                     .text = S("Against the wall of St Margaret's "
                                                               "churchyard, North Street")});
    part_summary_end(out);
    part_card_end(out);
}

static void pattern_table(struct buf *out, struct arena *a)
{
    const struct part_column column[] = {
        {.title = S("Death")},
        {.title = S("Found"), .sort = url(a, "/deaths?sort=found"), .sorted = SORTED_DOWN},
        {.title = S("Place"), .sort = url(a, "/deaths?sort=place")},
        {.title = S("Checks open"), .number = true},
        {.title = S("State")}};
    part_table_begin(
        out, &(struct part_table){.caption = S("Deaths of East Area"), .column = column, .columns = 5});
    for (int i = 0; i < 3; i++) {
        part_row_begin(out);
        part_row_head(out, url(a, "/deaths/%d", i), str_format(a, "MPS/2014/061%d", i));
        part_cell(out, S("28 August 2014, 4:18am"));
        part_cell(out, S("Churchyard, North Street"));
        part_cell_number(out, str_format(a, "%d", 1312 * i));
        part_cell_begin(out);
        part_tag(out, (enum part_meaning)(i + 2),
                 i == 0   ? S("Waiting")
                 : i == 1 ? S("Due today")
                          : S("Overdue"));
        part_cell_end(out);
        part_row_end(out);
    }
    part_table_end(out);
    part_pages(out, a, &(struct part_pages){url(a, "/deaths?q=%s", "north street"), 7, 31});
    part_range(out, 151, 175, 1312, S("deaths"));
    part_empty(out, S("No deaths match these filters. Take one away to see more."));
}

static void pattern_tasks(struct buf *out, struct arena *a)
{
    part_progress(out, 9, 22, S("9 of 22 done, 1 overdue. Next: ask for the telephone records."));
    part_tasks_begin(out);
    part_task(out, &(struct part_task){.id = S("check-1"),
                                       .title = S("Ask for the telephone records"),
                                       .hint = S("Because his telephone was not with him"),
                                       .href = url(a, "/deaths/D1/checks/phone"),
                                       .status = S("Overdue"),
                                       .meaning = MEANING_URGENT});
    part_task(out, &(struct part_task){.id = S("check-2"),
                                       .title = S("Take a sample of the bedding"),
                                       .href = url(a, "/deaths/D1/checks/bedding"),
                                       .status = S("Waiting for the laboratory"),
                                       .meaning = MEANING_WAITING});
    part_task(out, &(struct part_task){.title = S("Search the flat"), .status = S("Completed")});
    part_tasks_end(out);
    const struct part_figure figure[] = {{S("4"), S("overdue"), url(a, "/?late"), MEANING_URGENT},
                                         {S("12"), S("due this week"), url(a, "/?due"), MEANING_ATTENTION},
                                         {S("3"), S("waiting for others"), url(a, "/?wait"), MEANING_WAITING},
                                         {S("87%"), S("on time"), url(a, "/?time"), MEANING_GOOD},
                                         {S("1,312"), S("deaths"), {{0}}, MEANING_PLAIN}};
    part_figures(out, figure, COUNT_OF(figure));
}

static void pattern_timeline(struct buf *out)
{
    part_timeline_begin(out);
    part_moment(out, &(struct part_moment){.title = S("Call to the ambulance service"),
                                           .when = S("19 June 2014, 4:05am"),
                                           .machine = S("2014-06-19T04:05:00Z"),
                                           .by = S("a caller who gave no name"),
                                           .text = S("\"A young man has collapsed outside.\""),
                                           .meaning = MEANING_ATTENTION});
    part_moment(out, &(struct part_moment){.title = S("Found"), .when = S("19 June 2014, 4:18am")});
    part_moment(out, &(struct part_moment){
                         .title = S("Check overdue"), .when = S("26 June 2014"), .meaning = MEANING_URGENT});
    part_timeline_end(out);
}

static void lists(struct buf *out, struct arena *a)
{
    struct layout l = frame("Lists", BAR_DEATHS);
    const struct part_view view[] = {{url(a, "/deaths"), S("List"), true},
                                     {url(a, "/deaths?view=map"), S("Map"), false},
                                     {url(a, "/deaths?view=time"), S("Time"), false}};
    const struct part_link chosen[] = {{url(a, "/deaths?place=churchyard"), S("Overdose")},
                                       {url(a, "/deaths?mechanism=overdose"), S("Churchyard")}};
    struct part_filter filter = {
        .action = url(a, "/deaths"), .chosen = chosen, .chosen_count = 2, .clear = url(a, "/deaths")};
    l.wide = true;
    layout_begin(out, &l);
    part_title(out, S("East Area"), S("Deaths"));
    part_search(out, &(struct part_search){.action = url(a, "/deaths"),
                                           .name = S("q"),
                                           .label = S("Search"),
                                           .hint = S("A name, a reference, a number, a place"),
                                           .value = S("north \"st\"")});
    part_views(out, S("Views"), view, COUNT_OF(view));
    part_filter_begin(out, &filter);
    part_input(out, &(struct part_input){.name = S("place"), .label = S("Place")});
    part_filter_results(out, &filter);
    part_entries_begin(out);
    part_entry(
        out, &(struct part_entry){.href = url(a, "/links/D1/D2"),
                                  .title = S("Aidan Warden and Rafal Nowak"),
                                  .why = S("About 250 m and 70 days apart; both GHB; both without a phone."),
                                  .small = S("Suggested on 28 August 2014, 8:02am. Yours until 29 August."),
                                  .state = S("New"),
                                  .meaning = MEANING_ATTENTION});
    part_entry(out, &(struct part_entry){.href = url(a, "/deaths/D1/checks"),
                                         .title = S("Ask for the telephone records"),
                                         .why = S("Overdue since 26 June 2014."),
                                         .state = S("Overdue"),
                                         .meaning = MEANING_URGENT});
    part_entries_end(out);
    pattern_table(out, a);
    part_filter_end(out);
    part_heading(out, 2, S("tasks"), S("Checks"));
    pattern_tasks(out, a);
    part_heading(out, 2, S(""), S("Record"));
    pattern_summary(out, a);
    part_heading(out, 2, S(""), S("What happened"));
    pattern_timeline(out);
    layout_end(out, &l);
}

/* ---- forms ------------------------------------------------------------------------------------------ */

static void pattern_inputs(struct buf *out, struct arena *a, const struct part_errors *errors)
{
    part_input(out, &(struct part_input){.name = S("reference"),
                                         .label = S("Force reference"),
                                         .hint = S("Such as MPS/2014/0619"),
                                         .width = 20,
                                         .value = S("\"><script>alert(1)</script>")});
    part_input(out, &(struct part_input){.name = S("age"),
                                         .label = S("Age"),
                                         .suffix = S("years"),
                                         .width = 3,
                                         .inputmode = S("numeric"),
                                         .value = S("old"),
                                         .error = part_errors_of(errors, S("age"))});
    part_textarea(out, &(struct part_textarea){.name = S("why"),
                                               .label = S("Why do you need to see it?"),
                                               .length_max = 400,
                                               .hint = S("It is recorded and may be asked about.")});
    part_textarea(out, &(struct part_textarea){.name = S("story"),
                                               .label = S("What happened?"),
                                               .error = part_errors_of(errors, S("story")),
                                               .value = S("\nTwo lines\nof text </textarea>")});
    part_password(out, &(struct part_password){.name = S("password"),
                                               .label = S("Password"),
                                               .is_new = true,
                                               .hint = S("At least 12 characters")});
    part_file(out, &(struct part_file){.name = S("file"),
                                       .label = S("A table"),
                                       .hint = S("CSV or a spreadsheet"),
                                       .accept = S(".csv,.xlsx")});
    const Str words[] = {S("Barking"), S("Dagenham")};
    part_input(out, &(struct part_input){
                        .name = S("town"), .label = S("Town"), .list = S("towns"), .prefix = S("at")});
    part_suggestions(out, S("towns"), words, 2);
    struct buf more CLEANUP_BUF;
    buf_init(&more, 1 << 16);
    part_input(&more, &(struct part_input){.name = S("who"), .label = S("Who?")});
    Html reveals = html_made(a, &more);
    part_input(&more, &(struct part_input){.name = S("reason"), .label = S("Why not?")});
    const struct part_choice choice[] = {
        {.value = S("linked"), .label = S("Linked"), .hint = S("They belong together. A series is opened.")},
        {.value = S("work"), .label = S("Needs work"), .chosen = true, .reveals = reveals},
        {.value = S("not"), .label = S("Not linked"), .reveals = html_made(a, &more)}};
    part_radios(out, &(struct part_choices){.name = S("decision"),
                                            .legend = S("What do you decide?"),
                                            .style = LABEL_HEADING,
                                            .choice = choice,
                                            .count = 3,
                                            .error = part_errors_of(errors, S("decision"))});
    const struct part_choice box[] = {{.value = S("phone"), .label = S("Telephone")},
                                      {.value = S("keys"), .label = S("Keys"), .chosen = true},
                                      {.value = S("none"), .label = S("None of these"), .only = true}};
    part_checkboxes(
        out,
        &(struct part_choices){
            .name = S("missing"), .legend = S("What is missing?"), .choice = box, .count = 3, .small = true});
    part_select(out,
                &(struct part_choices){.name = S("unit"), .legend = S("Unit"), .choice = box, .count = 2});
}

static void forms(struct buf *out, struct arena *a)
{
    struct layout l = frame("Forms", BAR_LINKS);
    struct part_errors errors = {0};
    const struct part_notice notice[] = {
        {.success = true, .text = S("The report was saved.")},
        {.id = S("second"), .text = S("A link was suggested while you were away.")}};
    part_errors_add(a, &errors, S("age"), S("Write the age in figures, such as 34"));
    part_errors_add(a, &errors, S("story"), S("Say what happened"));
    part_errors_add(a, &errors, S("decision"), S("Choose what you decide"));
    part_errors_add(a, &errors, S(""), S("Somebody else changed this record"));
    l.has_errors = true;
    l.back = (struct part_link){.href = url(a, "/links")};
    l.notice = notice;
    l.notices = COUNT_OF(notice);
    l.at = S("28 August 2014, 8:00am");
    l.at_leave = url(a, "/deaths/D1");
    layout_begin(out, &l);
    part_error_summary(out, &errors);
    part_title(out, S("Step 3 of 12"), S("Forms"));
    part_lead(out, S("Everything that can be filled in."));
    part_paragraph(out, S("A paragraph before it."));
    part_form_begin(
        out, &(struct part_form){
                 .action = url(a, "/links/D1/D2"), .csrf = S("t0ken"), .keep = S("pattern"), .upload = true});
    pattern_inputs(out, a, &errors);
    part_live(out, &(struct part_live){S("near"), url(a, "/api/v1/near"), S("age place-lat"),
                                       S("Earlier deaths near this place")});
    part_buttons_begin(out);
    part_button(out, &(struct part_button){.text = S("Continue")});
    part_button(out, &(struct part_button){.text = S("Save and come back later"),
                                           .kind = BUTTON_SECONDARY,
                                           .name = S("later"),
                                           .value = S("1"),
                                           .skips_checks = true});
    part_button(out, &(struct part_button){.text = S("Withdraw"),
                                           .about = S("the report of MPS/2014/0619"),
                                           .kind = BUTTON_WARNING});
    part_button(out, &(struct part_button){.text = S("Start"), .href = url(a, "/deaths/new")});
    part_buttons_end(out);
    part_form_end(out);
    part_inset(out, S("Asked again only if new evidence appears."));
    part_warning(out, S("This record is restricted. That you opened it is recorded."));
    part_details_begin(out, S("Show the working"));
    part_paragraph(out, S("Each reason is counted once."));
    part_details_end(out);
    layout_end(out, &l);
}

/* One step of a report as it is filled in on a phone. */
static void keep(struct buf *out, struct arena *a)
{
    struct layout l = frame("Report a death", BAR_DEATHS);
    const struct kind *kind = kind_of(KIND_DEATH);
    const struct part_choice choice[] = {{.value = S("yes"), .label = S("Yes")},
                                         {.value = S("no"), .label = S("No")}};
    l.stay = url(a, "/lists.html");
    layout_begin(out, &l);
    part_form_begin(out, &(struct part_form){
                             .action = url(a, "/links/D1/D2"), .csrf = S("t0ken"), .keep = S("pattern-2")});
    part_field(out, a,
               &(struct part_field){.policy = patterns_policy(a),
                                    .kind = kind,
                                    .field = field_index(kind, S("place")),
                                    .style = LABEL_TITLE,
                                    .caption = S("Step 2 of 12")});
    part_live(out, &(struct part_live){S("near"), url(a, "/api/v1/near"), S("place-lat place-lon"),
                                       S("Earlier deaths near this place")});
    part_textarea(out, &(struct part_textarea){.name = S("story"), .label = S("What happened?")});
    part_radios(out, &(struct part_choices){.name = S("decision"),
                                            .legend = S("Is anybody with you?"),
                                            .choice = choice,
                                            .count = 2,
                                            .in_line = true});
    part_button(out, &(struct part_button){.text = S("Continue")});
    part_form_end(out);
    layout_end(out, &l);
}

/* ---- case ------------------------------------------------------------------------------------------- */

static void cases(struct buf *out, struct arena *a)
{
    struct layout l = frame("Case", BAR_LINKS);
    const struct part_fact fact[] = {
        {S("Found"), S("19 June 2014, 4:18am")}, {S("Place"), S("Cooke Street")}, {S("Age"), S("23 years")}};
    const struct part_spot spot[] = {{0, 7}, {22, 8}, {200, 7}};
    l.wide = true;
    layout_begin(out, &l);
    part_identity(out, &(struct part_identity){
                           .name = S("Aidan Warden"),
                           .reference = S("KG/2014/0619"),
                           .fact = fact,
                           .facts = 3,
                           .state = S("Under investigation"),
                           .meaning = MEANING_WAITING,
                           .warning = S("Restricted: only people who are cleared see this record.")});
    part_title(out, S(""), S("Compare"));
    part_pairs_begin(out, S("Side by side"), (struct part_link){url(a, "/deaths/D1"), S("KG/2014/0619")},
                     (struct part_link){url(a, "/deaths/D2"), S("KG/2014/0828")});
    part_pair(out, &(struct part_pair){S("Posture"), S("seated and propped up"), S("seated and propped up"),
                                       LIKENESS_SAME, S("1 in 36 deaths")});
    part_pair(out,
              &(struct part_pair){S("Place"), S("street"), S("churchyard"), LIKENESS_DIFFERENT, STR_NONE});
    part_pair(out, &(struct part_pair){S("Age"), S("23 years"), S("22 years"), LIKENESS_SIMILAR, STR_NONE});
    part_pair(out,
              &(struct part_pair){S("Telephone"), S("not with him"), STR_NONE, LIKENESS_MISSING, STR_NONE});
    part_pairs_end(out);
    part_marked(out, S("Propped up against the wall, a bottle of liquid beside him.\nNo phone."), spot,
                COUNT_OF(spot));
    part_panel(out, S("Report sent"), S("Reference KG/2014/0619"));
    part_interruption_begin(out, S("Why do you need to see this record?"));
    part_paragraph(out, S("It belongs to another unit. What you write is recorded."));
    part_form_begin(out, &(struct part_form){.action = url(a, "/deaths/D1/reason"), .csrf = S("t0ken")});
    part_textarea(out, &(struct part_textarea){.name = S("access-reason"), .label = S("Reason")});
    part_button(out, &(struct part_button){.text = S("Open the record"), .kind = BUTTON_INVERSE});
    part_form_end(out);
    part_interruption_end(out);
    layout_end(out, &l);
}

/* ---- fields ----------------------------------------------------------------------------------------- */

static void fields(struct buf *out, struct arena *a)
{
    const struct policy *policy = patterns_policy(a);
    struct layout l = frame("Fields", BAR_DEATHS);
    const struct kind *kind = kind_of(KIND_DEATH);
    layout_begin(out, &l);
    part_title(out, S(""), S("Every field of a death"));
    part_form_begin(out, &(struct part_form){.action = url(a, "/deaths/new"), .csrf = S("t0ken")});
    for (size_t i = 0; i < kind->field_count; i++)
        part_field(out, a, &(struct part_field){.policy = policy, .kind = kind, .field = (int)i});
    part_button(out, &(struct part_button){.text = S("Continue")});
    part_form_end(out);
    layout_end(out, &l);
}

/* ---- pictures --------------------------------------------------------------------------------------- */

static void pattern_map(struct buf *out, struct arena *a)
{
    static const char wards[] =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{"
        "\"type\":\"Polygon\",\"coordinates\":[[[0.07,51.533],[0.079,51.532],[0.081,51.538],[0.072,"
        "51.54],[0.07,51.533]]]}},{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\","
        "\"coordinates\":[[[[0.081,51.538],[0.079,51.532],[0.09,51.531],[0.091,51.54],[0.081,51.538]]]]}}]}";
    struct draw_areas areas = {0};
    struct err e = {0};
    if (draw_areas_read(a, str_of(wards), &areas, &e) != OK) BUG("%s", e.text);
    const struct draw_point point[] = {
        {51.5361, 0.0789, DRAW_NEAR_M, S("D1"), S("Aidan Warden, KG/2014/0619"), S("19 June 2014"),
         url(a, "/deaths/D1"), MEANING_ATTENTION},
        {51.5378, 0.0764, 0, S("D2"), S("Rafal Nowak, KG/2014/0828"), S("28 August 2014"),
         url(a, "/deaths/D2"), MEANING_PLAIN},
        {51.5377, 0.0766, 0, S("D3"), S("Name not known"), S("20 September 2014"), {{0}}, MEANING_PLAIN},
        {51.5340,
         0.0840,
         0,
         S("I7"),
         S("Call about a man who collapsed"),
         S("18 June 2014"),
         {{0}},
         MEANING_WAITING}};
    const struct draw_legend legend[] = {{MEANING_ATTENTION, S("This death, and 500 m around it")},
                                         {MEANING_PLAIN, S("Earlier deaths")},
                                         {MEANING_WAITING, S("Calls")}};
    struct draw_map m = {
        .caption = {S("where"), S("Where they were found"),
                    S("Four points within 600 m of each other; three deaths near one churchyard.")},
        .point = point,
        .points = COUNT_OF(point),
        .areas = &areas,
        .legend = legend,
        .legends = COUNT_OF(legend)};
    draw_map(out, a, &m);
    draw_map_table(out, &m);
}

static void pattern_times(struct buf *out, struct arena *a)
{
    const int64_t d1 = caldate_to_days(2014, 6, 19) * MS_PER_DAY,
                  d2 = caldate_to_days(2014, 8, 28) * MS_PER_DAY;
    const Str lane[] = {S("KG/2014/0619"), S("KG/2014/0828")};
    const struct draw_event event[] = {
        {d1 + 3 * MS_PER_HOUR,
         0,
         0,
         S("Call to the ambulance"),
         S("Call to the ambulance service"),
         {{0}},
         MEANING_ATTENTION},
        {d1 + 4 * MS_PER_HOUR, 0, 0, S("Found"), S("Found"), {{0}}, MEANING_PLAIN},
        {d1 + 7 * MS_PER_DAY,
         d1 + 30 * MS_PER_DAY,
         0,
         S("Telephone records asked for"),
         STR_NONE,
         {{0}},
         MEANING_WAITING},
        {d2 - 2 * MS_PER_DAY, d2, 1, S("Last seen alive"), STR_NONE, {{0}}, MEANING_PLAIN},
        {d2 + 9 * MS_PER_HOUR, 0, 1, S("Found by a dog walker"), STR_NONE, url(a, "/deaths/D2"),
         MEANING_PLAIN},
        {d2 + 10 * MS_PER_HOUR, 0, 1, S("Link suggested"), STR_NONE, {{0}}, MEANING_URGENT}};
    struct draw_timeline t = {
        .caption = {S("when"), S("What happened when"), S("Two deaths, ten weeks apart.")},
        .lane = lane,
        .lanes = 2,
        .event = event,
        .events = COUNT_OF(event)};
    draw_timeline(out, a, &t);
    draw_timeline_table(out, a, &t);
    struct draw_timeline day = {
        .caption = {S("day"), S("The morning of 19 June 2014"), S("A call and what was found.")},
        .lane = lane,
        .lanes = 1,
        .event = event,
        .events = 2};
    draw_timeline(out, a, &day);
    unsigned count[104];
    for (unsigned i = 0; i < 104; i++)
        count[i] = (i * 7919u) % 13u;
    struct draw_weeks w = {
        .caption = {S("weeks"), S("Deaths by week"), S("Up to twelve deaths in a week over two years.")},
        .count = count,
        .weeks = 104,
        .first_ms = caldate_to_days(2013, 1, 7) * MS_PER_DAY,
        .what = S("deaths")};
    draw_weeks(out, a, &w);
    draw_weeks_table(out, a, &w);
}

static void pattern_bars(struct buf *out, struct arena *a)
{
    const struct draw_bar bar[] = {{S("Both found within 250 m in 70 days"), 24, 0},
                                   {S("Both had taken GHB"), 14, 19},
                                   {S("Both without a telephone"), 9, 0},
                                   {S("Both found seated and propped up"), 16, 0},
                                   {S("Different kinds of place: street, churchyard"), -4, 0},
                                   {S("Told apart by nothing else"), 0, 0}};
    struct draw_bars b = {
        .caption = {S("reasons"), S("Reasons for and against"), S("Four reasons for, one against.")},
        .bar = bar,
        .bars = COUNT_OF(bar)};
    draw_bars(out, a, &b);
    draw_bars_table(out, a, &b);
}

static void pattern_graph(struct buf *out, struct arena *a)
{
    const struct draw_node node[] = {
        {S("KG/2014/0619"), S("Aidan Warden"), url(a, "/deaths/D1"), MEANING_ATTENTION, false},
        {S("KG/2014/0828"), S("Rafal Nowak"), url(a, "/deaths/D2"), MEANING_PLAIN, false},
        {S("KG/2014/0920"), STR_NONE, url(a, "/deaths/D3"), MEANING_PLAIN, false},
        {S("A caller"), STR_NONE, {{0}}, MEANING_WAITING, true},
        {S("Telephone ending 417"), STR_NONE, {{0}}, MEANING_WAITING, true},
        {S("Dog walker W1"), STR_NONE, {{0}}, MEANING_PLAIN, true}};
    const struct draw_edge edge[] = {{0, 1, S("250 m, GHB, no phone"), false},
                                     {0, 2, S("same churchyard"), false},
                                     {1, 2, S("same finder"), false},
                                     {0, 3, S("called"), false},
                                     {3, 4, S("holds"), false},
                                     {1, 5, S("found by"), false},
                                     {2, 5, S("found by"), false},
                                     {0, 5, S("was abroad"), true}};
    struct draw_graph g = {
        .caption = {S("graph"), S("What hangs together"), S("One death and its neighbours.")},
        .node = node,
        .nodes = COUNT_OF(node),
        .edge = edge,
        .edges = COUNT_OF(edge)};
    draw_graph(out, a, &g);
    draw_graph_table(out, &g);
    struct draw_node *many = NEW_ARRAY(a, struct draw_node, 34);
    struct draw_edge *links = NEW_ARRAY(a, struct draw_edge, 40);
    for (size_t i = 0; i < 34; i++)
        many[i] = (struct draw_node){.mark = str_format(a, "D%zu", i + 1), .round = i % 3 == 2};
    for (size_t i = 0; i < 40; i++)
        links[i] = (struct draw_edge){
            .a = i < 33 ? i / 3 : i - 30, .b = i < 33 ? i + 1 : i - 12, .label = S("near")};
    struct draw_graph big = {.caption = {S("crowd"), S("A crowd"), S("More than are drawn.")},
                             .node = many,
                             .nodes = 34,
                             .edge = links,
                             .edges = 40};
    draw_graph(out, a, &big);
}

/* With the scripts that make them move; no page has both. */
static void moving_map(struct buf *out, struct arena *a)
{
    struct layout l = frame("A map that moves", BAR_DEATHS);
    l.scripts = LAYOUT_MAP;
    l.wide = true;
    layout_begin(out, &l);
    part_title(out, S(""), S("A map that moves"));
    pattern_map(out, a);
    layout_end(out, &l);
}

static void moving_graph(struct buf *out, struct arena *a)
{
    struct layout l = frame("A graph that moves", BAR_LINKS);
    l.scripts = LAYOUT_GRAPH;
    layout_begin(out, &l);
    part_title(out, S(""), S("A graph that moves"));
    pattern_graph(out, a);
    layout_end(out, &l);
}

static void pictures(struct buf *out, struct arena *a)
{
    struct layout l = frame("Pictures", BAR_LINKS);
    layout_begin(out, &l);
    part_title(out, S(""), S("Pictures"));
    pattern_map(out, a);
    pattern_times(out, a);
    pattern_bars(out, a);
    pattern_graph(out, a);
    layout_end(out, &l);
}

const struct pattern_page pattern_pages[] = {{"lists", lists},
                                             {"forms", forms},
                                             {"keep", keep},
                                             {"case", cases},
                                             {"fields", fields},
                                             {"pictures", pictures},
                                             {"moving_map", moving_map},
                                             {"moving_graph", moving_graph}};
const size_t pattern_page_count = COUNT_OF(pattern_pages);
