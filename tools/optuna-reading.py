# What Optuna reads in a SQLite file that concord wrote: trials, distributions, and its data frame as CSV, as JSON.
# python tools/optuna-reading.py study.db
import json, math, sys, warnings
import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = f"sqlite:///{sys.argv[1]}"
[summary] = optuna.get_all_study_summaries(storage)
study = optuna.load_study(study_name=summary.study_name, storage=storage)
number = lambda value: value if value is None or math.isfinite(value) else str(value)
trials = [
    {
        "number": trial.number,
        "state": trial.state.name,
        "values": trial.values,
        "params": trial.params,
        "distributions": {name: json.loads(optuna.distributions.distribution_to_json(one)) for name, one in trial.distributions.items()},
        "intermediate": {str(step): number(value) for step, value in trial.intermediate_values.items()},
        "userAttributes": trial.user_attrs,
        "start": trial.datetime_start and trial.datetime_start.isoformat(),
        "complete": trial.datetime_complete and trial.datetime_complete.isoformat(),
    }
    for trial in study.trials
]
done = [trial.number for trial in (study.best_trials if len(study.directions) > 1 else [study.best_trial])]
print(json.dumps({
    "optuna": optuna.__version__, "name": study.study_name, "directions": [one.name for one in study.directions],
    "metricNames": study.metric_names, "best": done, "trials": trials, "csv": study.trials_dataframe().to_csv(),
}, ensure_ascii=False))
