// The report: one HTML file that opens at the verdict and holds every number, for reading without a network.
import type { Result } from "../verdict/result.ts";
import { html, raw } from "./drawing/html.ts";
import { style } from "./drawing/style.ts";
import { opening } from "./opening.ts";
import { sections } from "./sections/index.ts";
import { storyOf } from "./story.ts";

/** The page. It loads nothing and runs nothing, and its policy tells the browser to see to that. */
export function report(result: Result): string {
  const story = storyOf(result);
  const drawn = sections.flatMap(({ id, name, draw }) => {
    const content = draw(story);
    return content === null ? [] : [{ id, name, content }];
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${result.table.source}: ${result.models.length === 1 ? "which loss?" : "which model, which loss?"}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#losses">Skip to the table of losses</a>
${opening(story)}<nav aria-label="Contents"><ol>${drawn.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
<main>
${drawn.map(
  ({ id, name, content: { title, lead, body } }) => html`<section id="${id}" aria-labelledby="${id}-title">
<p class="kicker">${name}</p>
<h2 id="${id}-title">${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>
`,
)}</main>
</body>
</html>
`.text;
}
