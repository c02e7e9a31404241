"""Tokens a second of PyTorch eager with its cache, batch 1. generate.py FOLDER THREADS: for each line on standard input one continuation
of 32 tokens by 48, prints milliseconds a token."""
import os, sys, time
os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(int(sys.argv[2]))
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], attn_implementation="eager").eval()
print("ready", flush=True)
for line in sys.stdin:
    with torch.no_grad():
        out = model(torch.arange(5, 37)[None], use_cache=True)
        start = time.perf_counter()
        for i in range(48): out = model(torch.tensor([[i + 100]]), past_key_values=out.past_key_values, use_cache=True)
        print((time.perf_counter() - start) * 1000 / 48, flush=True)
