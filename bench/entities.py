"""Token classification in PyTorch, for bench/entities.ts: the same start, the same windows, the same settings.

entities.py MODEL EXAMPLES OUT: EXAMPLES is JSON {train: [{ids, label}], test: [{ids}], epochs, batchSize, learningRate,
warmupRatio, weightDecay, seed, threads}; OUT gets {seconds: per epoch, predicted: label number of each token of each test window}.
"""
import json, sys, time
import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoModelForTokenClassification, get_linear_schedule_with_warmup

folder, given, out = sys.argv[1:4]
job = json.load(open(given))
torch.set_num_threads(job["threads"])
torch.manual_seed(job["seed"])
model = AutoModelForTokenClassification.from_pretrained(folder)
plain = [p for n, p in model.named_parameters() if n.endswith("bias") or "LayerNorm" in n]
decayed = [p for n, p in model.named_parameters() if not (n.endswith("bias") or "LayerNorm" in n)]
optimizer = torch.optim.AdamW(
    [{"params": decayed, "weight_decay": job["weightDecay"]}, {"params": plain, "weight_decay": 0.0}], lr=job["learningRate"]
)
train, size = job["train"], job["batchSize"]
per_epoch = (len(train) + size - 1) // size
steps = per_epoch * job["epochs"]
schedule = get_linear_schedule_with_warmup(optimizer, int(job["warmupRatio"] * steps), steps)


def batch(rows):
    ids = pad_sequence([torch.tensor(r["ids"]) for r in rows], batch_first=True, padding_value=model.config.pad_token_id)
    mask = pad_sequence([torch.ones(len(r["ids"]), dtype=torch.long) for r in rows], batch_first=True)
    return ids, mask


seconds = []
for epoch in range(job["epochs"]):
    model.train()
    start = time.perf_counter()
    order = torch.randperm(len(train)).tolist()
    for at in range(0, len(order), size):
        rows = [train[i] for i in order[at : at + size]]
        ids, mask = batch(rows)
        labels = pad_sequence([torch.tensor(r["label"]) for r in rows], batch_first=True, padding_value=-100)
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    seconds.append(time.perf_counter() - start)
model.eval()
predicted = []
with torch.no_grad():
    for at in range(0, len(job["test"]), 64):
        rows = job["test"][at : at + 64]
        ids, mask = batch(rows)
        best = model(input_ids=ids, attention_mask=mask).logits.argmax(-1)
        predicted += [b[: len(r["ids"])].tolist() for b, r in zip(best, rows)]
json.dump({"seconds": seconds, "predicted": predicted}, open(out, "w"))
