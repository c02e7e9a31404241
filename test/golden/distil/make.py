# Distillation losses by PyTorch and Transformers, in float64: python test/golden/distil/make.py > test/golden/distil/distil.json
# Weights are sines, so that both sides make them; definitions: DistilBERT (arXiv:1910.01108), TinyBERT (arXiv:1909.10351).
import json
import math

import torch
import torch.nn.functional as F
import transformers
from transformers import BertConfig, BertForSequenceClassification

torch.set_default_dtype(torch.float64)
T = 2.0
PAIRS = [[0, 0], [1, 2], [2, 4]]
TEXTS = [[2, 7, 9, 4, 3], [2, 11, 3], [2, 5, 6, 8, 10, 12, 3]]
LABELS = [0, 2, 1]
SIZES = {"teacher": dict(hidden_size=12, num_hidden_layers=4, intermediate_size=20), "student": dict(hidden_size=8, num_hidden_layers=2, intermediate_size=12)}


def sines(shape, seed, scale, offset=0.0):
    n = math.prod(shape)
    return torch.tensor([offset + scale * math.sin(1.7 * i + 3.1 * seed + 0.3) for i in range(n)]).float().double().reshape(shape)


def model(kind, seed):
    config = BertConfig(vocab_size=14, num_attention_heads=2, max_position_embeddings=8, num_labels=3, hidden_dropout_prob=0.0,
                        attention_probs_dropout_prob=0.0, layer_norm_eps=1e-12, attn_implementation="eager", **SIZES[kind])
    m = BertForSequenceClassification(config).double().eval()
    with torch.no_grad():
        for k, (name, p) in enumerate(sorted(m.named_parameters())):
            norm = name.endswith("LayerNorm.weight")
            p.copy_(sines(tuple(p.shape), seed + k, 0.1 if norm or p.ndim == 1 else 0.5, 1.0 if norm else 0.0))
    return m


def run(m, ids):
    out = m(torch.tensor([ids]), output_hidden_states=True)
    scores = []
    for hidden, layer in zip(out.hidden_states, m.bert.encoder.layer):
        att = layer.attention.self
        split = lambda x: x.view(1, len(ids), 2, -1).transpose(1, 2)
        q, k = split(att.query(hidden)), split(att.key(hidden))
        scores.append(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]))
    return out.logits[0], [h[0] for h in out.hidden_states], [s[0] for s in scores]


teacher, student = model("teacher", 100), model("student", 7)
W = {"hidden": sines((12, 8), 50, 0.4).requires_grad_(), "embeddings": sines((12, 8), 60, 0.4).requires_grad_()}
out = {name: [] for name in ["labels", "logits", "cosine", "hidden", "attention", "embedding"]}
for ids, label in zip(TEXTS, LABELS):
    with torch.no_grad():
        tl, th, ta = run(teacher, ids)
    sl, sh, sa = run(student, ids)
    into = lambda x, m: x @ (W["embeddings"] if m == 0 else W["hidden"]).T
    out["labels"].append(F.cross_entropy(sl[None], torch.tensor([label])))
    out["logits"].append(F.kl_div(F.log_softmax(sl / T, -1), F.softmax(tl / T, -1), reduction="sum") * T * T)
    out["cosine"].append((1 - F.cosine_similarity(into(sh[-1], 1), th[-1])).mean())
    out["hidden"].append(sum(F.mse_loss(into(sh[m], m), th[n]) for m, n in PAIRS))
    out["attention"].append(sum(F.mse_loss(sa[m - 1], ta[n - 1]) for m, n in PAIRS if m > 0))
    out["embedding"].append(1 - F.cosine_similarity(into(sh[-1].mean(0), 1), th[-1].mean(0), dim=0))
total = sum(sum(losses) for losses in out.values()) / len(TEXTS)
total.backward()
named = dict(student.named_parameters())
grads = {"distil.hidden.weight": W["hidden"].grad, "distil.embeddings.weight": W["embeddings"].grad}
for name in ["bert.encoder.layer.0.attention.self.query.weight", "bert.encoder.layer.1.output.dense.weight", "classifier.weight"]:
    grads[name] = named[name].grad
print(json.dumps({
    "provenance": f"torch {torch.__version__}, transformers {transformers.__version__}, float64",
    "temperature": T, "layers": PAIRS, "texts": TEXTS, "labels": LABELS, "sizes": SIZES,
    "losses": {k: [float(x) for x in v] for k, v in out.items()},
    "grads": {k: [float(x) for x in g.flatten()] for k, g in grads.items()},
}))
