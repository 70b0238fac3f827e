"""A threshold out of labelled scores as scikit-learn has it: `sweep.py SCORES TRUTHS TARGET ROUNDS`.

SCORES are doubles and TRUTHS bytes (1 for harmful) of one file each. Of every threshold of a thousandth it comes to the rate of
false positives and the recall, and it chooses the lowest one within TARGET. Prints `{"seconds": [...], "processor": [...],
"threshold", "recall"}`; reading the files and loading the packages is in no time.
"""

import json
import sys
import time

import numpy
from sklearn.metrics import roc_curve

scores = numpy.fromfile(sys.argv[1], dtype=numpy.float64)
truths = numpy.fromfile(sys.argv[2], dtype=numpy.uint8)
target, rounds = float(sys.argv[3]), int(sys.argv[4])
grid = numpy.arange(1001) / 1000


def sweep():
    false_positives, recalls, thresholds = roc_curve(truths, scores, drop_intermediate=False)
    # Thresholds fall; of each one of the grid the last point that lies at or above it.
    at = numpy.searchsorted(-thresholds, -grid, side="right") - 1
    kept = numpy.flatnonzero(false_positives[at] <= target)
    chosen = kept[0]
    return float(grid[chosen]), float(recalls[at[chosen]])


sweep()
seconds, processor = [], []
for _ in range(rounds):
    began, before = time.perf_counter(), time.process_time()
    threshold, recall = sweep()
    seconds.append(time.perf_counter() - began)
    processor.append(time.process_time() - before)
print(json.dumps({"seconds": seconds, "processor": processor, "threshold": threshold, "recall": recall}))
