"""One request of a classifier in PyTorch eager and in Python's onnxruntime, for bench/compress.ts.

compress.py MODEL ONNX IDS THREADS: prints "ready", then for each line of input (torch or ort) one line of JSON {ms}. The ONNX file has
8-bit weights behind DynamicQuantizeMatMul, which onnxruntime makes of a model that its own dynamic quantisation wrote.
"""
import json, sys, time
import numpy as np, onnxruntime, torch
from transformers import AutoModelForSequenceClassification

folder, onnx, ids, threads = sys.argv[1:5]
torch.set_num_threads(int(threads))
model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads, options.inter_op_num_threads = int(threads), 1
session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
rows = np.array([json.loads(ids)], dtype=np.int64)
feeds = {"input_ids": rows, "attention_mask": np.ones_like(rows), "token_type_ids": np.zeros_like(rows)}
tensors = {name: torch.from_numpy(array) for name, array in feeds.items()}
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    if line.strip() == "torch":
        with torch.inference_mode():
            model(**tensors).logits.numpy()
    else:
        session.run(["logits"], feeds)
    print(json.dumps({"ms": (time.perf_counter() - start) * 1000}), flush=True)
