"""Integrated gradients with Captum, for bench/explain.ts: the same model, tokens, baseline and rule.

explain.py MODEL IDS BASELINE TARGET STEPS THREADS: prints "ready", then for each line of input, which is the number of places that
one pass takes (0: all at once, Captum's default), one line of JSON {ms, attributions, delta}.
"""
import json, sys, time
import torch
from captum.attr import LayerIntegratedGradients
from transformers import AutoModelForSequenceClassification

folder, ids, baseline, target, steps, threads = sys.argv[1:7]
torch.set_num_threads(int(threads))
model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
ids = torch.tensor([json.loads(ids)])
baseline = torch.tensor([json.loads(baseline)])
mask = torch.ones_like(ids)
method = LayerIntegratedGradients(lambda i, m: model(input_ids=i, attention_mask=m).logits, model.bert.embeddings.word_embeddings)
print("ready", flush=True)
for line in sys.stdin:
    size = int(line) or None
    start = time.perf_counter()
    found, delta = method.attribute(
        ids, baselines=baseline, target=int(target), additional_forward_args=(mask,), n_steps=int(steps),
        internal_batch_size=size, return_convergence_delta=True,
    )
    ms = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": ms, "attributions": found.sum(-1)[0].tolist(), "delta": float(delta[0])}), flush=True)
