"""Oracle: weighted merges of LoRA adapters by PEFT's add_weighted_adapter on the reference BERT of test/golden.
peft-merges.py GOLDEN_FOLDER; writes GOLDEN_FOLDER/peft-merges. Never needed to use or test the product."""
import json, os, shutil, sys, torch, transformers, peft
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file

torch.set_num_threads(1)
root, base = sys.argv[1], "bert-sequence-classification"
folder, out = f"{root}/models/{base}", f"{root}/peft-merges"
load = lambda: transformers.BertForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
io = load_file(f"{folder}/io.safetensors")
inputs = {k: v for k, v in io.items() if k in ("input_ids", "attention_mask", "token_type_ids")}
adapters = {
    "a": LoraConfig(r=4, lora_alpha=8, target_modules=["query", "value"]),
    "b": LoraConfig(r=4, lora_alpha=6, target_modules=["query", "intermediate.dense"]),
    "c": LoraConfig(r=2, lora_alpha=2, use_rslora=True, target_modules=["value"]),
}
merges = {
    "linear": (["a", "b"], [0.7, 0.4], {}),
    "linear-below-zero": (["a", "b"], [0.7, -0.4], {"combination_type": "linear"}),
    "cat": (["a", "b", "c"], [0.7, -0.4, 1.5], {}),
    "svd": (["a", "b", "c"], [0.7, 0.4, 1.5], {}),
    "svd-of-rank-3": (["a", "b"], [0.7, 0.4], {"combination_type": "svd", "svd_rank": 3}),
    "ties": (["a", "b"], [0.7, 0.4], {"density": 0.6}),
    "magnitude_prune": (["a", "b"], [0.7, 0.4], {"density": 0.3}),
}
def learned(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for n, p in model.named_parameters():
            if "lora_" in n: p.copy_(0.3 * torch.randn(p.shape, generator=generator))
    return model
def placed(name):
    settings = json.load(open(f"{name}/adapter_config.json")); settings["base_model_name_or_path"] = base
    settings["target_modules"] = sorted(settings["target_modules"])
    json.dump(settings, open(f"{name}/adapter_config.json", "w"), indent=1)
    if os.path.exists(f"{name}/README.md"): os.remove(f"{name}/README.md")
for seed, (name, config) in enumerate(adapters.items()):
    learned(get_peft_model(load(), config), seed).save_pretrained(f"{out}/{name}"); placed(f"{out}/{name}")
expected = {"library": f"peft {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}", "base": base, "merges": {}}
for name, (members, weights, more) in merges.items():
    model = PeftModel.from_pretrained(load(), f"{out}/a", adapter_name="a")
    for other in members[1:]: model.load_adapter(f"{out}/{other}", adapter_name=other)
    how = {"combination_type": name, **more}
    model.add_weighted_adapter(members, weights, "merged", **how)
    model.set_adapter("merged"); model.eval()
    with torch.no_grad(): logits = model(**inputs).logits.tolist()
    model.save_pretrained(f"{out}/tmp", selected_adapters=["merged"])
    os.makedirs(f"{out}/{name}", exist_ok=True)
    for f in ("adapter_config.json", "adapter_model.safetensors"): shutil.copy(f"{out}/tmp/merged/{f}", f"{out}/{name}/{f}")
    shutil.rmtree(f"{out}/tmp"); placed(f"{out}/{name}")
    expected["merges"][name] = {"adapters": members, "weights": weights, **how, "logits": logits}
    print(name, logits[0])
json.dump(expected, open(f"{out}/expected.json", "w"))
