// Reads one table with the built tool of one checkout, in a process of its own, and prints what it took.
// Run by reading.ts: node readingChild.mjs CHECKOUT TABLE
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [checkout, table] = process.argv.slice(2);
const { readTable } = await import(pathToFileURL(join(checkout, "packages/cli/dist/table/read.js")).href);
const before = { cpu: process.cpuUsage(), time: performance.now() };
const { rows, columns } = await readTable(table);
const { user, system } = process.cpuUsage(before.cpu);
console.log(
  JSON.stringify({
    rows,
    columns: columns.length,
    numbers: columns.filter(({ kind }) => kind === "number").length,
    cpuSeconds: (user + system) / 1e6,
    seconds: (performance.now() - before.time) / 1e3,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
