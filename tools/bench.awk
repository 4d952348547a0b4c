# A line of a benchmark, "WHAT  COUNT in SECONDS s  RATE/s", as a row of bench/results.tsv; every line is shown as well.
{ print > "/dev/stderr" }
match($0, / +[0-9]+ in +[0-9.]+ s/) {
    what = substr($0, 1, RSTART - 1)
    amount = substr($0, RSTART, RLENGTH)
    outcome = substr($0, RSTART + RLENGTH)
    gsub(/^ +| +$/, "", what)
    gsub(/^ +| +$/, "", amount)
    gsub(/ +/, " ", amount)
    gsub(/^ +| +$/, "", outcome)
    printf "%s\t%s\t%s\t%s: %s\t%s\t%s\n", commit, date, machine, name, what, amount, outcome
}
