# Reference numbers for test/generate: Hugging Face's generate and its logits processors on the reference models of test/golden/models.
# python tools/generate-golden.py test/golden > test/golden/generate.json
import json, sys, torch, transformers
from transformers import GPT2LMHeadModel, LlamaForCausalLM
from transformers.generation.logits_process import (TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper, MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor, NoRepeatNGramLogitsProcessor)
torch.set_num_threads(1)
root = sys.argv[1]
out = {"versions": {"torch": torch.__version__, "transformers": transformers.__version__}, "models": {}}
for name, cls in [("gpt2-lm", GPT2LMHeadModel), ("llama-lm", LlamaForCausalLM)]:
    m = cls.from_pretrained(f"{root}/models/{name}", attn_implementation="eager").eval()
    V = m.config.vocab_size
    g = torch.Generator().manual_seed(7)
    prompts = [torch.randint(3, V, (n,), generator=g).tolist() for n in (3, 5, 8, 5)]
    cases = []
    def run(prompt, **kw):
        ids = torch.tensor([prompt])
        o = m.generate(ids, attention_mask=torch.ones_like(ids), pad_token_id=0, eos_token_id=kw.pop("eos", None), max_new_tokens=kw.pop("new", 14), use_cache=True, **kw)
        return o[0, len(prompt):].tolist()
    for p in prompts:
        greedy = run(p, do_sample=False)
        cases.append({"prompt": p, "options": {}, "tokens": greedy})
        cases.append({"prompt": p, "options": {"repetitionPenalty": 1.4}, "tokens": run(p, do_sample=False, repetition_penalty=1.4)})
        cases.append({"prompt": p, "options": {"noRepeat": 2}, "tokens": run(p, do_sample=False, no_repeat_ngram_size=2)})
        cases.append({"prompt": p, "options": {"eos": greedy[5]}, "tokens": run(p, do_sample=False, eos=greedy[5])})
        for beams, lp in [(3, 1.0), (4, 0.0), (2, 2.0)]:
            cases.append({"prompt": p, "options": {"beams": beams, "lengthPenalty": lp}, "tokens": run(p, do_sample=False, num_beams=beams, length_penalty=lp, early_stopping=False)})
            cases.append({"prompt": p, "options": {"beams": beams, "lengthPenalty": lp, "eos": greedy[4]}, "tokens": run(p, do_sample=False, num_beams=beams, length_penalty=lp, eos=greedy[4], early_stopping=False)})
    ids = torch.tensor([prompts[2] + run(prompts[2], do_sample=False)])
    with torch.no_grad(): logits = m(ids).logits[0]
    out["models"][name] = {"cases": cases, "sequence": ids[0].tolist(), "logits": [[float(x) for x in row] for row in logits[-3:]],
      "nll": (torch.nn.functional.cross_entropy(logits[:-1], ids[0, 1:], reduction="none")).tolist()}
g = torch.Generator().manual_seed(3)
logits = (torch.randn(1, 24, generator=g) * 3)
seen = torch.tensor([[2, 5, 2, 7, 5, 2, 9, 2, 5]])
def probs(*procs):
    x = logits.clone()
    for p in procs: x = p(seen, x)
    return torch.softmax(x, -1)[0].tolist()
T, K, P, M = TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper, MinPLogitsWarper
R, N = RepetitionPenaltyLogitsProcessor, NoRepeatNGramLogitsProcessor
out["warped"] = {"logits": logits[0].tolist(), "seen": seen[0].tolist(), "cases": [
  {"options": {"temperature": 1}, "probabilities": probs()},
  {"options": {"temperature": 0.7}, "probabilities": probs(T(0.7))},
  {"options": {"temperature": 1, "topK": 5}, "probabilities": probs(K(5))},
  {"options": {"temperature": 1, "topP": 0.8}, "probabilities": probs(P(0.8))},
  {"options": {"temperature": 1, "minP": 0.1}, "probabilities": probs(M(0.1))},
  {"options": {"temperature": 1.3, "topK": 12, "topP": 0.9, "minP": 0.02}, "probabilities": probs(T(1.3), K(12), P(0.9), M(0.02))},
  {"options": {"temperature": 1, "repetitionPenalty": 1.5}, "probabilities": probs(R(1.5))},
  {"options": {"temperature": 1, "noRepeat": 2}, "probabilities": probs(N(2))},
  {"options": {"temperature": 0.9, "repetitionPenalty": 1.2, "noRepeat": 3, "topP": 0.95}, "probabilities": probs(R(1.2), N(3), T(0.9), P(0.95))},
]}
json.dump(out, sys.stdout, indent=None, separators=(",", ":"))
