"""One training step of GPT-2's shape from random weights in PyTorch eager fp32: forward, backward, AdamW. A step for each line that comes in.
deep.py LAYERS WIDTH HEADS BATCH LENGTH THREADS: prints milliseconds."""
import sys, time
import torch
from transformers import GPT2Config, GPT2LMHeadModel

layers, width, heads, batch, length, threads = map(int, sys.argv[1:7])
torch.manual_seed(0)
torch.set_num_threads(threads)
model = GPT2LMHeadModel(GPT2Config(n_layer=layers, n_embd=width, n_head=heads, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, use_cache=False))
ids = torch.randint(5, 50000, (batch, length))
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    optimizer.zero_grad()
    model(input_ids=ids, labels=ids).loss.backward()
    optimizer.step()
    print((time.perf_counter() - start) * 1000, flush=True)
