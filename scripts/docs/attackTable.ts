// The table of what the attacks did in their long mode, for docs/reliability.md.

/** The counts of each attack by its name, as the long mode wrote them. */
export type AttackCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One line per attack. */
export function attackTable(attacks: AttackCounts): string {
  const rows = Object.entries(attacks).map(([name, counts]) => {
    const told = Object.entries(counts).map(([what, count]) => `${count.toLocaleString("en")} ${what}`);
    return `| ${name} | ${told.join(", ")} |`;
  });
  return ["| attack on | what it did |", "|---|---|", ...rows].join("\n");
}
