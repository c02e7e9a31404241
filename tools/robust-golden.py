"""Medians and trimmed means by numpy and scipy, and the division into buckets by an implementation of its own (docs/rounds.md, Buckets).

python3 tools/robust-golden.py > test/golden/federated/robust.json     (needs: pip install numpy scipy)
"""
import hashlib
import json

import numpy as np
import scipy
from scipy.stats import trim_mean

draws = np.random.default_rng(5)
cases = []
for buckets, size in [(3, 4), (4, 5), (5, 3), (8, 4), (11, 2)]:
    means = draws.normal(size=(buckets, size))
    means[0] = 1e6  # one false
    trims = [t for t in (0.1, 0.25, 0.4) if int(t * buckets) > 0]
    cases.append(
        {
            "means": means.tolist(),
            "median": np.median(means, axis=0).tolist(),
            "trimmed": [{"trim": t, "mean": trim_mean(means, t, axis=0).tolist()} for t in trims],
        }
    )


def divide(digest, names, bucket_size):
    text = lambda name: json.dumps([digest, "bucket", name], separators=(",", ":"), ensure_ascii=False).encode()
    placed = sorted(names, key=lambda n: hashlib.sha256(text(n)).hexdigest())
    count = len(names) // bucket_size
    return [sorted(b.tolist()) for b in np.array_split(np.array(placed, dtype=object), count)]


names = [f"site-{i:02d}" for i in range(20)]
divisions = []
for label, bucket_size in [("one", 3), ("two", 3), ("two", 6)]:
    digest = hashlib.sha256(label.encode()).hexdigest()
    divisions.append({"digest": digest, "names": names, "bucketSize": bucket_size, "buckets": divide(digest, names, bucket_size)})

print(json.dumps({"by": f"numpy {np.__version__}, scipy {scipy.__version__}", "cases": cases, "divisions": divisions}, indent=1))
