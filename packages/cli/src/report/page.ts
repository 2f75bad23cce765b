// The report: one HTML file that opens at the verdict and holds every number, for reading without a network.
import type { Result } from "../verdict/result.ts";
import { type Html, html, raw } from "./drawing/html.ts";
import { style } from "./drawing/style.ts";
import { confusionSection } from "./sections/confusion.ts";
import { disclosureSection } from "./sections/disclosure.ts";
import { foldSection } from "./sections/folds.ts";
import { lossSection } from "./sections/losses.ts";
import { opening } from "./sections/opening.ts";
import { precisionRecallSection } from "./sections/precisionRecall.ts";
import { reliabilitySection } from "./sections/reliability.ts";
import { settingsSection } from "./sections/settings.ts";
import { thresholdSection } from "./sections/thresholds.ts";
import { type Story, storyOf } from "./story.ts";

/** A section, its place in the contents, and its running title. */
interface Entry {
  readonly id: string;
  readonly name: string;
  readonly draw: (story: Story, kicker: string) => Html | null;
}

const entries: readonly Entry[] = [
  { id: "losses", name: "Losses", draw: lossSection },
  { id: "folds", name: "Fold by fold", draw: foldSection },
  { id: "precision-recall", name: "Precision and recall", draw: precisionRecallSection },
  { id: "reliability", name: "Reliability", draw: reliabilitySection },
  { id: "settings", name: "Alpha and gamma", draw: settingsSection },
  { id: "thresholds", name: "Thresholds", draw: thresholdSection },
  { id: "decisions", name: "Decisions", draw: confusionSection },
  { id: "disclosure", name: "Everything disclosed", draw: disclosureSection },
];

/** The page. It loads nothing and runs nothing, and its policy tells the browser to see to that. */
export function report(result: Result): string {
  const story = storyOf(result);
  const sections = entries.flatMap((entry) => {
    const drawn = entry.draw(story, entry.name);
    return drawn === null ? [] : [{ ...entry, drawn }];
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${result.table.source}: which loss?</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#losses">Skip to the table of losses</a>
${opening(story)}<nav aria-label="Contents"><ol>${sections.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
<main>
${sections.map(({ drawn }) => drawn)}</main>
</body>
</html>
`.text;
}
