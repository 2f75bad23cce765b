// ONNX Runtime for Node with one thread: the forward pass as a small graph. It has no gradients.
import { createRequire } from "node:module";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { encodeModel, type NodeProto, type TensorProto } from "../../packages/cli/src/saved/onnx/schema.ts";
import type { Case, Pass } from "../cases.ts";
import { type Contender, inProcess } from "../contender.ts";
import type { Data } from "../data.ts";

const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };

/** The runtime. */
export async function openOnnx(): Promise<Contender> {
  const refuses = (_task: Case, pass: Pass) => (pass === "forward" ? null : "no gradients");
  const about = { id: "onnx", name: "ONNX Runtime", version, refuses };
  return inProcess(about, async (task, data) => {
    const session = await InferenceSession.create(encodeModel(modelOf(task)), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const feeds = feedsOf(task, data);
    return {
      run: { forward: async () => (await session.run(feeds)).loss.data[0] as number },
      gradient: null,
      release: () => session.release(),
    };
  });
}

function feedsOf({ activation, examples, classes }: Case, { logits, labels }: Data) {
  return {
    logits: new Tensor("float32", logits, [examples, classes]),
    labels:
      activation === "softmax"
        ? new Tensor("int64", BigInt64Array.from(labels, BigInt), [examples, 1])
        : new Tensor("float32", Float32Array.from(labels), [examples, classes]),
  };
}

/** The operators that a user of ONNX would write down. */
function modelOf({ activation, gamma, examples, classes }: Case) {
  const node = (opType: string, input: readonly string[], output: string, attribute?: NodeProto["attribute"]) =>
    ({ opType, input, output: [output], name: output, ...(attribute && { attribute }) }) satisfies NodeProto;
  const integer = (name: string, i: number) => [{ name, type: 2, i }];
  const minusLogPt: readonly NodeProto[] =
    activation === "softmax"
      ? [
          node("LogSoftmax", ["logits"], "logP", integer("axis", 1)),
          node("GatherElements", ["logP", "labels"], "logPt", integer("axis", 1)),
          node("Neg", ["logPt"], "crossEntropy"),
        ]
      : [
          // margin s = (2 y - 1) z; -log pt = softplus(-s)
          node("Mul", ["labels", "minusTwo"], "twice"),
          node("Add", ["twice", "one"], "sign"),
          node("Mul", ["sign", "logits"], "minusMargin"),
          node("Softplus", ["minusMargin"], "crossEntropy"),
        ];
  const focus: readonly NodeProto[] =
    gamma === 0
      ? []
      : [
          ...(activation === "softmax"
            ? [node("Exp", ["logPt"], "pt"), node("Sub", ["one", "pt"], "miss")]
            : [node("Sigmoid", ["minusMargin"], "miss")]),
          node("Pow", ["miss", "gamma"], "fade"),
          node("Mul", ["fade", "crossEntropy"], "focal"),
        ];
  const last = gamma === 0 ? "crossEntropy" : "focal";
  const mean = [
    node("ReduceMean", [last], "mean", integer("keepdims", 0)),
    node("Mul", ["mean", "perExample"], "loss"), // the mean of ONNX is over logits, ours is over examples
  ];
  const input = (name: string, elemType: number, columns: number) => ({
    name,
    type: { tensorType: { elemType, shape: { dim: [{ dimValue: examples }, { dimValue: columns }] } } },
  });
  return {
    irVersion: 8,
    producerName: "surprisal",
    producerVersion: "",
    docString: "",
    opsetImport: [{ domain: "", version: 17 }],
    metadataProps: [],
    graph: {
      name: "loss",
      node: [...minusLogPt, ...focus, ...mean],
      initializer: [
        constant("one", 1),
        constant("minusTwo", -2),
        constant("gamma", gamma),
        constant("perExample", activation === "softmax" ? 1 : classes),
      ],
      input: [
        input("logits", 1, classes),
        activation === "softmax" ? input("labels", 7, 1) : input("labels", 1, classes),
      ],
      output: [{ name: "loss", type: { tensorType: { elemType: 1, shape: { dim: [] } } } }],
    },
  };
}

function constant(name: string, value: number): TensorProto {
  return { name, dataType: 1, dims: [], rawData: new Uint8Array(Float32Array.of(value).buffer) };
}
