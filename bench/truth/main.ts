// Whether the certainties and expectations of the tool are true, on tables of a known truth: writes docs/truth.md.
//
// Run: npm run bench:truth [-- --tables 12] [--only page]      some minutes
import { writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alarmSizes, countAlarms, learners } from "./alarms.ts";
import { measureNested } from "./nested.ts";
import { keepTruth, readTruth, truthPage } from "./page.ts";

const { values } = parseArgs({ options: { tables: { type: "string", default: "12" }, only: { type: "string" } } });
if (values.only !== "page") {
  const alarms = learners().flatMap((learner) => alarmSizes.map((size) => countAlarms(learner, size)));
  console.log(alarms);
  const nested = [];
  for (const model of ["linear", "trees"] as const) {
    nested.push(await measureNested(model, Number(values.tables), join(tmpdir(), "surprisal-truth")));
    console.log(nested.at(-1));
  }
  const machine = `Node ${process.version} on ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}.`;
  keepTruth({ machine, alarms, nested });
}
const page = fileURLToPath(new URL("../../docs/truth.md", import.meta.url));
writeFileSync(page, truthPage(readTruth()));
console.log(`wrote ${page}`);
