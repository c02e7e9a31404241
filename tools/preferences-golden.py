# Reference numbers for test/train/preferences.test.ts: TRL's own trainers on the reference models of test/golden/models.
# python tools/preferences-golden.py test/golden > test/golden/preferences.json
import json, os, sys, tempfile, types
os.environ["ACCELERATE_USE_CPU"] = "1"
out_stream, sys.stdout = sys.stdout, sys.stderr
import torch, transformers, trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPT2LMHeadModel, LlamaForCausalLM, LlamaForSequenceClassification, GPT2ForSequenceClassification, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, GRPOConfig, GRPOTrainer, RewardConfig, RewardTrainer
from trl.experimental.orpo import ORPOTrainer
torch.set_num_threads(1)
root, V = sys.argv[1], None
scratch = tempfile.mkdtemp()

def words(V):
    t = Tokenizer(models.WordLevel({f"t{i}": i for i in range(V)}, unk_token="t0"))
    t.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=t, eos_token="t2", pad_token="t0", unk_token="t0")

def text(g, n, V): return " ".join(f"t{i}" for i in torch.randint(3, V, (n,), generator=g).tolist())
def still(m):  # no dropout: train mode asks for none
    for x in m.modules():
        if isinstance(x, torch.nn.Dropout): x.p = 0.0
    return m
def reference(cls, path):  # the start: every weight a tenth larger
    m = cls.from_pretrained(path, attn_implementation="eager").eval()
    with torch.no_grad():
        for p in m.parameters(): p.mul_(1.1)
    return m
def rows(ids, mask, attention): # unpadded ids, and where the answer begins
    found = []
    for i, m, a in zip(ids.tolist(), mask.tolist(), attention.tolist()):
        keep = [k for k, on in enumerate(a) if on]
        found.append({"ids": [i[k] for k in keep], "answer": [m[k] for k in keep].index(1)})
    return found
def grads(m, names):
    d = dict(m.named_parameters())
    return {"norms": {n: float(p.grad.norm()) for n, p in d.items() if p.grad is not None}, "values": {n: [float(x) for x in d[n].grad.flatten()] for n in names}}

