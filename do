#!/bin/sh
# Every task of the house is one verb: ./do help lists them. A verb is a function; its help is the line above it.
set -eu
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive

jobs=$(nproc)
machine="$(uname -m), $jobs cores, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)"

say() { printf '%s\n' "$*" >&2; }
stop() { say "do: $*"; exit 1; }

# ---- what has to be there first

# The packages of some groups (tools/packages.txt) that this machine does not have. One that is only wanted for a
# command counts as there when the command is, whoever brought it.
packages_missing() {
    for group in "$@"; do
        awk -v group="$group" '!/^#/ && $1 == group { print $2, $3 }' tools/packages.txt
    done | while read -r package command; do
        [ -z "$command" ] || ! command -v "$command" >/dev/null || continue
        dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed$' || echo "$package"
    done
}

#help install [GROUP...]    install the packages of build, test, format or fuzz that are missing: Debian's, and for pages npm's
do_install() {
    [ $# -gt 0 ] || set -- build test
    install_debian "$@"
    case " $* " in *" build "*) npm_install ui ;; esac
    case " $* " in *" test "*) npm_install test/browser ;; esac
}

# npm_install FOLDER: the packages of its lock file, unless they are there.
npm_install() {
    cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json" && return 0
    say "do: installing the packages of $1/package-lock.json"
    (cd "$1" && npm ci --no-progress </dev/null >&2)
    cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}

