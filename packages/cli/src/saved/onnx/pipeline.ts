// A saved model as an ONNX file: columns in, true probabilities and decisions out, nothing left for the caller to do.
import type { SavedModel } from "../savedModel.ts";
import { addFeatures, outputNames } from "./features.ts";
import { GraphBuilder, mlDomain } from "./graph.ts";
import { checksum, type Metadata, metadataKey, toMetadata } from "./metadata.ts";
import { addModel, versionsOf } from "./models.ts";
import { elementTypes, type GraphProto, type ModelProto } from "./schema.ts";
import { undoSigmoid, undoSoftmax } from "./undo.ts";

/** The version of ONNX's own operators; every onnxruntime since 1.8 reads it. */
const onnxOperators = 13;

/** The file's content. The same model gives the same content, byte for byte. */
export function makeModelProto(saved: SavedModel): ModelProto {
  const graph = makeGraph(saved);
  const content = toMetadata(saved);
  const metadata: Metadata = { ...content, checksum: checksum(content, graph) };
  const { ir, ml } = versionsOf(saved.model);
  return {
    irVersion: ir,
    producerName: "surprisal-cli",
    producerVersion: saved.provenance.versions["surprisal-cli"] ?? "",
    docString:
      "A table's columns in; true probabilities, with the bend of the training loss undone, and decisions out.",
    graph,
    opsetImport: [
      { domain: "", version: onnxOperators },
      { domain: mlDomain, version: ml },
    ],
    metadataProps: [{ key: metadataKey, value: JSON.stringify(metadata) }],
  };
}

function makeGraph({ target, encoder, readings, model, loss, alpha, thresholds }: SavedModel): GraphProto {
  const graph = new GraphBuilder();
  const tensor = addModel(graph, addFeatures(graph, encoder, readings), model);
  const training = { loss, alpha, outputs: target.outputs };
  const flat = (each: string) => graph.node("Reshape", [each, graph.int64([-1], [1])]);
  const named = (index: string) => graph.node("Gather", [graph.strings(target.classes), index]);
  const atLeast = (each: string) => {
    const limits = graph.double(thresholds, [1, thresholds.length]);
    return graph.node("Cast", [graph.node("GreaterOrEqual", [each, limits])], { to: elementTypes.int64 });
  };
  switch (target.kind) {
    case "binary": {
      const { positive, negative } = undoSigmoid(graph, tensor, training);
      graph.output(outputNames.probabilities, graph.node("Concat", [negative, positive], { axis: 1 }), "double", 2);
      graph.output(outputNames.label, named(flat(atLeast(positive))), "string", null);
      break;
    }
    case "multiclass": {
      const probabilities = undoSoftmax(graph, tensor, training);
      graph.output(outputNames.probabilities, probabilities, "double", target.outputs);
      const largest = graph.node("ArgMax", [probabilities], { axis: 1, keepdims: 0 });
      graph.output(outputNames.label, named(largest), "string", null);
      break;
    }
    case "multilabel": {
      const { positive } = undoSigmoid(graph, tensor, training);
      graph.output(outputNames.probabilities, positive, "double", target.outputs);
      graph.output(outputNames.label, atLeast(positive), "int64", target.outputs);
      break;
    }
    default:
      target.kind satisfies never;
  }
  return graph.finish("surprisal");
}
