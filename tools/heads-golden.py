# Reference numbers of the heads that test/nn/heads.test.ts and test/heads/choices.test.ts hold to torch and Transformers, and tiny folders:
#   python tools/heads-golden.py test/golden/choices > test/golden/more-heads.json
# Used: Python 3.11, torch 2.15.0, transformers 5.24.0.
import json
import sys

import torch

torch.manual_seed(17)


def numbers(tensor):
    return [float(x) for x in tensor.detach().double().reshape(-1)]


def ordered(classes, rows):
    """Proportional odds (McCullagh 1980): P(y <= k) = sigmoid(theta_k - s); probabilities are differences of them."""
    score = (2 * torch.randn(rows, dtype=torch.float64)).requires_grad_()
    first = torch.randn(1, dtype=torch.float64, requires_grad=True)
    gaps = torch.randn(classes - 2, dtype=torch.float64, requires_grad=True)
    labels = torch.arange(rows) % classes
    steps = torch.cat([first, torch.nn.functional.softplus(gaps)])
    cumulative = torch.sigmoid(torch.cumsum(steps, 0)[None] - score[:, None])
    edges = torch.zeros(rows, 1, dtype=torch.float64)
    probabilities = torch.diff(torch.cat([edges, cumulative, edges + 1], 1))
    losses = -torch.log(probabilities[torch.arange(rows), labels])
    g = torch.autograd.grad(losses.sum(), [score, first] + ([gaps] if classes > 2 else []))
    return {
        "classes": classes,
        "score": numbers(score),
        "first": numbers(first),
        "gaps": numbers(gaps),
        "labels": labels.tolist(),
        "logProbabilities": numbers(torch.log(probabilities)),
        "losses": numbers(losses),
        "gradients": [numbers(x) for x in g],
    }


def attention(lengths, width, hidden, classes):
    """Attention pooling (Yang 2016, section 2.2) and an MLP of one hidden layer over it; padding has no weight."""
    rows = [torch.randn(n, width, dtype=torch.float64, requires_grad=True) for n in lengths]
    dense, context = torch.nn.Linear(width, width).double(), torch.nn.Linear(width, 1, bias=False).double()
    first, out = torch.nn.Linear(width, hidden).double(), torch.nn.Linear(hidden, classes).double()
    pooled = torch.stack([(torch.softmax(context(torch.tanh(dense(x))), 0) * x).sum(0) for x in rows])
    logits = out(torch.nn.functional.gelu(first(pooled)))
    labels = torch.arange(len(lengths)) % classes
    losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    own = [dense.weight, dense.bias, context.weight, first.weight, first.bias, out.weight, out.bias]
    names = ["attention.dense.weight", "attention.dense.bias", "attention.context.weight", "dense.weight", "dense.bias", "out.weight", "out.bias"]
    g = torch.autograd.grad(losses.sum(), own + rows)
    return {
        "lengths": lengths,
        "rows": [numbers(x) for x in rows],
        "labels": labels.tolist(),
        "weights": {n: {"shape": list(w.shape), "data": numbers(w), "gradient": numbers(d)} for n, w, d in zip(names, own, g)},
        "pooled": numbers(pooled),
        "logits": numbers(logits),
        "losses": numbers(losses),
        "rowGradients": [numbers(x) for x in g[len(own) :]],
    }


def choices(folder):
    """Logits, losses and gradients of ForMultipleChoice on prompts with 2, 4 and 3 choices; Transformers has no mask for missing ones: each by itself."""
    import os

    import transformers

    found = {}
    for name in ["Bert", "Ernie", "Albert", "DistilBert", "DebertaV2"]:
        torch.manual_seed(5)
        small = dict(vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=24)
        if name == "DistilBert":
            small = dict(vocab_size=60, dim=16, n_layers=2, n_heads=2, hidden_dim=24, max_position_embeddings=24)
        if name == "Albert":
            small["embedding_size"] = 8
        if name == "DebertaV2":
            small |= dict(relative_attention=True, pos_att_type=["p2c", "c2p"], share_att_key=True)
        config = getattr(transformers, name + "Config")(**small)
        model = getattr(transformers, name + "ForMultipleChoice")(config).eval()
        with torch.no_grad():
            for weight in model.parameters():
                weight.add_(torch.randn_like(weight) * 0.2)
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        model.save_pretrained(f"{folder}/{name}")
        rows = []
        total = 0
        for count, label, length in [(2, 1, 7), (4, 2, 9), (3, 0, 5)]:
            ids = torch.randint(5, 60, (1, count, length))
            segments = (torch.arange(length) > length // 2).long().expand(1, count, length).contiguous()
            given = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
            if name != "DistilBert":
                given["token_type_ids"] = segments
            out = model(**given, labels=torch.tensor([label]))
            total = total + out.loss
            rows.append({"ids": ids[0].tolist(), "types": segments[0].tolist(), "label": label, "logits": numbers(out.logits), "loss": float(out.loss)})
        (total / len(rows)).backward()
        norms = {n: float(w.grad.norm()) for n, w in model.named_parameters() if w.grad is not None}
        found[name] = {"rows": rows, "norms": norms}
    return found


print(json.dumps({"ordered": [ordered(2, 4), ordered(3, 6), ordered(5, 10)], "attention": attention([4, 1, 6], 5, 7, 3), "choices": choices(sys.argv[1])}, separators=(",", ":")))
