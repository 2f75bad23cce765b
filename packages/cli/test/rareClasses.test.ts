// A class with a handful of rows: boosted trees stay near the truth where careless Newton steps run away.
import { afterAll, expect, it } from "vitest";
import { Random } from "../src/random.ts";
import type { Result } from "../src/verdict/result.ts";
import { scratch, surprisal } from "./world.ts";

const place = scratch();
afterAll(() => place.dispose());

/** Nearly separable classes of these sizes, of which the last is where careless steps run away. */
function rareTable(sizes: readonly number[]): string {
  const random = new Random("rare classes of a test");
  const lines = sizes.flatMap((size, kind) =>
    Array.from({ length: size }, () => {
      const seen = random.next() < 0.002 ? random.integer(sizes.length) : kind;
      const cells = [seen, (seen * 5) % 7, (seen * 3) % 7].map((middle) => Math.round(4 * middle + random.normal()));
      return `${cells.join(",")},kind ${kind}`;
    }),
  );
  return `a,b,c,kind\n${lines.join("\n")}\n`;
}

it("boosted trees stay near the truth where classes have 6, 10 and 37 rows of six hundred", async () => {
  const table = place.write("rare.csv", rareTable([350, 120, 60, 37, 10, 6]));
  const quick = ["--model", "trees", "--fast", "--losses", "ce", "--fold-count", "2", "--no-save", "--json"];
  const { code, out, err } = await surprisal(place.folder, "compare", table, "kind", ...quick);
  expect(code, err).toBe(0);
  const { families, prior } = JSON.parse(out) as Result;
  expect(prior.logLoss.mean).toBeGreaterThan(0.8);
  expect(families[0].expected.logLoss.mean).toBeLessThan(0.12);
});
