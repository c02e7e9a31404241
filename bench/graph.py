"""Forward and backward of a BERT encoder (layers x width, 16 x 128 tokens, no padding, no dropout) in PyTorch eager fp32.
graph.py LAYERS WIDTH HEADS INNER REPEATS OUT: reads nothing, prints milliseconds per run as JSON to OUT. Steps when a line comes in."""
import json, sys, time
import torch
from transformers import BertConfig, BertForSequenceClassification

layers, width, heads, inner, threads = map(int, sys.argv[1:6])
torch.manual_seed(0)
torch.set_num_threads(threads)
config = BertConfig(vocab_size=1000, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=inner,
                    max_position_embeddings=128, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=2)
model = BertForSequenceClassification(config)
ids = torch.randint(5, 1000, (16, 128))
labels = torch.randint(0, 2, (16,))
print("ready", flush=True)
for line in sys.stdin:  # one run for each line, so that the caller interleaves
    start = time.perf_counter()
    model.zero_grad()
    model(input_ids=ids, labels=labels).loss.backward()
    print((time.perf_counter() - start) * 1000, flush=True)
