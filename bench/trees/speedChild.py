# Fits XGBoost once on a table of raw numbers, and prints what it took. Run by speed.ts.
import json, resource, sys, time
import numpy, xgboost

path, rows, columns, rounds = sys.argv[1], *map(int, sys.argv[2:])
values = numpy.fromfile(path + ".values", numpy.float32).reshape(rows, columns)
labels = numpy.fromfile(path + ".labels", numpy.uint8)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start = peak()
settings = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "max_depth": 6, "eta": 0.3,
            "lambda": 1, "min_child_weight": 1, "max_bin": 256}

before = time.process_time()
# The leanest way in: binned as it is read, no copy of the numbers.
data = xgboost.QuantileDMatrix(values, labels, max_bin=256, nthread=1)
model = xgboost.train(settings, data, rounds)
cpu, most = time.process_time() - before, peak()

logits = model.predict(data, output_margin=True).astype(float)
loss = numpy.logaddexp(0, numpy.where(labels == 1, -logits, logits)).mean()
print(json.dumps({"cpuSeconds": cpu, "peakMegabytes": most, "startMegabytes": start, "logLoss": float(loss)}))