# install_debian GROUP...
install_debian() {
    missing=$(packages_missing "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || stop "these packages are missing and only root can install them: $missing"
        as_root="sudo DEBIAN_FRONTEND=noninteractive"
    fi
    say "do: installing $missing"
    $as_root apt-get -q update </dev/null >&2
    # shellcheck disable=SC2086 # a list of words
    $as_root apt-get -q -y --no-install-recommends install $missing </dev/null >&2
}

# configure FOLDER OPTION...: a build folder with these options, made anew only when there is none.
configure() {
    folder=$1
    shift
    [ -f "$folder/build.ninja" ] || meson setup "$folder" "$@" >&2 </dev/null
}

# ---- verbs

#help build                 build the program: build/colligate
do_build() {
    do_install build
    configure build --buildtype=debugoptimized -Dtests=false
    ninja -C build >&2
    say "do: built build/colligate"
}

#help test [NAME...]        every test, under the address and undefined behaviour sanitizers; the last line counts them
do_test() {
    do_install build test
    configure build-test --buildtype=debugoptimized -Db_sanitize=address,undefined
    ninja -C build-test >&2
    tests_run build-test "$@"
}

# Runs the tests of a build folder and counts the single cases they print, program by program (tools/count.awk).
tests_run() {
    folder=$1
    shift
    rm -f "$folder/meson-logs/testlog.txt"
    export CMOCKA_MESSAGE_OUTPUT=TAP
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    meson test -C "$folder" --no-rebuild --num-processes "$jobs" --timeout-multiplier 3 "$@" </dev/null >&2 || true
    [ -f "$folder/meson-logs/testlog.txt" ] || stop "no test was run"
    awk -f tools/count.awk "$folder/meson-logs/testlog.txt"
}

#help lint                  the rules of the house (tools/lint), and the layout of the code when clang-format is there
do_lint() {
    do_install build
    configure build --buildtype=debugoptimized -Dtests=false
    ninja -C build tools/lint/lint >&2
    build/tools/lint/lint .
    if command -v clang-format-14 >/dev/null; then
        code_files | xargs -0 clang-format-14 --dry-run -Werror
        echo "layout: clean"
    else
        echo "layout: not checked (./do install format)"
    fi
}

code_files() {
    find src test tools bench -name '*.[ch]' -type f -print0
}

#help format                lay out the code with clang-format 14, the version of Debian 12
do_format() {
    do_install format
    code_files | xargs -0 clang-format-14 -i
}

#help bench [NAME...]       run the benchmarks, add their figures to bench/results.tsv, draw doc/plots from them
do_bench() {
    do_build
    # shellcheck disable=SC2046 # a list of words
    [ $# -gt 0 ] || set -- $(find build/bench -maxdepth 1 -type f -executable -name 'bench_*' -printf '%f\n' | sort)
    commit=$(git describe --always --dirty 2>/dev/null || echo none)
    for name in "$@"; do
        say "do: bench $name"
        rm -rf build/bench/left && mkdir build/bench/left
        TMPDIR=$PWD/build/bench/left "build/bench/$name" </dev/null |
            awk -f tools/bench.awk -v commit="$commit" -v date="$(date -u +%F)" -v machine="$machine" \
                -v name="$name" >>bench/results.tsv
    done
    rm -rf build/bench/left
    mkdir -p doc/plots
    build/bench/plot bench/results.tsv bench/plots.tsv doc/plots >&2
}

#help load [DEATHS [SECONDS [SEED]]]  50 people reading, 5 writing and 500 bad lines on a store of DEATHS (100000), then kill -9
do_load() {
    do_build
    deaths=${1:-100000} seconds=${2:-60} store=bench/out/load-${1:-100000}
    if [ ! -d "$store" ]; then
        # 30 deaths a day, up to today
        from=$(date -u -d "$((deaths / 30)) days ago" +%F)
        say "do: making $deaths deaths since $from, once (minutes)"
        rm -rf "$store.part" && mkdir -p "$store.part"
        build/colligate synth --from "$from" --to "$(date -u +%F)" --per-day 30 -o "$store.part/feed.ndjson"
        build/colligate init "$store.part/store" >&2
        build/colligate import -d "$store.part/store" "$store.part/feed.ndjson" demo/people.ndjson >&2
        rm "$store.part/feed.ndjson"
        mv "$store.part/store" "$store" && rmdir "$store.part"
    fi
    rm -rf "$store.now" && cp -r "$store" "$store.now"
    build/bench/load build/colligate "$store.now" "$seconds" "${3:-1}" </dev/null |
        awk -f tools/bench.awk -v commit="$(git describe --always --dirty 2>/dev/null || echo none)" \
            -v date="$(date -u +%F)" -v machine="$machine" -v name="load, $deaths deaths" >>bench/results.tsv
    rm -rf "$store.now"
}

#help peers [ROWS...]       Splink beside Colligate on the same files in one run; adds the figures to bench/results.tsv
do_peers() {
    do_build
    commit=$(git describe --always --dirty 2>/dev/null || echo none)
    SIZES=${*:-100000} bench/peers/splink/compare.sh build/colligate build/bench/persons \
        "${COLLIGATE_DATA:-../shared/data}/identity/historical_50k.csv.gz" |
        awk -f tools/bench.awk -v commit="$commit" -v date="$(date -u +%F)" -v machine="$machine" \
            -v name=peers >>bench/results.tsv
}

#help pages [NAME...]      every page that each person of the demonstration reaches, in a browser: valid, accessible, weight, reading age
do_pages() {
    do_install build test
    do_build
    node test/browser/roles.mjs build/colligate "$@"
}

#help attack [VALUES]       so many hostile values (500) in every text field, looked at in a browser; formulas; requests no browser sends
do_attack() {
    do_install build test
    do_build
    node test/browser/attack.mjs build/colligate "$@"
}

#help coverage              run the tests once more, counting which branches of src/ they take
do_coverage() {
    do_install build test coverage
    # Atomic: the store has threads, and lost counts come out negative.
    configure build-coverage --buildtype=debug -Db_coverage=true -Dc_args=-fprofile-update=atomic
    ninja -C build-coverage >&2
    find build-coverage -name '*.gcda' -delete
    tests_run build-coverage || say "do: some tests failed; the figures below are of what ran"
    # An assertion has a branch that no test may take.
    gcovr --root . --object-directory build-coverage --filter src/ --branches --sort-uncovered \
        --exclude-branches-by-pattern '.*\b(MUST|BUG)\(.*' --print-summary build-coverage
}

#help fuzz [MINUTES]        fuzz each parser for so many minutes (1), from its corpus in test/fuzz/corpus
do_fuzz() {
    do_install build test fuzz
    seconds=$((${1:-1} * 60))
    [ "$seconds" -gt 0 ] || stop "fuzz for a whole number of minutes, from 1"
    export CC=clang
    configure build-fuzz --buildtype=debugoptimized -Dfuzz=true -Db_sanitize=address,undefined
    ninja -C build-fuzz >&2
    for target in $(find build-fuzz/test/fuzz -maxdepth 1 -type f -executable -name 'fuzz_*' | sort); do
        name=$(basename "$target" | sed 's/^fuzz_//')
        say "do: fuzz $name for $seconds s"
        mkdir -p "build-fuzz/found/$name"
        "$target" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 \
            -artifact_prefix="build-fuzz/found/$name-" "build-fuzz/found/$name" "test/fuzz/corpus/$name" </dev/null
    done
}

#help soak [ROUNDS]         kill -9 an import so many times (100) and prove that nothing acknowledged is lost
do_soak() {
    do_install build test
    configure build-test --buildtype=debugoptimized -Db_sanitize=address,undefined
    ninja -C build-test test/store/crash_test >&2
    COLLIGATE_SOURCE_ROOT=$PWD COLLIGATE_KILL_ROUNDS=${1:-100} build-test/test/store/crash_test
}

background() {
    folder=build/demo
    mkdir -p "$folder"
    [ -f "$folder/background-$1.ndjson" ] && return
    say "do: making two years of background, 30 deaths a day (seconds)"
    build/colligate synth --from 2014-01-01 --to 2016-01-01 --per-day 30 --seed "$1" \
        --truth "$folder/background-$1.tsv" -o "$folder/background-$1.ndjson.part"
    mv "$folder/background-$1.ndjson.part" "$folder/background-$1.ndjson"
}

#help demo [SEED]           the pages, at http://127.0.0.1:8080: the Barking deaths in two years of made background
do_demo() {
    do_build
    background "${1:-1}"
    say "do: a fresh demonstration; its clock begins on 28 August 2014, an hour before the second death is reported"
    rm -rf "$folder/store"
    build/colligate init "$folder/store" >&2
    cat demo/tour.txt
    exec build/colligate serve -d "$folder/store" --listen "${LISTEN:-127.0.0.1:8080}" \
        --play-from 2014-08-28T06:30:00Z "$folder/background-${1:-1}.ndjson" demo/people.ndjson demo/barking.ndjson
}

#help replay [SEED]         the same told day by day in the terminal, with the price in false alerts; writes build/demo
do_replay() {
    do_build
    seed=${1:-1}
    background "$seed"
    # Ties that are real but no series, such as the call and the death it was about, are counted apart.
    { cat demo/truth.tsv && tail -n +2 "$folder/background-$seed.tsv"; } >"$folder/truth.tsv"
    say "do: replaying the case in it, day by day (minutes)"
    build/colligate replay "$folder/background-$seed.ndjson" demo/barking.ndjson --truth "$folder/truth.tsv" \
        --json "$folder/replay.json"
    say "do: the same as JSON: $folder/replay.json"
    checks_count "$seed"
}

# How many of about a thousand deaths, five weeks of background, open each check: a rule that opens everywhere is seen.
checks_count() {
    say "do: the checks that five weeks of background open"
    rm -rf "$folder/checked"
    build/colligate synth --from 2015-10-01 --to 2015-11-04 --per-day 30 --seed "$1" -o "$folder/checked.ndjson"
    build/colligate init "$folder/checked" >&2
    build/colligate import -d "$folder/checked" "$folder/checked.ndjson" >&2
    build/colligate checks -d "$folder/checked" --unit all --at 2015-11-04T00:00:00Z | sed '/^By case/,$d'
}

#help planted [RUNS]        series planted into real populations (RUNS of each, 10): the tables of doc/planted.md
do_planted() {
    do_build
    data=${COLLIGATE_DATA:-../shared/data}/deaths
    [ -d "$data" ] || stop "the public files are not at $data; COLLIGATE_DATA names their folder"
    for population in milwaukee:milwaukee_me_2020_2026 cook_opioid:cook_opioid_deaths_geo; do
        map=${population%%:*}
        say "do: planting into $map"
        build/colligate evaluate planted --background "$data/${population#*:}.csv.gz" --map "$map" --plans demo/plans \
            --seed 101 --runs "${1:-10}" --record "build/planted-$map.tsv"
    done
}

#help clean                 remove everything that was built
do_clean() {
    rm -rf build build-test build-coverage build-fuzz
}

#help help                  this list
do_help() {
    echo "./do VERB"
    sed -n 's/^#help /  /p' do
}

verb=${1:-help}
[ $# -eq 0 ] || shift
# What the list above names can be called, and nothing else: a new verb cannot be forgotten here.
case $verb in *[!a-z]*) known='' ;; *) known=$(grep "^#help $verb " do || true) ;; esac
[ -n "$known" ] || { do_help >&2; stop "there is no verb \"$verb\""; }
"do_$verb" "$@"
