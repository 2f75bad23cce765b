// The report as a file: complete, small, the same each time, safe whatever the table says.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { escapeHtml, html, raw, shortened } from "../src/report/drawing/html.ts";
import { rowsOf } from "../src/report/drawing/lines.ts";
import { percent, probability, score, signed, wholePercents } from "../src/report/drawing/numbers.ts";
import { report } from "../src/report/page.ts";
import { hostile, names, pages } from "./reportPages.ts";
import { makeResult, type ResultOptions } from "./results.ts";

/** Text with its no-break spaces as plain ones. */
const plain = (text: string | null | undefined) => (text ?? "").replaceAll("\u00a0", " ");
const documentOf = (page: string) => parseHTML(page).document;

describe.each(pages)("the report: $name", ({ options, page }) => {
  const document = documentOf(page);

  it("is below 500 kB and the same bytes each time", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
    expect(report(makeResult(options))).toBe(page);
  });

  it("loads nothing and runs nothing", () => {
    expect([...document.querySelectorAll("script, iframe, object, embed, img, link, base, form")]).toEqual([]);
    expect(page).not.toMatch(/\b(?:https?:)?\/\/[a-z]/i);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^(on|src)/i);
        if (name === "href") expect(value).toMatch(/^#/);
        if (name === "style") expect(value).toMatch(/^--share:\d\.\d{3}$/);
      }
    }
  });

  it("has headings in order, each section named by its own", () => {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map(({ tagName }) => Number(tagName[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, k) => {
      expect(level - levels[k]).toBeLessThanOrEqual(1);
    });
    for (const section of document.querySelectorAll("section"))
      expect(document.getElementById(section.getAttribute("aria-labelledby") ?? "")?.tagName).toBe("H2");
    for (const link of document.querySelectorAll("a"))
      expect(document.getElementById((link.getAttribute("href") ?? "").slice(1))).not.toBe(null);
  });

  it("has a table with a caption behind every chart, and words for every drawing", () => {
    for (const figure of document.querySelectorAll("figure")) {
      expect(figure.querySelectorAll("svg").length).toBeGreaterThan(0);
      expect(figure.querySelector("details table caption")?.textContent).toBeTruthy();
      expect(figure.querySelectorAll("details tbody tr").length).toBeGreaterThan(0);
    }
    for (const svg of document.querySelectorAll("svg")) {
      expect(svg.closest("figure, table")).not.toBe(null);
      expect(svg.getAttribute("role")).toBe("img");
      expect(svg.getAttribute("aria-label")).toBeTruthy();
    }
    for (const table of document.querySelectorAll("table")) {
      const columns = table.querySelectorAll("thead th").length;
      for (const row of table.querySelectorAll("tbody tr")) expect(row.children).toHaveLength(columns);
    }
  });

  it("draws and prints numbers only", () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
});

