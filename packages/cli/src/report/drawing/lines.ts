// Curves as points: their height anywhere, and where a label stands clear of the others.

/** A curve whose x increase. */
export interface Line {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The height at x, between the points by a straight line. */
export function heightAt({ x, y }: Line, at: number): number {
  const next = x.findIndex((each) => each >= at);
  if (next < 0) return y[y.length - 1];
  if (next === 0 || x[next] === at) return y[next];
  const share = (at - x[next - 1]) / (x[next] - x[next - 1]);
  return y[next - 1] + share * (y[next] - y[next - 1]);
}

/** A place for a curve's name. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** Whether the curve lies above its nearest neighbour there. */
  readonly above: boolean;
  readonly falling: boolean;
}

/** Where a curve is farthest from the others. */
export function clearest(line: Line, others: readonly Line[], from: number, to: number): Place {
  const places = Array.from({ length: 41 }, (_, k) => {
    const x = from + ((to - from) * k) / 40;
    const y = heightAt(line, x);
    const gaps = others.map((other) => y - heightAt(other, x));
    const gap = gaps.reduce((least, each) => (Math.abs(each) < Math.abs(least) ? each : least), 1);
    const falling = heightAt(line, x + 0.04) < heightAt(line, x - 0.04);
    return { x, y, above: gap >= 0, falling, room: Math.abs(gap) };
  });
  return places.reduce((best, each) => (each.room > best.room + 1e-9 ? each : best));
}

/** Puts a name beside its curve, on the side to which the curve turns away. */
export function placed({ above, falling }: Place, distance: number) {
  const start = above === falling;
  return {
    dy: above ? -distance : distance + 2,
    dx: start ? 3 : -3,
    textAnchor: start ? ("start" as const) : ("end" as const),
  };
}

/** The name of a rule above a chart: where the rule stands, and from where to where its name reaches. */
export interface Flag {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The row of each flag, 0 the lowest, such that no two names touch and no rule runs through the name of one at its
 * left: the farther left, the higher.
 */
export function rowsOf(flags: readonly Flag[], gap: number): readonly number[] {
  const rows = new Array<number>(flags.length).fill(0);
  const placed: number[] = [];
  for (const index of [...flags.keys()].sort((a, b) => flags[b].at - flags[a].at)) {
    const { from, to } = flags[index];
    const inTheWay = placed.filter((other) => flags[other].from < to + gap && from < flags[other].to + gap);
    rows[index] = Math.max(-1, ...inTheWay.map((other) => rows[other])) + 1;
    placed.push(index);
  }
  return rows;
}
