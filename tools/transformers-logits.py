"""Oracle: what Python Transformers makes of model folders that this library saved (npx tsx tools/save-cases.ts FOLDER).
transformers-logits.py FOLDER OUT_JSON writes logits of each row, alone, and the sha256 of the weights; never needed to use or test the product."""
import hashlib, json, sys, torch, transformers

folder, out = sys.argv[1:3]
spec = json.load(open(f"{folder}/cases.json"))
cases = {}
for case in spec["cases"]:
    path = f"{folder}/{case['name']}"
    model, info = getattr(transformers, case["architecture"]).from_pretrained(path, output_loading_info=True, attn_implementation="eager")
    model.eval()
    with torch.no_grad():
        logits = [model(input_ids=torch.tensor([row])).logits[0].flatten().tolist() for row in spec["ids"]]
    tied = [k for k in info["missing_keys"] if not k.endswith(("decoder.weight", "decoder.bias", "lm_head.weight", "vocab_projector.weight"))]
    cases[case["name"]] = {"sha256": hashlib.sha256(open(f"{path}/model.safetensors", "rb").read()).hexdigest(), "logits": logits,
                           "missing": sorted(tied), "unexpected": sorted(info["unexpected_keys"])}
json.dump({"versions": f"transformers {transformers.__version__}, torch {torch.__version__}", "cases": cases}, open(out, "w"))
