#!/bin/sh
# compare.sh PROGRAM PERSONS HISTORICAL: Colligate and Splink on the same files in one run, one after the other, on
# the public file HISTORICAL (where it is there) and on made persons (PERSONS writes them). Prints a table; each line
# also as "WHAT  COUNT in SECONDS s  OUTCOME", which ./do peers keeps. SIZES: rows of made persons.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 persons=$2 historical=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=$(realpath "$program") persons=$(realpath "$persons")
[ ! -f "$historical" ] || historical=$(realpath "$historical")
cd "$work" # DuckDB puts what does not fit into memory where it stands
[ -x "$here/venv/bin/python" ] || {
    python3 -m venv "$here/venv"
    "$here/venv/bin/pip" install --quiet --requirement "$here/requirements.txt" >&2
}

# Processor seconds and peak memory of a command, to file descriptor 3; its output where it was.
measured() {
    python3 -c 'import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(3, "w").write(f"{used.ru_utime + used.ru_stime:.1f} s of processor, {used.ru_maxrss // 1024} MiB")
sys.exit(code)' "$@"
}

line() { printf '%-34s %14s in %8.2f s   %s\n' "$1" "$2" "$3" "$4"; }

both() { # NAME FILE
    measured "$program" evaluate identity "$2" --map historical_50k --truth cluster --json >"$work/ours" 3>"$work/used"
    line "colligate, $1" "$(jq -r '.pairs_considered' "$work/ours")" "$(jq -r '.seconds' "$work/ours")" \
        "$(jq -r --arg used "$(cat "$work/used")" \
            '"precision \(.precision) recall \(.recall) F1 \(.f1), \($used)"' "$work/ours")"
    "$here/venv/bin/python" "$here/run.py" "$2" >"$work/theirs" 2>"$work/said" || { cat "$work/said" >&2; return 1; }
    for what in pairs clusters; do
        line "splink $what, $1" "$(jq -r '.considered' "$work/theirs")" "$(jq -r '.seconds' "$work/theirs")" \
            "$(jq -r --arg w $what \
                '"precision \(.[$w].precision) recall \(.[$w].recall) F1 \(.[$w].f1), \(.cpu_seconds) s of processor, \(.memory_mb) MiB"' "$work/theirs")"
    done
}

if [ -f "$historical" ]; then
    gzip -dc "$historical" >"$work/historical.csv"
    both historical_50k "$work/historical.csv"
else
    echo "skipped: $historical is not there" >&2
fi
for rows in ${SIZES:-100000 1000000}; do
    "$persons" "$rows" 1 >"$work/made.csv"
    both "$rows made persons" "$work/made.csv"
done
