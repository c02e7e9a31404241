"""Asks a server with Triton's clients (HTTP and gRPC) and OpenAI's. Prints what each was answered as JSON."""
import json
import sys

import numpy as np
import openai
import tritonclient.grpc as over_grpc
import tritonclient.http as over_http

host, grpc_host, model = sys.argv[1:4]
texts = ["fever and shivers", "sneezing since monday", "发烧"]


def triton(kind, client):
    """Metadata and answers of a model, its logits in binary or as fields, and what an unknown model is told."""
    metadata = client.get_model_metadata(model)
    metadata = metadata if isinstance(metadata, dict) else {"inputs": [{"name": i.name} for i in metadata.inputs]}
    given = kind.InferInput("text", [len(texts)], "BYTES")
    given.set_data_from_numpy(np.array([t.encode() for t in texts], dtype=object))
    outputs = [kind.InferRequestedOutput(name) for name in ("label", "probabilities", "logits")]
    reply = client.infer(model, [given], outputs=outputs, request_id="of-triton")
    ids = np.array([[2, 5, 6, 3]], dtype=np.int64)
    tensors = []
    for name, value in {"input_ids": ids, "attention_mask": np.ones_like(ids)}.items():
        one = kind.InferInput(name, list(value.shape), "INT64")
        one.set_data_from_numpy(value)
        tensors.append(one)
    try:
        client.infer("nobody", [given])
        refusal = None
    except Exception as error:
        refusal = str(error)
    return {
        "live": client.is_server_live(),
        "ready": client.is_model_ready(model),
        "inputs": [i["name"] for i in metadata["inputs"]],
        "labels": [x.decode() for x in reply.as_numpy("label")],
        "probabilities": reply.as_numpy("probabilities").tolist(),
        "logits": reply.as_numpy("logits").tolist(),
        "of_ids": client.infer(model, tensors).as_numpy("probabilities").shape,
        "refusal": refusal,
    }


asks = openai.OpenAI(base_url=f"http://{host}/v1", api_key="none", max_retries=0)
floats = asks.embeddings.create(model=model, input=texts, encoding_format="float")
base64 = asks.embeddings.create(model=model, input=texts)
try:
    asks.embeddings.create(model="nobody", input="a")
    refusal = None
except openai.NotFoundError as error:
    refusal = str(error)
print(json.dumps({
    "http": triton(over_http, over_http.InferenceServerClient(host)),
    "grpc": triton(over_grpc, over_grpc.InferenceServerClient(grpc_host)),
    "openai": {
        "models": [one.id for one in asks.models.list()],
        "floats": [one.embedding for one in floats.data],
        "base64": [one.embedding for one in base64.data],
        "tokens": floats.usage.prompt_tokens,
        "refusal": refusal,
    },
}))
