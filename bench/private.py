# DP-SGD steps of LoRA with Opacus on the batch that bench/private-steps.ts wrote: per-sample hooks and ghost clipping.
# python bench/private.py --model DIR --batch JSON --steps 10 OUT
import argparse, json, time
import torch
from opacus.grad_sample import GradSampleModule
from opacus.grad_sample.grad_sample_module_fast_gradient_clipping import GradSampleModuleFastGradientClipping
from opacus.optimizers import DPOptimizer
from opacus.optimizers.optimizer_fast_gradient_clipping import DPOptimizerFastGradientClipping
from opacus.utils.fast_gradient_clipping_utils import DPLossFastGradientClipping
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForSequenceClassification

p = argparse.ArgumentParser()
p.add_argument("--model"); p.add_argument("--batch"); p.add_argument("--steps", type=int, default=10); p.add_argument("out")
o = p.parse_args()
torch.set_num_threads(2)
batch = json.load(open(o.batch))
longest = max(len(x) for x in batch["ids"])
ids = torch.tensor([x + [0] * (longest - len(x)) for x in batch["ids"]])
mask = torch.tensor([[1] * len(x) + [0] * (longest - len(x)) for x in batch["ids"]])
labels = torch.tensor(batch["labels"])
classes = max(batch["labels"]) + 1


def model():
    torch.manual_seed(0)
    base = AutoModelForSequenceClassification.from_pretrained(o.model, num_labels=max(24, classes))
    config = LoraConfig(r=8, lora_alpha=16, target_modules=["query", "key", "value", "dense"], exclude_modules=["pooler.dense", "bert.pooler.dense"], modules_to_save=["classifier"], task_type="SEQ_CLS")
    return get_peft_model(base, config).train()


def logits(m):
    return m(input_ids=ids, attention_mask=mask).logits


def plain():
    m = model()
    opt = torch.optim.AdamW([q for q in m.parameters() if q.requires_grad], lr=1e-3)
    def step():
        opt.zero_grad(); torch.nn.functional.cross_entropy(logits(m), labels).backward(); opt.step()
    return step


def hooks():
    m = GradSampleModule(model(), strict=False)
    opt = DPOptimizer(torch.optim.AdamW([q for q in m.parameters() if q.requires_grad], lr=1e-3), noise_multiplier=1.0, max_grad_norm=1.0, expected_batch_size=16)
    def step():
        opt.zero_grad(); torch.nn.functional.cross_entropy(logits(m), labels).backward(); opt.step()
    return step


def ghost():
    m = GradSampleModuleFastGradientClipping(model(), max_grad_norm=1.0, use_ghost_clipping=True, strict=False)
    opt = DPOptimizerFastGradientClipping(torch.optim.AdamW([q for q in m.parameters() if q.requires_grad], lr=1e-3), noise_multiplier=1.0, max_grad_norm=1.0, expected_batch_size=16)
    loss_of = DPLossFastGradientClipping(m, opt, torch.nn.CrossEntropyLoss(reduction="mean"), "mean")
    def step():
        opt.zero_grad(); loss_of(logits(m), labels).backward(); opt.step()
    return step


steps = {"plain": plain(), "hooks": hooks(), "ghost": ghost()}
times = {name: [] for name in steps}
for i in range(o.steps + 2):
    for name, step in steps.items():
        t = time.perf_counter(); step(); taken = time.perf_counter() - t
        if i >= 2: times[name].append(1000 * taken)
json.dump({name: sorted(t)[len(t) // 2] for name, t in times.items()}, open(o.out, "w"))
