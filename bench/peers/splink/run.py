"""Splink on persons of history or persons made like them: who is who, with its usual ten blocking rules.

    run.py FILE.csv      prints one line of JSON: rows, pairs considered, seconds, processor seconds, peak memory, and at the
                         threshold 0.95 that its documentation uses precision, recall and F1 over all pairs,
                         of the pairs themselves and of the clusters (connected components) made from them.

The model is the one of Splink's public demonstration for this data: names together, date of birth, postcode,
place of birth, occupation, with term frequencies; u by sampling, m by expectation-maximisation in two sessions.
"""
import json
import resource
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

THRESHOLD = 0.95

RULES = [
    block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
    block_on("surname", "dob"),
    block_on("first_name", "dob"),
    block_on("postcode_fake", "first_name"),
    block_on("postcode_fake", "surname"),
    block_on("dob", "birth_place"),
    block_on("substr(postcode_fake,1,3)", "dob"),
    block_on("substr(postcode_fake,1,3)", "first_name"),
    block_on("substr(postcode_fake,1,3)", "surname"),
    block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
]


def settings():
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=RULES,
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True, datetime_format="%Y-%m-%d"),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        additional_columns_to_retain=["cluster"],
        retain_matching_columns=False,
    )


def measures(right, found, true):
    precision = right / found if found else None
    recall = right / true if true else None
    f1 = 2 * right / (found + true) if found + true else None
    return {"found": found, "right": right, "precision": precision, "recall": recall, "f1": f1}


def main(path):
    con = duckdb.connect(":memory:")
    start = time.monotonic()
    con.execute(f"create table persons as select * from read_csv('{path}', header=true, all_varchar=true)")
    db = DuckDBAPI(connection=con)
    frame = db.register(con.table("persons"))
    linker = Linker(frame, settings(), log_level="WARNING")
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [
            "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
            "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname"
            " and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)",
            "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
        ],
        recall=0.6,
    )
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, THRESHOLD)
    seconds = time.monotonic() - start
    used = resource.getrusage(resource.RUSAGE_SELF)

    one = con.execute
    rows = one("select count(*) from persons").fetchall()[0][0]
    true = one("select sum(n*(n-1)/2) from (select count(*) n from persons group by cluster)").fetchall()[0][0]
    p, c = predictions.physical_name, clusters.physical_name
    found, right = one(
        f"select count(*), count(*) filter (where cluster_l = cluster_r) from {p}"
        f" where match_probability >= {THRESHOLD}"
    ).fetchall()[0]
    groups = one(f"select sum(n*(n-1)/2) from (select count(*) n from {c} group by cluster_id)").fetchall()[0][0]
    both = one(
        f"select sum(n*(n-1)/2) from (select count(*) n from {c} group by cluster_id, cluster)"
    ).fetchall()[0][0]
    blocked = linker.inference.compute_blocked_pairs_for_predict().physical_name
    considered = one(f"select count(*) from {blocked}").fetchall()[0][0]
    print(
        json.dumps(
            {
                "rows": rows,
                "considered": considered,
                "seconds": round(seconds, 2),
                "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
                "memory_mb": round(used.ru_maxrss / 1024),
                "true": int(true),
                "pairs": measures(int(right), int(found), int(true)),
                "clusters": measures(int(both), int(groups), int(true)),
            }
        )
    )


main(sys.argv[1])
