"""A ViT of random weights on images, in PyTorch eager: train-images.py FOLDER EPOCHS BATCH RATE SEED OUT.
FOLDER holds the model (config.json, model.safetensors), pixels.f32 [N, 3, side, side], labels.i32 [N], split.json { train, test } and
orders.json: the rows of each epoch in order."""
import json, sys, time
from pathlib import Path
import numpy as np
import torch
from transformers import ViTForImageClassification

folder, epochs, batch, rate, seed, out = Path(sys.argv[1]), *map(float, sys.argv[2:6]), sys.argv[6]
torch.set_num_threads(2)
model = ViTForImageClassification.from_pretrained(folder).train()
side = model.config.image_size
labels = torch.from_numpy(np.fromfile(folder / "labels.i32", dtype=np.int32).astype(np.int64))
pixels = torch.from_numpy(np.fromfile(folder / "pixels.f32", dtype=np.float32).reshape(len(labels), 3, side, side))
split = json.loads((folder / "split.json").read_text())
test = torch.tensor(split["test"])
orders = json.loads((folder / "orders.json").read_text())
optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
seconds, losses = [], []
for epoch in range(int(epochs)):
    start, total = time.perf_counter(), 0.0
    order = torch.tensor(orders[epoch])
    for at in range(0, len(order), int(batch)):
        rows = order[at : at + int(batch)]
        optimizer.zero_grad()
        loss = model(pixel_values=pixels[rows], labels=labels[rows]).loss
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    seconds.append(time.perf_counter() - start)
    losses.append(total / len(order))
model.eval()
with torch.no_grad():
    answers = torch.cat([model(pixel_values=pixels[rows]).logits.argmax(-1) for rows in test.split(256)])
accuracy = (answers == labels[test]).float().mean().item()
Path(out).write_text(json.dumps({"seconds": seconds, "losses": losses, "accuracy": accuracy}))
