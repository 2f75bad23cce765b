# Grows XGBoost's first tree on a table of raw numbers, and prints its nodes. Run by first.ts.
import json, sys
import numpy, xgboost

path, rows, columns = sys.argv[1], *map(int, sys.argv[2:])
values = numpy.fromfile(path + ".values", numpy.float32).reshape(rows, columns)
labels = numpy.fromfile(path + ".labels", numpy.uint8)
settings = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "max_depth": 6, "eta": 0.3,
            "lambda": 1, "min_child_weight": 1, "max_bin": 256, "base_score": float(labels.mean())}
model = xgboost.train(settings, xgboost.QuantileDMatrix(values, labels, max_bin=256), 1)


def nodes(node):
    if "leaf" in node:
        return {"leaf": node["leaf"]}
    children = {child["nodeid"]: child for child in node["children"]}
    return {"split": int(node["split"][1:]), "below": node["split_condition"],
            "left": nodes(children[node["yes"]]), "right": nodes(children[node["no"]])}


print(json.dumps(nodes(json.loads(model.get_dump(dump_format="json")[0]))))
