"""What a user would write with pandas and datasketch for the stage prepare: clean, drop repeats, find near-duplicates, split by
cluster and patient, write three files.

prepare.py TABLE FOLDER OUT: OUT gets {seconds, peak_rss_mb, near_rows, parts}. MinHash as bench/prepare.ts: threshold 0.8, shingles
of 5 characters, 64 permutations.
"""
import json, resource, sys, time, unicodedata
from pathlib import Path
import pandas as pd
from datasketch import MinHash, MinHashLSH
from sklearn.model_selection import GroupShuffleSplit

table, folder, out = sys.argv[1:4]
start = time.perf_counter()
frame = pd.read_csv(table)
frame["text"] = [" ".join(unicodedata.normalize("NFKC", str(t)).split()) for t in frame["text"]]
frame = frame[frame["text"] != ""].drop_duplicates(["text", "label"]).reset_index(drop=True)
lsh = MinHashLSH(threshold=0.8, num_perm=64)
parent = list(range(len(frame)))


def root(i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


near = set()
for i, text in enumerate(frame["text"]):
    text = text.lower()
    own = MinHash(num_perm=64)
    own.update_batch([text[k : k + 5].encode() for k in range(max(1, len(text) - 4))])
    for j in lsh.query(own):
        near.update((i, j))
        parent[root(i)] = root(j)
    lsh.insert(i, own)
first = {}
for i, patient in enumerate(frame["patient"]):
    parent[root(i)] = root(first.setdefault(patient, i))
clusters = [root(i) for i in range(len(frame))]
rest, test = next(GroupShuffleSplit(1, test_size=0.2, random_state=0).split(frame, groups=clusters))
train, dev = next(GroupShuffleSplit(1, test_size=0.125, random_state=0).split(rest, groups=[clusters[i] for i in rest]))
for name, rows in {"train": rest[train], "dev": rest[dev], "test": test}.items():
    frame.iloc[rows].to_json(Path(folder) / f"{name}.jsonl", orient="records", lines=True, force_ascii=False)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
sizes = {"train": len(train), "dev": len(dev), "test": len(test)}
json.dump({"seconds": time.perf_counter() - start, "peak_rss_mb": peak, "near_rows": len(near), "parts": sizes}, open(out, "w"))
