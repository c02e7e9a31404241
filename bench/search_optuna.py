"""Optuna on the problems of bench/search.ts: the least cost of each seed, as JSON. python search_optuna.py OUT"""
import json
import math
import sys
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
spec = json.load(sys.stdin)
A, P, WEIGHTS = spec["hartmann"]["a"], spec["hartmann"]["p"], spec["hartmann"]["weights"]


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    return (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    return -sum(w * math.exp(-sum(a[j] * (x[j] - p[j] * 1e-4) ** 2 for j in range(6))) for w, a, p in zip(WEIGHTS, A, P))


def mixed(trial):
    method = trial.suggest_categorical("method", ["full", "lora", "head"])
    rate = math.log10(trial.suggest_float("rate", 1e-6, 1e-1, log=True))
    dropout = 2 * (trial.suggest_float("dropout", 0, 0.5) - 0.15) ** 2
    if method == "full":
        return dropout + 0.1 + 0.3 * (rate + 4.5) ** 2 + 0.01 * (trial.suggest_int("layers", 0, 12) - 9) ** 2
    if method == "lora":
        return dropout + 0.3 * (rate + 3) ** 2 + 0.15 * (math.log2(trial.suggest_int("rank", 1, 64, log=True)) - 4) ** 2
    return dropout + 0.4 + 0.2 * (rate + 2) ** 2


problems = {"branin": branin, "hartmann": hartmann, "mixed": mixed}
samplers = {"tpe": lambda seed: optuna.samplers.TPESampler(seed=seed)}
out = {"optuna": optuna.__version__}
for name, trials in spec["trials"].items():
    out[name] = {}
    for sampler, make in samplers.items():
        least = []
        for seed in spec["seeds"]:
            study = optuna.create_study(sampler=make(seed))
            study.optimize(problems[name], n_trials=trials)
            least.append(study.best_value)
        out[name][sampler] = least
json.dump(out, sys.stdout)
