"""Oracle: adapters as PEFT saves them on bases that this library saved (npx tsx tools/save-cases.ts FOLDER), and the logits of PEFT after it
loaded them again. peft-adapters.py FOLDER OUT_FOLDER; never needed to use or test the product."""
import json, os, sys, torch, transformers, peft
from peft import LoraConfig, PeftModel, get_peft_model

folder, out = sys.argv[1:3]
spec = json.load(open(f"{folder}/cases.json"))
classes = {c["name"]: c["architecture"] for c in spec["cases"]}
lm = dict(task_type="CAUSAL_LM", target_modules=["q_proj", "v_proj"])
adapters = {
    "tutorial": ("distilbert-single-label", dict(task_type="SEQ_CLS", target_modules=["q_lin", "v_lin"]), {}),
    "expression": ("llama-causal-lm", {**lm, "target_modules": r".*layers\.[01]\.self_attn\.(q|v)_proj"}, {}),
    "some-layers": ("llama-causal-lm", {**lm, "layers_to_transform": [1], "exclude_modules": ["v_proj"]}, {}),
    "patterns": ("llama-causal-lm", {**lm, "rank_pattern": {r".*\.0\..*v_proj": 3}, "alpha_pattern": {"layers.1.self_attn.q_proj": 5}, "use_rslora": True}, {}),
    "embeddings": ("llama-causal-lm", lm, dict(save_embedding_layers=True)),
    "stored-the-other-way": ("gpt2-causal-lm", dict(task_type="CAUSAL_LM", target_modules=["c_attn"], fan_in_fan_out=True), {}),
    "head-inside": ("roberta-single-label", dict(task_type="SEQ_CLS", target_modules=["query", "dense"]), {}),
}
seen = {}
for seed, (name, (base, config, save)) in enumerate(adapters.items()):
    cls = getattr(transformers, classes[base])
    model = cls.from_pretrained(f"{folder}/{base}")
    generator = torch.Generator().manual_seed(seed)
    if save:
        with torch.no_grad(): model.get_input_embeddings().weight.add_(0.1 * torch.randn(model.get_input_embeddings().weight.shape, generator=generator))
    wrapped = get_peft_model(model, LoraConfig(r=2, lora_alpha=6, **config))
    with torch.no_grad():
        for n, p in wrapped.named_parameters():
            if p.requires_grad: p.copy_(0.3 * torch.randn(p.shape, generator=generator) + (0 if "lora_" in n else p))
    path = f"{out}/{name}"
    wrapped.save_pretrained(path, **save)
    if os.path.exists(f"{path}/README.md"): os.remove(f"{path}/README.md")
    settings = json.load(open(f"{path}/adapter_config.json")); settings["base_model_name_or_path"] = base
    json.dump(settings, open(f"{path}/adapter_config.json", "w"))
    again = PeftModel.from_pretrained(cls.from_pretrained(f"{folder}/{base}"), path).eval()
    with torch.no_grad(): seen[name] = {"base": base, "logits": [again(input_ids=torch.tensor([row])).logits[0].flatten().tolist() for row in spec["ids"]]}
json.dump({"versions": f"peft {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}", "adapters": seen}, open(f"{out}/logits.json", "w"))
