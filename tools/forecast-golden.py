# Reference scores of forecasts by GluonTS 0.16.2 (gluonts.ev, axis=None, missing labels masked, as GIFT-Eval evaluates): test/golden/forecasts.json.
# pip install gluonts==0.16.2; python tools/forecast-golden.py > test/golden/forecasts.json
import json

import gluonts
import numpy as np
from gluonts.ev import metrics as ev

levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
rng = np.random.default_rng(7)
cases = []
for rows, steps, missing, level in [(6, 8, 0.0, 5.0), (5, 12, 0.2, 0.0), (3, 4, 0.4, 100.0)]:
    truth = level + rng.normal(size=(rows, steps)).cumsum(axis=1)
    gaps = rng.random((rows, steps)) < missing
    gaps[:, 0] = False
    middle = truth + rng.normal(size=(rows, steps))
    quantiles = np.sort(middle[..., None] + rng.normal(size=(rows, steps, len(levels))), axis=2)
    scale = rng.uniform(0.5, 3, size=rows)
    label = np.ma.masked_array(truth, mask=gaps)
    data = {"label": label, "seasonal_error": scale[:, None], **{str(q): quantiles[..., i] for i, q in enumerate(levels)}}

    def score(definition):
        metric = definition(axis=None)
        metric.update(data)
        return float(metric.get())

    cases.append(
        {
            "truth": np.where(gaps, None, truth).tolist(),
            "quantiles": quantiles.reshape(rows, -1).tolist(),
            "scale": scale.tolist(),
            "wql": score(ev.MeanWeightedSumQuantileLoss(levels)),
            "mase": score(ev.MASE("0.5")),
            "smape": score(ev.SMAPE("0.5")),
            "below": {str(q): score(ev.Coverage(q)) for q in (0.1, 0.9)},
        }
    )
print(json.dumps({"source": f"gluonts {gluonts.__version__}, gluonts.ev, axis=None", "levels": levels, "cases": cases}))
