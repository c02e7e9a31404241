# Reference numbers for src/bandits: ridge posteriors, LinUCB scores and off-policy estimates by plain numpy formulas.
# python tools/bandits-golden.py > test/golden/bandits.json
import json, numpy as np
rng = np.random.default_rng(5)
n, d, K = 60, 4, 3
X = np.c_[rng.normal(size=(n, d - 1)), np.ones(n)]
P = rng.dirichlet([2, 2, 2], size=n)
A = np.array([rng.choice(K, p=p) for p in P])
prop = P[np.arange(n), A]
T = rng.normal(size=(K, d))
R = (T[A] * X).sum(1) + 0.3 * rng.normal(size=n)
def fit(x, r, lam=1.0):
    M = lam * np.eye(d) + x.T @ x
    return np.linalg.inv(M), np.linalg.solve(M, x.T @ r)
models = [fit(X[A == k], R[A == k]) for k in range(K)]
scores = np.array([[th @ x + 0.7 * np.sqrt(x @ Minv @ x) for Minv, th in models] for x in X])
pi = np.exp(X[:, :1] * np.arange(K)); pi /= pi.sum(1, keepdims=True)   # a policy with probabilities of its own
def ci(t): return [t.mean(), t.mean() - 1.959963984540054 * t.std(ddof=1) / np.sqrt(n), t.mean() + 1.959963984540054 * t.std(ddof=1) / np.sqrt(n)]
def estimates(clip):
    w = np.minimum(pi[np.arange(n), A] / prop, clip)
    V = (w * R).sum() / w.sum()
    q = np.zeros((n, K))
    for h in (0, 1):
        for k in range(K):
            m = (np.arange(n) % 2 != h) & (A == k)
            q[np.arange(n) % 2 == h, k] = X[np.arange(n) % 2 == h] @ fit(X[m], R[m])[1]
    dr = (pi * q).sum(1) + w * (R - q[np.arange(n), A])
    return {"ips": ci(w * R), "snips": ci(V + w / w.mean() * (R - V)), "dr": ci(dr), "effectiveRows": w.sum() ** 2 / (w ** 2).sum(), "clipped": int((pi[np.arange(n), A] / prop > clip).sum())}
print(json.dumps({"versions": {"numpy": np.__version__}, "contexts": X.tolist(), "actions": A.tolist(), "propensities": prop.tolist(), "rewards": R.tolist(),
  "theta": [th.tolist() for _, th in models], "ucb": scores.tolist(), "exploration": 0.7, "policy": pi.tolist(), "plain": estimates(np.inf), "clip": 1.5, "cut": estimates(1.5)}))
