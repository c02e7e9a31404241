# Reference numbers of heads and their losses: prints test/golden/heads.json, and writes a tiny folder of sentence-transformers.
#   pip install torch pytorch-crf sentence-transformers && python tools/heads-reference.py test/golden/sentence > test/golden/heads.json
# Used: Python 3.11.7, torch 2.15.0, pytorch-crf 0.7.2, sentence-transformers 6.2.0, transformers 5.24.0, scikit-learn 1.9.1, numpy 2.4.6.
import json
import math
import os
import sys

import numpy as np
import torch
from sentence_transformers import SentenceTransformer, models
from sklearn.metrics import ndcg_score
from sklearn.utils.class_weight import compute_class_weight
from tokenizers import Tokenizer, models as token_models, normalizers, pre_tokenizers, processors
from torchcrf import CRF
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

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


def ranking():
    """Multiple negatives ranking (cosine times a scale, cross-entropy over all seconds and strangers) and triplets with a margin."""
    a, p, n = [torch.randn(5, 4, dtype=torch.float64, requires_grad=True) for _ in range(3)]
    unit = torch.nn.functional.normalize
    scores = 20 * unit(a) @ torch.cat([unit(p), unit(n)]).T
    losses = torch.nn.functional.cross_entropy(scores, torch.arange(5), reduction="none")
    gradients = torch.autograd.grad(losses.sum(), [a, p, n])
    cos = torch.nn.functional.cosine_similarity
    triplets = torch.relu(cos(a, n) - cos(a, p) + 0.5)
    own = torch.autograd.grad(triplets.sum(), [a, p, n])
    return {
        "vectors": [numbers(x) for x in (a, p, n)],
        "ranking": {"losses": numbers(losses), "gradients": [numbers(g) for g in gradients]},
        "triplet": {"losses": numbers(triplets), "gradients": [numbers(g) for g in own]},
    }


texts = ["a sore throat and a fever", "my knee hurts", "a fever", "the knee and the throat hurt my head a lot"]


def sentence(folder):
    """A tiny BERT in the layout of sentence-transformers, and its vectors by pooling."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + sorted({w for t in texts for w in t.split()})
    tokenizer = Tokenizer(token_models.WordPiece({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", model_max_length=16
    )
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(words), hidden_size=12, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=16
    )
    bert = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for weight in bert.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    bare = folder + "-bare"
    bert.save_pretrained(bare)
    fast.save_pretrained(bare)
    found = {}
    for mode in ["mean", "cls", "max", "lasttoken"]:
        for unit in [True, False]:
            transformer = models.Transformer(bare, max_seq_length=8)
            pooling = models.Pooling(12, pooling_mode=mode)
            model = SentenceTransformer(modules=[transformer, pooling] + ([models.Normalize()] if unit else []), device="cpu")
            found[f"{mode}{' 1' if unit else ''}"] = [numbers(torch.tensor(v)) for v in model.encode(texts)]
            if mode == "mean" and unit:
                model.save(folder, create_model_card=False)
    return found


def bm25():
    """Okapi BM25 with idf ln(1 + (N - n + 1/2) / (n + 1/2)), k1 1.5, b 0.75, by its formula."""
    documents = [t.split() for t in texts]
    mean = np.mean([len(d) for d in documents])
    out = []
    for query in ["sore throat", "the knee", "a fever a fever", "nothing"]:
        row = []
        for d in documents:
            score = 0
            for word in query.split():
                n = sum(word in other for other in documents)
                if n == 0:
                    continue
                tf = d.count(word)
                idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
                score += idf * tf * 2.5 / (tf + 1.5 * (0.25 + 0.75 * len(d) / mean))
            row.append(score)
        out.append({"query": query, "scores": row})
    return out


def search():
    """Scores of ranks where one of twelve documents belongs to each text, from random similarities."""
    rng = np.random.default_rng(3)
    similarities = rng.normal(size=(9, 12))
    own = rng.integers(0, 12, size=9)
    relevance = np.eye(12)[own]
    ranks = [int(1 + (row > row[d]).sum()) for row, d in zip(similarities, own)]
    return {
        "similarities": similarities.tolist(),
        "own": own.tolist(),
        "ranks": ranks,
        "ndcgAt10": float(ndcg_score(relevance, similarities, k=10)),
        "recallAt3": float(np.mean([r <= 3 for r in ranks])),
        "mrrAt10": float(np.mean([1 / r if r <= 10 else 0 for r in ranks])),
    }


def imbalance():
    """Focal losses by their formula (Lin 2017), with their gradients; weights by the effective number of rows (Cui 2019)."""
    out = {"cases": []}
    logits = (2 * torch.randn(6, 4, dtype=torch.float64)).requires_grad_()
    labels = torch.randint(0, 4, (6,))
    targets = torch.randint(0, 2, (6, 4)).double()
    weights = torch.tensor([0.5, 1.0, 2.0, 4.0], dtype=torch.float64)
    for gamma in [0.5, 2.0]:
        ce = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
        single = weights[labels] * (1 - torch.exp(-ce)) ** gamma * ce
        p = torch.sigmoid(logits)
        pt = torch.where(targets > 0, p, 1 - p)
        several = (-((1 - pt) ** gamma) * torch.log(pt)).mean(1)
        out["cases"].append(
            {
                "gamma": gamma,
                "single": numbers(single),
                "singleGradient": numbers(torch.autograd.grad(single.sum(), logits, retain_graph=True)[0]),
                "several": numbers(several),
                "severalGradient": numbers(torch.autograd.grad(several.sum(), logits, retain_graph=True)[0]),
            }
        )
    counts = [1000, 100, 10, 1]
    raw = np.array([(1 - 0.999) / (1 - 0.999**n) for n in counts])
    balanced = compute_class_weight("balanced", classes=np.arange(4), y=np.repeat(np.arange(4), counts))
    return {
        **out,
        "logits": numbers(logits),
        "labels": labels.tolist(),
        "targets": numbers(targets),
        "weights": numbers(weights),
        "counts": counts,
        "effective": (raw / raw.sum() * 4).tolist(),
        "balanced": balanced.tolist(),
    }


print(
    json.dumps(
        {
            "crf": [chain(5, [7, 1, 2, 12, 3]), chain(3, [16, 4])],
            "ranking": ranking(),
            "texts": texts,
            "sentence": sentence(sys.argv[1]),
            "bm25": bm25(),
            "search": search(),
            "imbalance": imbalance(),
        },
        separators=(",", ":"),
    )
)
