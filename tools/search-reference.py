"""Reference values for src/search: fANOVA by Optuna, a Gaussian process by scikit-learn, ranks of non-domination by Optuna.

python tools/search-reference.py > test/golden/search.json    (optuna, scikit-learn, numpy, scipy)
"""
import json
import math
import platform

import numpy as np
import optuna
import scipy
import sklearn
from optuna.importance import FanovaImportanceEvaluator
from optuna.study._multi_objective import _fast_non_domination_rank
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

optuna.logging.set_verbosity(optuna.logging.ERROR)
rng = np.random.default_rng(7)


def cost(x, y, method):
    """Branin, and a method that adds 0, 20 or 60."""
    branin = (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10
    return branin + {"a": 20.0, "b": 0.0, "c": 60.0}[method]


points = [
    {"x": float(rng.uniform(-5, 10)), "y": float(rng.uniform(0, 15)), "method": str(rng.choice(["a", "b", "c"]))} for _ in range(200)
]
distributions = {
    "x": optuna.distributions.FloatDistribution(-5, 10),
    "y": optuna.distributions.FloatDistribution(0, 15),
    "method": optuna.distributions.CategoricalDistribution(["a", "b", "c"]),
}
study = optuna.create_study()
costs = [cost(**point) for point in points]
for point, value in zip(points, costs):
    study.add_trial(optuna.trial.create_trial(params=point, distributions=distributions, value=value))
shares = FanovaImportanceEvaluator(n_trees=64, seed=0).evaluate(study)

# exact main effects on a fine grid, to which both estimates must come near
grid = np.array([[[cost(x, y, m) for m in "abc"] for y in np.linspace(0, 15, 200)] for x in np.linspace(-5, 10, 200)])
exact = {
    "x": grid.mean((1, 2)).var() / grid.var(),
    "y": grid.mean((0, 2)).var() / grid.var(),
    "method": grid.mean((0, 1)).var() / grid.var(),
}

rows = rng.uniform(size=(12, 3))
values = np.sin(6 * rows[:, 0]) + rows[:, 1] ** 2 - 0.3 * rows[:, 2]
lengths, variance, noise = [0.4, 0.9, 1.7], 1.3, 1e-3
kernel = ConstantKernel(variance, "fixed") * Matern(lengths, "fixed", nu=2.5) + WhiteKernel(noise, "fixed")
process = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(rows, values)
asked = rng.uniform(size=(5, 3))
mean, std = process.predict(asked, return_std=True)

fronts = rng.uniform(size=(30, 3)).round(1)
print(
    json.dumps(
        {
            "made": {
                "by": "tools/search-reference.py",
                "python": platform.python_version(),
                "optuna": optuna.__version__,
                "scikit-learn": sklearn.__version__,
                "numpy": np.__version__,
                "scipy": scipy.__version__,
            },
            "importance": {"points": points, "costs": costs, "optuna": shares, "exact": exact},
            "process": {
                "rows": rows.tolist(),
                "values": values.tolist(),
                "lengths": lengths,
                "variance": variance,
                "noise": noise,
                "asked": asked.tolist(),
                "mean": mean.tolist(),
                # of the function: scikit-learn's has the noise on top
                "std": np.sqrt(std**2 - noise).tolist(),
                "logLikelihood": float(process.log_marginal_likelihood_value_),
            },
            "ranks": {"costs": fronts.tolist(), "ranks": _fast_non_domination_rank(fronts).tolist()},
        },
        indent=1,
    )
)
