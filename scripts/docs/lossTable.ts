// The table of losses, for the two READMEs.
import { graphOf, type LossDefinition, losses, toLatex } from "../../packages/surprisal/src/index.ts";
import { toText } from "./plainText.ts";
import { opening, symbolsOf } from "./words.ts";

/** The table with formulas as GitHub renders them; each name is linked to its page. */
export function lossTable(folder: string): string {
  return table(
    ({ name, title = name }) => `[${title}](${folder}/${name}.md)`,
    (definition, node) => `$\`${toLatex(node, symbolsOf(definition))}\`$`,
  );
}

/** The table with formulas as plain text. */
export function lossTableInText(): string {
  return table(
    ({ name, title = name }) => `${title}: \`${name}\``,
    (_, node) => `\`${toText(node)}\``,
  );
}

function table(
  nameOf: (definition: LossDefinition) => string,
  formulaOf: (definition: LossDefinition, node: Parameters<typeof toLatex>[0]) => string,
): string {
  const rows = losses.map(({ definition }) => {
    const formula = formulaOf(definition, graphOf(definition.formula, Object.keys(definition.parameters ?? {})).value);
    const note = definition.negativeFormula ? ", with a formula of its own for label 0" : "";
    const parameters = Object.entries(definition.parameters ?? {}).map(([name, p]) => `\`${name}\` ${p.default}`);
    const use = opening(definition.whenToUse ?? "");
    return `| ${nameOf(definition)} | ${formula}${note} | ${parameters.join(", ")} | ${use} |`;
  });
  return ["| loss | what one target costs | parameters | when to use it |", "|---|---|---|---|", ...rows].join("\n");
}
