// `losses` and `show`: the catalogue, and one loss with its formula, its slope and its curve in the terminal.
import { evaluate, graphOf, losses, toLatex } from "surprisal";
import { familyNames, lossNamed } from "../selection/families.ts";
import { roughPercent, wrapped } from "../words/text.ts";

/** The catalogue of losses, a paragraph each. */
export function listLosses(columns: number): string {
  const entries = losses.map(({ definition: { name, title = name, summary = "" } }) =>
    [`${title} (${name})`, wrapped(summary, columns - 2, "  ")].join("\n"),
  );
  const names = wrapped(`--losses takes: ${familyNames().join(", ")}`, columns, "");
  return `${entries.join("\n\n")}\n\n${names}\n`;
}

/** One loss: what it is, its parameters, what it costs and pulls at several probabilities. */
export function showLoss(name: string, columns: number): string {
  const factory = lossNamed(name);
  const { definition } = factory;
  const parameters = Object.entries(definition.parameters ?? {});
  const symbols = Object.fromEntries(parameters.flatMap(([key, { symbol }]) => (symbol ? [[key, symbol]] : [])));
  const names = parameters.map(([key]) => key);
  const { value, slope } = graphOf(definition.formula, names);
  const lines = [
    definition.title ?? definition.name,
    wrapped(definition.summary ?? "", columns, ""),
    "",
    `formula   ${toLatex(value, symbols)}`,
    `slope     ${toLatex(slope, symbols)}   (by the margin, log(pt / (1 - pt)))`,
    ...parameters.map(([key, { default: usual, meaning = "" }]) => `${key.padEnd(9)} default ${usual}: ${meaning}`),
    "",
    "  pt        loss     slope   beside cross entropy's loss",
    ...[0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99].map((pt) => curveLine(pt, columns)),
    "",
    wrapped(definition.whenToUse ?? "", columns, ""),
    "",
    wrapped(`Source: ${definition.source ?? "not stated"}`, columns, ""),
  ];
  return `${lines.join("\n")}\n`;

  function curveLine(pt: number, width: number): string {
    const logits = [Math.log(pt / (1 - pt))];
    const options = { activation: "sigmoid", gradient: true } as const;
    const { loss, gradient } = evaluate(factory(), { logits, labels: [1] }, options);
    const share = loss / -Math.log(pt);
    const bar = "█".repeat(Math.round(Math.min(1, share) * Math.max(10, width - 45)));
    return `  ${pt.toFixed(2)}  ${loss.toPrecision(4).padStart(9)} ${gradient[0].toPrecision(3).padStart(9)}   ${bar} ${roughPercent(share)}`;
  }
}
