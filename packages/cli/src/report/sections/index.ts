// The sections of the report in their order, each with its place in the contents: the only list of them.
import type { Content } from "../drawing/figure.ts";
import type { Story } from "../story.ts";
import { confusionSection } from "./confusion.ts";
import { disclosureSection } from "./disclosure.ts";
import { foldSection } from "./folds.ts";
import { holdoutSection } from "./holdout.ts";
import { lossSection } from "./losses.ts";
import { modelSection } from "./models.ts";
import { precisionRecallSection } from "./precisionRecall.ts";
import { reliabilitySection } from "./reliability.ts";
import { settingsSection } from "./settings.ts";
import { thresholdSection } from "./thresholds.ts";

/** A section: its anchor, its name in the contents and above its title, and what it says of a result. */
export interface Section {
  readonly id: string;
  readonly name: string;
  /** Null where it has nothing to say. */
  readonly draw: (story: Story) => Content | null;
}

/** All of them. */
export const sections: readonly Section[] = [
  { id: "models", name: "Models", draw: modelSection },
  { id: "losses", name: "Losses", draw: lossSection },
  { id: "folds", name: "Fold by fold", draw: foldSection },
  { id: "precision-recall", name: "Precision and recall", draw: precisionRecallSection },
  { id: "reliability", name: "Reliability", draw: reliabilitySection },
  { id: "settings", name: "Alpha and gamma", draw: settingsSection },
  { id: "thresholds", name: "Thresholds", draw: thresholdSection },
  { id: "decisions", name: "Decisions", draw: confusionSection },
  { id: "hold-out", name: "Hold-out", draw: holdoutSection },
  { id: "disclosure", name: "Everything disclosed", draw: disclosureSection },
];
