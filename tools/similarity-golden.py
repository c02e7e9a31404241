# Reference numbers of losses of scored pairs, by sentence-transformers' own CosineSimilarityLoss and CoSENTLoss over given vectors.
#   pip install sentence-transformers && python tools/similarity-golden.py > test/golden/similarity.json
# Used: Python 3.11.7, torch 2.15.0, sentence-transformers 6.2.0, scipy's spearmanr and pearsonr.
import json

import torch
from scipy.stats import pearsonr, spearmanr
from sentence_transformers.losses import CoSENTLoss, CosineSimilarityLoss

torch.manual_seed(5)
first, second = [torch.randn(6, 4, requires_grad=True) for _ in range(2)]
scores = torch.tensor([0.0, 0.2, 0.2, 0.5, 0.9, 1.0])


def numbers(tensor):
    return [float(x) for x in tensor.detach().double().reshape(-1)]


def of(loss):
    value = loss.compute_loss_from_embeddings([first, second], scores)
    return {"loss": float(value.detach()), "gradients": [numbers(g) for g in torch.autograd.grad(value, [first, second])]}


cosines = torch.nn.functional.cosine_similarity(first, second)
print(
    json.dumps(
        {
            "vectors": [numbers(first), numbers(second)],
            "scores": numbers(scores),
            "cosine": of(CosineSimilarityLoss(torch.nn.Identity())),
            "cosent": of(CoSENTLoss(torch.nn.Identity(), scale=20.0)),
            "spearman": float(spearmanr(cosines.detach(), scores).statistic),
            "pearson": float(pearsonr(cosines.detach(), scores).statistic),
        },
        indent=1,
    )
)
