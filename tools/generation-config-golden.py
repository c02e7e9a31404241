# What Transformers writes by a folder's generation_config.json alone: tokens where nothing is drawn, else the next token's probabilities.
# python tools/generation-config-golden.py test/golden > test/golden/generation-config.json
# Used: Python 3.11.7, torch 2.15.0, transformers 5.24.0.
import json
import os
import sys
import tempfile

import torch
import transformers
from transformers import GenerationConfig, GPT2LMHeadModel

torch.set_num_threads(1)
model = GPT2LMHeadModel.from_pretrained(f"{sys.argv[1]}/models/gpt2-lm", attn_implementation="eager").eval()
prompt = [18, 55, 44, 7, 9]
ids = torch.tensor([prompt])
greedy = {"max_new_tokens": 12, "eos_token_id": [63]}
configs = [
    greedy,
    {**greedy, "do_sample": False, "temperature": 0.3, "top_p": 0.5},
    {**greedy, "repetition_penalty": 1.4},
    {**greedy, "no_repeat_ngram_size": 2},
    {**greedy, "num_beams": 3, "length_penalty": 0.5},
    {**greedy, "repetition_penalty": 1.4, "eos_token_id": [63, 54]},
    {"do_sample": True},
    {"do_sample": True, "temperature": 0.6, "top_k": 0},
    {"do_sample": True, "temperature": 0.8, "top_k": 6, "top_p": 0.9},
    {"do_sample": True, "min_p": 0.2, "top_k": 0, "repetition_penalty": 1.3},
    {"do_sample": True, "typical_p": 1.0, "epsilon_cutoff": 0.0, "top_k": 4},
]
cases = []
for config in configs:
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "generation_config.json"), "w") as file:
            json.dump(config, file)
        model.generation_config = GenerationConfig.from_pretrained(folder)
    one = {"config": config}
    more = {"max_new_tokens": 1} if config.get("do_sample") else {}
    out = model.generate(
        ids, attention_mask=torch.ones_like(ids), pad_token_id=0, return_dict_in_generate=True, output_scores=True, **more
    )
    if config.get("do_sample"):
        one["probabilities"] = torch.softmax(out.scores[0][0], -1).tolist()
    else:
        one["tokens"] = out.sequences[0, len(prompt) :].tolist()
    cases.append(one)
json.dump(
    {"versions": {"torch": torch.__version__, "transformers": transformers.__version__}, "prompt": prompt, "cases": cases},
    sys.stdout,
    separators=(",", ":"),
)
