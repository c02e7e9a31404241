"""Texts per second of Python `tokenizers`, one thread. tokenizing.py TOKENIZER_JSON TEXTS_JSON: one pass for each line on standard input, prints milliseconds."""
import json, os, sys, time
os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_padding()
tokenizer.enable_truncation(128)
texts = json.load(open(sys.argv[2]))
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    ids = [e.ids for e in tokenizer.encode_batch(texts)]
    print((time.perf_counter() - start) * 1000, flush=True)
