"""What figured says of the figures of answers.

In comes JSON: tables by their ids, and answers, each with the ids of its tables and a text; the word after the program says by
which of its policies. Out goes, for each answer, its figures (start, end, status), and the seconds that all of them took.
"""

import json
import sys
import time

from figured import STRICT, trace

options = {"default": {}, "strict": {"policy": STRICT}, "all": {"derivations": "all"}}[sys.argv[1]]
given = json.load(sys.stdin)
tables = given["tables"]
figures = []
seconds = 0.0
for answer in given["answers"]:
    results = [tables[name] for name in answer["tables"]]
    start = time.perf_counter()
    report = trace(answer["text"], results=results, **options)
    seconds += time.perf_counter() - start
    figures.append([[one.figure.start, one.figure.end, one.status] for one in report.results])
json.dump({"figures": figures, "seconds": seconds}, sys.stdout)
