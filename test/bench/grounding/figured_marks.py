"""What figured says of the figures of answers.

In comes JSON: tables by their ids, and answers, each with the ids of its tables and a text; the word after the program says by
which of its policies. Out goes, for each answer, its figures (start, end, status), and the seconds that all of them took, by the
clock and of the processor. A tenth of them is looked at once before.
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
processor = 0.0
for answer in given["answers"][::10]:
    trace(answer["text"], results=[tables[name] for name in answer["tables"]], **options)
for answer in given["answers"]:
    results = [tables[name] for name in answer["tables"]]
    start, before = time.perf_counter(), time.process_time()
    report = trace(answer["text"], results=results, **options)
    seconds += time.perf_counter() - start
    processor += time.process_time() - before
    figures.append([[one.figure.start, one.figure.end, one.status] for one in report.results])
json.dump({"figures": figures, "seconds": seconds, "processor": processor}, sys.stdout)