describe("what the report says", () => {
  const textOf = (options: ResultOptions) => plain(documentOf(report(makeResult(options))).body.textContent);

  it("opens at the verdict, with the threshold, the certainty and the reason", () => {
    const document = documentOf(report(makeResult()));
    expect(document.querySelector("h1")?.textContent).toBe("Keep plain cross entropy.");
    const head = plain(document.querySelector("header")?.textContent);
    expect(head).toContain("Choose the threshold instead.");
    expect(head).toContain(".140 for the best balanced accuracy");
    expect(head).toContain("better 10 %, practically the same 88 %, worse 2 %");
  });

  it("has prior only and cross entropy with its threshold tuned in the table, which is what a loss must beat", () => {
    const rows = [...documentOf(report(makeResult())).querySelectorAll(".losses tbody th")].map(
      (each) => each.textContent,
    );
    expect(rows).toHaveLength(6);
    expect(rows[0]).toContain("prior only");
    expect(rows[2]).toContain("cross entropy, threshold tuned");
  });

  it("shows no ranking where positives are too few, and says why", () => {
    const page = report(makeResult({ verdict: "too-few" }));
    const document = documentOf(page);
    expect(document.querySelector("#folds")).toBe(null);
    expect(document.querySelector("#settings")).toBe(null);
    expect(document.querySelectorAll(".bar")).toHaveLength(0);
    expect(document.querySelectorAll(".losses tbody tr")).toHaveLength(3);
    expect(document.querySelector("#losses")?.textContent).toContain("A fold tests 3 rows of the rarest class");
  });

  it("says when it was interrupted, and how to go on", () => {
    const text = textOf({ repeats: 5, finished: 7 });
    expect(text).toContain("Stopped after 7 of 25 folds");
    expect(text).toContain("--resume");
    expect(textOf({})).not.toContain("Stopped");
  });

  it("shows at most twelve classes as panels, and says how many are left", () => {
    const document = documentOf(report(makeResult({ kind: "multiclass", classes: names(30) })));
    expect(document.querySelectorAll("#precision-recall .panel")).toHaveLength(12);
    expect(document.querySelector("#precision-recall")?.textContent).toContain("18 more");
    expect(document.querySelectorAll("#reliability details.class")).toHaveLength(12);
  });

  it("turns the axis where higher is better, so that better stays at the left", () => {
    expect(textOf({ metric: "average-precision" })).toContain("higher is better");
  });

  it("marks where formula and search disagree", () => {
    expect(textOf({})).toContain("they disagree");
  });

  it("survives a result that went through JSON, where a missing number is null", () => {
    const result = makeResult();
    const broken = { ...result, prior: { ...result.prior, rocAuc: { mean: Number.NaN, margin: Number.NaN } } };
    const recalls = result.families.map((family) => ({
      ...family,
      recalls: family.recalls.map((each, k) => (k === 0 ? { ...each, rows: 0, found: 0, recall: Number.NaN } : each)),
    }));
    const page = report(JSON.parse(JSON.stringify({ ...broken, families: recalls })));
    expect(page).not.toMatch(/NaN|undefined|null/);
  });
});

describe("text from a table", () => {
  it("is escaped by the template unless it is HTML already", () => {
    expect(html`<p title="${`"'`}">${hostile}${raw("<b>")}${[1, null, html`<i>`]}</p>`.text).toBe(
      `<p title="&quot;&#39;">&lt;script&gt;alert(1)&lt;/script&gt;<b>1<i></p>`,
    );
    expect(escapeHtml("a\nb\u0000\u202e")).toBe("a b\ufffd\ufffd");
    expect(shortened("abcdef", 4)).toBe("abc…");
  });

  it("cannot open an element, anywhere on the page", () => {
    for (const { name, page } of pages.filter((each) => each.name.startsWith("hostile"))) {
      expect(page, name).not.toContain("<script");
      expect(page, name).not.toContain("<img");
      expect(page, name).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    }
  });
});

describe("numbers", () => {
  it("are printed as a newspaper prints them", () => {
    expect([score(0.1234), score(-0.1234), score(1.5), score(Number.NaN), score(-0.0001)]).toEqual([
      ".123",
      "−.123",
      "1.500",
      "–",
      ".000",
    ]);
    expect([signed(0.001), signed(-0.001), signed(0)]).toEqual(["+.0010", "−.0010", ".0000"]);
    expect([percent(0.141, 1), percent(0.001), percent(0.999), percent(1), percent(0)].map(plain)).toEqual([
      "14.1 %",
      "<1 %",
      ">99 %",
      "100 %",
      "0 %",
    ]);
    expect([probability(0.314), probability(0.0123), probability(0)]).toEqual([".314", ".012", ".000"]);
  });

  it("that are shares add up to 100", () => {
    expect(wholePercents([1 / 3, 1 / 3, 1 / 3])).toEqual([34, 33, 33]);
    expect(wholePercents([0.045, 0.747, 0.208])).toEqual([4, 75, 21]);
  });
});

describe("the names of rules above a chart", () => {
  it("never touch, and no rule runs through the name of one at its left", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 700 }), length: fc.integer({ min: 10, max: 150 }) }), {
          minLength: 1,
          maxLength: 8,
        }),
        (rules) => {
          const flags = rules.map(({ at, length }) => ({ at, from: at, to: at + length }));
          const rows = rowsOf(flags, 12);
          flags.forEach((one, a) => {
            flags.forEach((other, b) => {
              if (a === b) return;
              if (rows[a] === rows[b]) expect(one.to < other.from || other.to < one.from).toBe(true);
              if (one.at < other.at && other.at < one.to) expect(rows[b]).toBeLessThan(rows[a]);
            });
          });
        },
      ),
      { seed: 1952 },
    );
  });
});