result = {"versions": {"torch": torch.__version__, "transformers": transformers.__version__, "trl": trl.__version__}, "models": {}}
for name, cls, kept in [("gpt2-lm", GPT2LMHeadModel, ["transformer.ln_f.weight", "transformer.h.0.attn.c_attn.bias", "transformer.wpe.weight"]),
                        ("llama-lm", LlamaForCausalLM, ["model.norm.weight", "model.layers.0.self_attn.q_proj.weight"])]:
    path = f"{root}/models/{name}"
    V = json.load(open(f"{path}/config.json"))["vocab_size"]
    g = torch.Generator().manual_seed(11)
    common = dict(output_dir=scratch, report_to=[], per_device_train_batch_size=4, gradient_checkpointing=False, bf16=False, use_cpu=True, max_length=None)
    one = {}
    # DPO
    data = Dataset.from_list([{"prompt": text(g, 3 + i, V), "chosen": " " + text(g, 2 + i, V), "rejected": " " + text(g, 5 - i, V)} for i in range(4)])
    for smoothing in (0.0, 0.1):
        m = still(cls.from_pretrained(path, attn_implementation="eager"))
        t = DPOTrainer(model=m, ref_model=reference(cls, path), args=DPOConfig(beta=0.3, loss_type="robust" if smoothing else "sigmoid", label_smoothing=smoothing, **common), train_dataset=data, processing_class=words(V))
        batch = t.data_collator([t.train_dataset[i] for i in range(4)])
        batch = {k: v for k, v in batch.items()}
        m.train(); loss = t.compute_loss(m, dict(batch)); loss.backward()
        r = rows(batch["input_ids"], batch["completion_mask"], batch["attention_mask"])
        one["dpo" if smoothing == 0 else "dpoSmoothed"] = {"beta": 0.3, "labelSmoothing": smoothing, "chosen": r[:4], "rejected": r[4:], "loss": float(loss),
            "margin": t._metrics["train"]["rewards/margins"][-1], "accuracy": t._metrics["train"]["rewards/accuracies"][-1], **grads(m, kept)}
    # KTO
    data = Dataset.from_list([{"prompt": text(g, 3 + i, V), "completion": " " + text(g, 2 + i, V), "label": i % 3 != 1} for i in range(4)])
    m = still(cls.from_pretrained(path, attn_implementation="eager"))
    t = KTOTrainer(model=m, ref_model=reference(cls, path), args=KTOConfig(beta=0.3, train_sampling_strategy="sequential", **common), train_dataset=data, processing_class=words(V))
    batch = t.data_collator([t.train_dataset[i] for i in range(4)])
    m.train(); loss = t.compute_loss(m, dict(batch)); loss.backward()
    one["kto"] = {"beta": 0.3, "rows": rows(batch["input_ids"], batch["completion_mask"], batch["attention_mask"]), "desirable": [bool(x) for x in batch["label"]],
        "others": rows(batch["KL_input_ids"], batch["KL_completion_mask"], batch["KL_attention_mask"]), "loss": float(loss), "kl": t._metrics["train"]["kl"][-1], **grads(m, kept)}
    # ORPO: the odds ratio is TRL's; the likelihood is that of the answer, as in the paper (TRL's covers the prompt too)
    m = still(cls.from_pretrained(path, attn_implementation="eager")).train()
    pairs = one["dpo"]
    def logps(part):
        n = max(len(r["ids"]) for r in part)
        ids = torch.tensor([r["ids"] + [0] * (n - len(r["ids"])) for r in part])
        att = torch.tensor([[1] * len(r["ids"]) + [0] * (n - len(r["ids"])) for r in part])
        labels = torch.tensor([[-100] * r["answer"] + r["ids"][r["answer"]:] + [-100] * (n - len(r["ids"])) for r in part])
        return ORPOTrainer.get_batch_logps(m(input_ids=ids, attention_mask=att).logits, labels, average_log_prob=True)
    c, r = logps(pairs["chosen"]), logps(pairs["rejected"])
    me = types.SimpleNamespace(beta=0.3, accelerator=types.SimpleNamespace(device="cpu"))
    ratio = ORPOTrainer.odds_ratio_loss(me, c, r)[0]
    losses = -c - ratio
    losses.mean().backward()
    one["orpo"] = {"beta": 0.3, "losses": losses.tolist(), **grads(m, kept)}
    # GRPO: two groups of two answers, three updates behind
    m = still(cls.from_pretrained(path, attn_implementation="eager"))
    ref = reference(cls, path)
    args = GRPOConfig(output_dir=scratch, report_to=[], per_device_train_batch_size=4, num_generations=2, beta=0.05, epsilon=0.2, loss_type="grpo", temperature=1.0, bf16=False, use_cpu=True, max_completion_length=5)
    t = GRPOTrainer(model=m, reward_funcs=lambda completions, **k: [0.0] * len(completions), args=args, train_dataset=Dataset.from_list([{"prompt": "t3 t4"}] * 4), processing_class=words(V))
    t.current_gradient_accumulation_steps = 1
    P = torch.randint(3, V, (2, 4), generator=g).repeat_interleave(2, 0); C = torch.randint(3, V, (4, 5), generator=g)
    CM = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0]])
    rewards = torch.tensor([1.0, 0.25, 0.0, 0.5]).view(2, 2)
    adv = ((rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, keepdim=True) + 1e-4)).flatten()
    def token_logps(model):
        x = torch.cat([P, C], 1); a = torch.cat([torch.ones_like(P), CM], 1)
        with torch.no_grad(): lp = model(input_ids=x, attention_mask=a).logits[:, 3:-1].log_softmax(-1)
        return lp.gather(-1, C.unsqueeze(-1)).squeeze(-1)
    old = token_logps(m) + 0.35 * torch.randn(4, 5, generator=g)
    refs = token_logps(ref)
    inputs = {"prompt_ids": P, "prompt_mask": torch.ones_like(P), "completion_ids": C, "completion_mask": CM, "advantages": adv, "old_per_token_logps": old, "ref_per_token_logps": refs}
    m.train(); loss = t._compute_loss(m, inputs); loss.backward()
    cut = lambda x: [[v for v, on in zip(r, k) if on] for r, k in zip(x.tolist(), CM.tolist())]
    one["grpo"] = {"clip": 0.2, "kl": 0.05, "prompts": P.tolist(), "answers": cut(C), "rewards": rewards.flatten().tolist(), "advantages": adv.tolist(), "old": cut(old), "reference": cut(refs), "loss": float(loss), **grads(m, kept)}
    # reward model: the language model with a head for one number
    scls = GPT2ForSequenceClassification if name == "gpt2-lm" else LlamaForSequenceClassification
    m = still(scls.from_pretrained(path, num_labels=1, attn_implementation="eager")); m.config.pad_token_id = 0
    head = torch.randn(1, m.score.weight.shape[1], generator=g) * 0.2
    with torch.no_grad(): m.score.weight.copy_(head)
    data = Dataset.from_list([{"chosen": text(g, 4 + i, V), "rejected": text(g, 7 - i, V)} for i in range(4)])
    t = RewardTrainer(model=m, args=RewardConfig(output_dir=scratch, report_to=[], per_device_train_batch_size=4, bf16=False, use_cpu=True, gradient_checkpointing=False), train_dataset=data, processing_class=words(V))
    batch = t.data_collator([t.train_dataset[i] for i in range(4)])
    m.train(); loss = t.compute_loss(m, dict(batch)); loss.backward()
    whole = rows(batch["input_ids"], torch.ones_like(batch["input_ids"]), batch["attention_mask"])
    one["reward"] = {"head": head.flatten().tolist(), "chosen": [r["ids"] for r in whole[:4]], "rejected": [r["ids"] for r in whole[4:]], "loss": float(loss),
        "accuracy": t._metrics["train"]["accuracy"][-1], "margin": t._metrics["train"]["margin"][-1], **grads(m, ["score.weight", kept[0]])}
    result["models"][name] = one
json.dump(result, out_stream, separators=(",", ":"))
