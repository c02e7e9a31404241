"""fairlearn's MetricFrame with bootstrap on a table of decisions: counts (accuracy, selection rate, TPR, FPR) by five attributes and their pairs.
fairness.py ROWS DRAWS OUT: seconds and peak memory as JSON."""
import json, resource, sys, time
from itertools import combinations
import numpy as np, pandas as pd
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
from sklearn.metrics import accuracy_score

rows, draws, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
rng = np.random.default_rng(1)
truth = rng.integers(0, 2, rows)
scores = np.clip(0.35 + 0.3 * truth + 0.2 * rng.standard_normal(rows), 0, 1)
predicted = (scores > 0.5).astype(int)
columns = pd.DataFrame({f"a{i}": rng.integers(0, n, rows).astype(str) for i, n in enumerate([2, 3, 4, 5, 6])})
metrics = {"accuracy": accuracy_score, "selection": selection_rate, "tpr": true_positive_rate, "fpr": false_positive_rate}
groupings = [[c] for c in columns] + [list(p) for p in combinations(columns, 2)]
start = time.perf_counter()
for names in groupings:
    MetricFrame(metrics=metrics, y_true=truth, y_pred=predicted, sensitive_features=columns[names],
                **({"n_boot": draws, "ci_quantiles": [0.025, 0.975], "random_state": 1} if draws else {}))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
json.dump({"seconds": seconds, "groupings": len(groupings), "peakMiB": peak}, open(out, "w"))
