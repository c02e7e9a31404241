"""The same model behind FastAPI, for bench/serve.ts: python serve_fastapi.py onnxruntime|transformers RUN PORT.
Batches by length like concord serve: what waits is answered together, at most 16 texts. Needs fastapi, uvicorn, and onnxruntime with
tokenizers, or transformers with torch."""
import asyncio, json, os, sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

kind, run, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
folder = os.path.join(run, "model")
config = json.load(open(os.path.join(folder, "config.json")))
labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
longest = config["max_position_embeddings"]

if kind == "onnxruntime":
    import numpy as np
    import onnxruntime as ort
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.enable_truncation(longest)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    options.add_session_config_entry("session.force_spinning_stop", "1")  # as ours: spinning threads starve the server's own
    compressed = os.path.join(run, "compressed", "onnx", "model_quantized.onnx")
    session = ort.InferenceSession(compressed if os.path.exists(compressed) else os.path.join(run, "onnx", "model.onnx"), options)
    names = {one.name for one in session.get_inputs()}

    def answer(texts):
        encoded = tokenizer.encode_batch(texts)
        width = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(texts), width), np.int64)
        mask = np.zeros((len(texts), width), np.int64)
        for i, one in enumerate(encoded):
            ids[i, : len(one.ids)] = one.ids
            mask[i, : len(one.ids)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        logits = session.run(["logits"], {name: feeds[name] for name in names})[0]
        return [labels[k] for k in logits.argmax(1)]
else:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.set_num_threads(2)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()

    def answer(texts):
        with torch.inference_mode():
            batch = tokenizer(texts, padding=True, truncation=True, max_length=longest, return_tensors="pt")
            return [labels[k] for k in model(**batch).logits.argmax(1).tolist()]


app = FastAPI()
waiting: list = []
wake = asyncio.Event()


class Asked(BaseModel):
    text: str


async def work():
    loop = asyncio.get_running_loop()
    while True:
        await wake.wait()
        waiting.sort(key=lambda one: len(one[0]))
        batch, waiting[:] = waiting[:16], waiting[16:]
        if not waiting:
            wake.clear()
        found = await loop.run_in_executor(None, answer, [text for text, _ in batch])
        for (_, done), label in zip(batch, found):
            if not done.done():
                done.set_result(label)


@app.on_event("startup")
async def start():
    answer(["warm up"])
    asyncio.create_task(work())


@app.get("/health/ready")
def ready():
    return {}


@app.post("/predict")
async def predict(asked: Asked):
    done = asyncio.get_running_loop().create_future()
    waiting.append((asked.text, done))
    wake.set()
    return {"label": await done}


uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
