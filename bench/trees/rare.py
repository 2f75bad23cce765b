# The log loss of the trees of others, at their defaults, on the rows of fold 0, taught by the others. Run by rare.ts.
import json, sys, warnings
import lightgbm, numpy, pandas, xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss

warnings.filterwarnings("ignore")
table, folds = pandas.read_csv(sys.argv[1]), pandas.read_csv(sys.argv[2])["seed0"].values
y = table.pop("kind").str[1:].astype(int).values
train, test = folds != 0, folds == 0
peers = {
    "XGBoost": xgboost.XGBClassifier(n_jobs=1, verbosity=0),
    "LightGBM": lightgbm.LGBMClassifier(n_jobs=1, verbosity=-1),
    "HistGradientBoosting": HistGradientBoostingClassifier(random_state=0),
    "HistGradientBoosting without early stopping": HistGradientBoostingClassifier(random_state=0, early_stopping=False),
}
losses = {}
for name, peer in peers.items():
    p = peer.fit(table[train], y[train]).predict_proba(table[test])
    losses[name] = float(log_loss(y[test], p, labels=range(y.max() + 1)))
print(json.dumps(losses))
