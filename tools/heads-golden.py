# Reference numbers of the heads that test/nn/heads.test.ts holds to torch: python tools/heads-golden.py > test/golden/more-heads.json
# Used: Python 3.11, torch 2.15.0.
import json

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


print(json.dumps({"ordered": [ordered(2, 4), ordered(3, 6), ordered(5, 10)]}, separators=(",", ":")))
