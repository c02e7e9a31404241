"""Oracle: what Python Transformers makes of model folders that this library saved (npx tsx tools/save-cases.ts FOLDER).
transformers-logits.py FOLDER OUT_FOLDER [SITE_PACKAGES] writes transformers-VERSION.json: logits (or last hidden states) of each row alone, what
the folder's tokenizer gives for a pair of texts, and the sha256 of the weights; never needed to use or test the product."""
import hashlib, json, os, sys
if len(sys.argv) > 3: sys.path.insert(0, sys.argv[3])
os.environ["HF_HUB_OFFLINE"] = "1"
import torch, transformers

folder, out = sys.argv[1:3]
spec = json.load(open(f"{folder}/cases.json"))
tied = ("decoder.weight", "decoder.bias", "lm_head.weight", "vocab_projector.weight", "position_ids")
cases = {}
def outputs(o):  # start and end of each token side by side, as the head gives them
    if "start_logits" in o: return torch.stack([o["start_logits"], o["end_logits"]], -1)
    return o["logits"] if "logits" in o else o["last_hidden_state"]
for case in spec["cases"]:
    path = f"{folder}/{case['name']}"
    model, info = getattr(transformers, case["architecture"]).from_pretrained(path, output_loading_info=True, attn_implementation="eager")
    model.eval()
    if case.get("pixels"): inputs = [{"pixel_values": torch.tensor(case["pixels"]["data"]).reshape(case["pixels"]["shape"])[i : i + 1]} for i in range(2)]
    else: inputs = [{"input_ids": torch.tensor([row])} for row in spec["ids"]]
    seen = {}
    with torch.no_grad():
        given = [model(**i) for i in inputs]
        seen["logits"] = [outputs(o)[0].flatten().tolist() for o in given]
        if not case.get("pixels"):
            pair = transformers.AutoTokenizer.from_pretrained(path)(*spec["texts"])
            seen["pair"] = {k: list(v) for k, v in pair.items()}
    if case.get("gradients"):  # of the mean cross-entropy of both rows, labels 0 and 1: norm, and product with sin(0), sin(1) ...
        model.zero_grad()
        losses = [torch.nn.functional.cross_entropy(model(**row).logits, torch.tensor([i])) for i, row in enumerate(inputs)]
        loss = sum(losses) / len(losses)
        loss.backward()
        flat = {n: p.grad.double().flatten() for n, p in model.named_parameters() if p.grad is not None}
        seen["loss"] = loss.item()
        seen["gradients"] = {n: [g.norm().item(), (g * torch.arange(len(g)).double().sin()).sum().item()] for n, g in flat.items()}
    cases[case["name"]] = {"sha256": hashlib.sha256(open(f"{path}/model.safetensors", "rb").read()).hexdigest(), **seen,
                           "missing": sorted(k for k in info["missing_keys"] if not k.endswith(tied)), "unexpected": sorted(info["unexpected_keys"])}
version = transformers.__version__
json.dump({"versions": f"transformers {version}, torch {torch.__version__}", "cases": cases}, open(f"{out}/transformers-{version.split('.')[0]}.json", "w"))
