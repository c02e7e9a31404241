# Reference numbers of several heads on one encoder: a tiny folder of Transformers whose outputs are those of three heads side by side, and
# PyTorch's losses and gradients, with labels that are missing.
#   python tools/several-golden.py test/golden/several > test/golden/several.json
# Used: Python 3.11.7, torch 2.15.0, transformers 5.24.0.
import json
import sys

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import BertConfig, BertForSequenceClassification

torch.manual_seed(23)
torch.set_num_threads(1)
heads = [
    {"name": "disease", "task": "single-label", "labels": ["cold", "flu", "angina"], "weight": 1.0},
    {"name": "signs", "task": "multi-label", "labels": ["fever", "cough"], "weight": 0.5},
    {"name": "days", "task": "regression", "labels": [], "weight": 0.25},
]
names = [f"{h['name']}: {label}" for h in heads for label in h["labels"]] + ["days"]
config = BertConfig(
    vocab_size=40,
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=24,
    max_position_embeddings=24,
    type_vocab_size=2,
    initializer_range=0.3,
    id2label=dict(enumerate(names)),
    label2id={name: i for i, name in enumerate(names)},
)
model = BertForSequenceClassification(config).eval()
model.config.problem_type = "multi_task"
model.config.task_heads = heads
model.save_pretrained(sys.argv[1])
model = BertForSequenceClassification.from_pretrained(sys.argv[1], attn_implementation="eager").eval()
rows = [
    {"ids": [2, 7, 12, 3], "disease": 1, "signs": [1, 0], "days": 2.5},
    {"ids": [2, 9, 9, 30, 21, 3], "disease": None, "signs": [1, 1], "days": None},
    {"ids": [2, 33, 8, 3], "disease": 2, "signs": None, "days": -1.0},
    {"ids": [2, 5, 6, 7, 8, 3], "disease": None, "signs": None, "days": None},
]
total = 0
for row in rows:
    logits = model(torch.tensor([row["ids"]])).logits[0]
    disease, signs, days = logits[:3], logits[3:5], logits[5]
    loss = 0 * logits.sum()
    if row["disease"] is not None:
        loss = loss + heads[0]["weight"] * cross_entropy(disease[None], torch.tensor([row["disease"]]))
    if row["signs"] is not None:
        loss = loss + heads[1]["weight"] * binary_cross_entropy_with_logits(signs, torch.tensor(row["signs"]).float())
    if row["days"] is not None:
        loss = loss + heads[2]["weight"] * (days - row["days"]) ** 2
    row["logits"], row["loss"] = logits.tolist(), float(loss.detach())
    total = total + loss / len(rows)
total.backward()
norms = {name: float(p.grad.norm()) for name, p in model.named_parameters()}
json.dump({"rows": rows, "loss": float(total.detach()), "norms": norms}, sys.stdout, separators=(",", ":"))
