"""Oracle: one adapter of each kind as PEFT saves it, its logits, loss, gradients and merged weights on the reference models of test/golden.
peft-kinds.py GOLDEN_FOLDER [NAME ...]; writes GOLDEN_FOLDER/peft-kinds. Never needed to use or test the product."""
import json, os, sys, torch, transformers, peft
from peft import IA3Config, LoraConfig, MissConfig, PeftModel, PrefixTuningConfig, PromptTuningConfig, get_peft_model
from safetensors.torch import load_file, save_file

torch.set_num_threads(1)
root, only = sys.argv[1], sys.argv[2:]
bert, words, roberta, distilbert, gpt2, llama = "bert-sequence-classification", "bert-token-classification", "roberta-sequence-classification", "distilbert-sequence-classification", "gpt2-lm", "llama-lm"
kinds = {
    "dora": (bert, LoraConfig(r=4, lora_alpha=8, use_dora=True, target_modules=["query", "value"], modules_to_save=["classifier"])),
    "dora-stored-the-other-way": (gpt2, LoraConfig(r=2, lora_alpha=6, use_dora=True, use_rslora=True, fan_in_fan_out=True, target_modules=["c_attn"])),
    "miss": (bert, MissConfig(r=4, target_modules=["query", "intermediate.dense"])),
    "miss-uneven": (bert, MissConfig(r=6, target_modules=["value", "intermediate.dense"])),
    "ia3": (bert, IA3Config(target_modules=["key", "value", "intermediate.dense"], feedforward_modules=["intermediate.dense"], modules_to_save=["classifier"])),
    "ia3-stored-the-other-way": (gpt2, IA3Config(fan_in_fan_out=True, target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"])),
    "prefix": (gpt2, PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=3)),
    "prefix-llama": (llama, PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=2)),
    "prompt": (gpt2, PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=3)),
    "prompt-llama": (llama, PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=2)),
    "prompt-bert": (bert, PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=3)),
    "prompt-words": (words, PromptTuningConfig(task_type="TOKEN_CLS", num_virtual_tokens=2)),
    "prompt-roberta": (roberta, PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=4)),
    "prompt-distilbert": (distilbert, PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=2, token_dim=32, num_attention_heads=4)),
}
for seed, (name, (base, config)) in enumerate(kinds.items()):
    if only and name not in only: continue
    folder, out = f"{root}/models/{base}", f"{root}/peft-kinds/{name}"
    cls = getattr(transformers, json.load(open(f"{folder}/config.json"))["architectures"][0])
    load = lambda: cls.from_pretrained(folder, attn_implementation="eager").eval()
    io = load_file(f"{folder}/io.safetensors")
    if base in (gpt2, llama): io["labels"][:, 0] = -100  # else the last virtual token would be asked for the first token too
    if config.task_type == "TOKEN_CLS":  # PEFT leaves the labels of virtual tokens to its caller
        io["labels"] = torch.cat([torch.full((len(io["labels"]), config.num_virtual_tokens), -100), io["labels"]], 1)
    inputs = {k: v for k, v in io.items() if k in ("input_ids", "attention_mask", "token_type_ids")}
    generator = torch.Generator().manual_seed(seed)
    wrapped = get_peft_model(load(), config)
    with torch.no_grad():
        for n, p in wrapped.named_parameters():
            if p.requires_grad: p.add_(0.3 * torch.randn(p.shape, generator=generator))
    wrapped.save_pretrained(out)
    if os.path.exists(f"{out}/README.md"): os.remove(f"{out}/README.md")
    settings = json.load(open(f"{out}/adapter_config.json")); settings["base_model_name_or_path"] = base
    json.dump(settings, open(f"{out}/adapter_config.json", "w"), indent=1)
    learned = config.peft_type.value in ("PREFIX_TUNING", "PROMPT_TUNING")  # PEFT loads these for inference only
    again = PeftModel.from_pretrained(load(), out, is_trainable=not learned).eval()
    one = wrapped.eval() if learned else again
    one(**inputs, labels=io["labels"]).loss.backward()
    save_file({n: p.grad.contiguous().clone() for n, p in one.named_parameters() if p.requires_grad}, f"{out}/grads.safetensors")
    result = again(**inputs, labels=io["labels"])
    virtual = result.logits.shape[1] - inputs["input_ids"].shape[1] if result.logits.dim() == 3 else 0
    expected = {"library": f"peft {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__}", "base": base,
                "loss": result.loss.item(), "logits": result.logits[:, max(virtual, 0):].detach().tolist()}
    json.dump(expected, open(f"{out}/expected.json", "w"))
    print(name, expected["loss"], sorted(load_file(f"{out}/adapter_model.safetensors").keys())[:3], result.logits.shape)
