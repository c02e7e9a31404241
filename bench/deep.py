"""One training step of a model from random weights in PyTorch eager fp32: forward, backward, AdamW. A step for each line that comes in.
deep.py gpt2|bert LAYERS WIDTH HEADS BATCH LENGTH THREADS: prints milliseconds."""
import sys, time
import torch
from transformers import BertConfig, BertForSequenceClassification, GPT2Config, GPT2LMHeadModel

kind = sys.argv[1]
layers, width, heads, batch, length, threads = map(int, sys.argv[2:8])
torch.manual_seed(0)
torch.set_num_threads(threads)
if kind == "gpt2":
    model = GPT2LMHeadModel(GPT2Config(n_layer=layers, n_embd=width, n_head=heads, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, use_cache=False))
    ids = torch.randint(5, 50000, (batch, length))
    loss_of = lambda: model(input_ids=ids, labels=ids).loss
else:
    model = BertForSequenceClassification(BertConfig(num_hidden_layers=layers, hidden_size=width, num_attention_heads=heads,
                                                     intermediate_size=4 * width, num_labels=2, hidden_dropout_prob=0, attention_probs_dropout_prob=0))
    ids = torch.randint(5, 30000, (batch, length))
    labels = torch.randint(0, 2, (batch,))
    loss_of = lambda: model(input_ids=ids, labels=labels).loss
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    optimizer.zero_grad()
    loss_of().backward()
    optimizer.step()
    print((time.perf_counter() - start) * 1000, flush=True)
