# Reference numbers of heads and their losses: prints test/golden/heads.json.
#   pip install torch pytorch-crf && python tools/heads-reference.py > test/golden/heads.json
# Used: Python 3.11, torch 2.15.0, pytorch-crf 0.7.2, numpy 2.4.6.
import json

import torch
from torchcrf import CRF

torch.manual_seed(11)


def numbers(tensor):
    return [float(x) for x in tensor.detach().double().reshape(-1)]


def chain(labels, lengths):
    """Losses, gradients, likeliest sequences and probabilities of labels of a few sequences."""
    crf = CRF(labels, batch_first=True).double()
    with torch.no_grad():
        for p in crf.parameters():
            p.copy_(torch.randn_like(p))
    longest = max(lengths)
    scores = (2 * torch.randn(len(lengths), longest, labels, dtype=torch.float64)).requires_grad_()
    tags = torch.randint(0, labels, (len(lengths), longest))
    mask = torch.zeros(len(lengths), longest, dtype=torch.bool)
    for b, n in enumerate(lengths):
        mask[b, :n] = True
    losses = -crf(scores, tags, mask=mask, reduction="none")
    losses.sum().backward()
    paths = crf.decode(scores, mask=mask)
    # the gradient of ln Z by the scores is the probability of each label: the loss adds −1 at the own ones
    own = torch.nn.functional.one_hot(tags, labels).double() * mask[..., None]
    marginals = scores.grad + own
    rows = lambda t: [numbers(t[b, :n]) for b, n in enumerate(lengths)]
    return {
        "labels": labels,
        "scores": rows(scores),
        "tags": [tags[b, :n].tolist() for b, n in enumerate(lengths)],
        "transitions": numbers(torch.cat([crf.transitions, crf.start_transitions[None], crf.end_transitions[None]])),
        "losses": numbers(losses),
        "scoresGradient": rows(scores.grad),
        "transitionsGradient": numbers(
            torch.cat([crf.transitions.grad, crf.start_transitions.grad[None], crf.end_transitions.grad[None]])
        ),
        "likeliest": paths,
        "marginals": rows(marginals),
    }


print(json.dumps({"crf": [chain(5, [7, 1, 2, 12, 3]), chain(3, [16, 4])]}, separators=(",", ":")))
