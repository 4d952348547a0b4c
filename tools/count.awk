# Counts single test cases in meson's testlog.txt. Each program prints one line a case in TAP ("ok 1 - name",
# "not ok 2 - name", "not ok 3 # SKIP name"). A program that ended badly without naming a case, that printed
# fewer cases than its plan, or that printed none at all, counts as one failure.
function program_end(   bad)
{
    if (program == "") return
    bad = ""
    if (result !~ /^exit status 0$/ && named_failures == 0) bad = "ended with " result
    else if (cases == 0) bad = "printed no test"
    else if (cases < planned) bad = "planned " planned " tests and ran " cases
    if (bad != "") {
        failed++
        names[failed] = program ": " bad
    }
    if (bad != "" || named_failures > 0) {
        print "---- " program
        printf "%s", output
    }
    program = ""
}
/^=+ [0-9]+\/[0-9]+ =+$/ { program_end(); output = ""; next }
/^test: / && program == "" {
    program = $0
    sub(/^test: */, "", program)
    cases = planned = named_failures = 0
    result = "nothing"
    next
}
/^result: / && result == "nothing" { result = $0; sub(/^result: */, "", result); next }
/^[ \t]*1\.\.[0-9]+/ { plan = $0; sub(/^[ \t]*1\.\./, "", plan); planned += plan + 0; next }
/^(not )?ok [0-9]+ # SKIP/ { cases++; skipped++; next }
/^ok [0-9]+/ { cases++; passed++; next }
/^not ok [0-9]+/ {
    cases++
    failed++
    named_failures++
    line = $0
    sub(/^not ok [0-9]+ *-* */, "", line)
    names[failed] = program ": " line
}
{ if (length(output) < 20000) output = output $0 "\n" }
END {
    program_end()
    for (i = 1; i <= failed; i++) print "failed: " names[i]
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    if (failed > 0 || passed == 0) exit 1
}
