"""Oracle of exact match and F1 of answers: quotes-golden.py OUT.json [SITE_PACKAGES]. Uses SQuAD 2.0's official functions by way of transformers 4
(transformers.data.metrics.squad_metrics); never needed to use or test the product."""
import json, sys
if len(sys.argv) > 2: sys.path.insert(0, sys.argv[2])
import transformers
from transformers.data.metrics.squad_metrics import compute_exact, compute_f1, normalize_answer

pairs = [
    ("the Eiffel Tower", "Eiffel Tower"), ("An  apple, a pear", "apple pear"), ("U.S.A.", "usa"), ("in Paris in", "Paris in in May"),
    ("", ""), ("", "Paris"), ("Paris", ""), ("a", "the"), ("1,000 men", "1000 women"), ("Théâtre de l'Opéra", "théâtre de lopéra"),
    ("the_end", "end"), ("over-the-counter", "over the counter"), ("A and The and another", "and another and"), ("x\u00a0y\tz", "z y"),
    ("“quoted”", "quoted"), ("10 % of $5", "10 of 5"), ("thea", "a thea"), ("x-a-y", "xay"), ("été a été", "ete été"), ("Ünder an Über", "über ünder"),
]
cases = [{"answer": a, "truth": t, "words": normalize_answer(a).split(), "exact": compute_exact(t, a), "f1": compute_f1(t, a)} for a, t in pairs]
json.dump({"versions": f"transformers {transformers.__version__}, Python {sys.version.split()[0]}", "cases": cases}, open(sys.argv[1], "w"))
