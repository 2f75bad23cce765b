# scikit-learn's LogisticRegressionCV on one public table in its five outer folds: CPU seconds, log losses, inner folds.
#
# Run by linear.ts: OMP_NUM_THREADS=1 python3 linear.py FOLDER TABLE
# Prints JSON. Nine strengths (C from 1e-4 to 1e4), four inner folds, log loss; features as in any textbook: numbers
# filled by the median and standardised, categories one-hot. Several labels: a model and a strength for each.
import json, os, sys, time, warnings
import numpy as np, pandas as pd, sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")
folder, name = sys.argv[1:3]
entry = next(each for each in json.load(open(os.path.join(folder, "manifest.json")))["tables"] if each["name"] == name)
table = pd.read_csv(os.path.join(folder, entry["file"]), keep_default_na=False, na_values=[""])
targets = entry["target"] if isinstance(entry["target"], list) else [entry["target"]]
features = table.drop(columns=targets).dropna(axis=1, how="all")
numbers = [c for c in features if pd.api.types.is_numeric_dtype(features[c]) and not pd.api.types.is_bool_dtype(features[c])]
categories = [c for c in features if c not in numbers]
features[categories] = features[categories].astype(object)
labels = [table[t].astype(str).values for t in targets]
fold = pd.read_csv(os.path.join(folder, "folds", name + ".csv"))["seed0"].values


def learner():
    fill = SimpleImputer(strategy="constant", fill_value="__missing__")
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("categories", make_pipeline(fill, OneHotEncoder(handle_unknown="ignore")), categories),
        ],
        sparse_threshold=0,
    )
    settings = dict(Cs=np.logspace(-4, 4, 9), cv=4, scoring="neg_log_loss", max_iter=2000, n_jobs=1)
    try:
        return make_pipeline(columns, LogisticRegressionCV(use_legacy_attributes=False, **settings))
    except TypeError:  # before 1.8 there is no such choice
        return make_pipeline(columns, LogisticRegressionCV(**settings))


def log_loss(model, held, classes, truth):
    every = np.unique(truth)
    shown = model.predict_proba(held)
    known = {c: shown[:, k] for k, c in enumerate(classes)}
    p = np.clip([known[t][i] if t in known else 0 for i, t in enumerate(truth)], 1e-15, 1)
    return float(-np.log(p).mean()) if len(every) else float("nan")


cpu, losses, inner = 0.0, [], []
for k in range(5):
    train, test = fold != k, fold == k
    started = time.process_time()
    per_label = []
    for y in labels:
        classes, codes = np.unique(y[train], return_inverse=True)
        model = learner().fit(features[train], codes)
        per_label.append(log_loss(model, features[test], classes, y[test]))
    cpu += time.process_time() - started
    losses.append(float(np.mean(per_label)))
    held = np.empty(train.sum(), int)  # the folds that cv=4 made, of the first label
    for j, (_, rows) in enumerate(StratifiedKFold(4).split(features[train], labels[0][train])):
        held[rows] = j
    inner.append(held.tolist())
json.dump(dict(version=sklearn.__version__, cpuSeconds=cpu, logLosses=losses, inner=inner), sys.stdout)
