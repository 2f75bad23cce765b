// Laws of the timing: what a ratio is, and that nobody is forgotten.
import { describe, expect, it } from "vitest";
import { median } from "../averages.ts";
import { interleave, secondsOf, speedup } from "../rounds.ts";

describe("interleaved timing", () => {
  it("takes the median of the ratios within rounds, so that a slow round of both changes nothing", () => {
    const samples = { ours: [1, 10, 1], peer: [3, 30, 3] };
    expect(speedup(samples, "ours", "peer")).toBe(3);
  });

  it("leaves out rounds in which one of the two did not run", () => {
    const samples = { ours: [1, 2, 4], peer: [null, 4, null] };
    expect(speedup(samples, "ours", "peer")).toBe(2);
    expect(speedup(samples, "ours", "someone else")).toBeNaN();
    expect(secondsOf(samples, "peer")).toBe(4);
  });

  it("knows the median of an even number of values", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it("runs every runner in turn, the slow ones in fewer rounds", async () => {
    const order: string[] = [];
    const runner = (id: string, seconds: number) => ({
      id,
      async time() {
        order.push(id);
        return seconds;
      },
    });
    const samples = await interleave([runner("quick", 0.01), runner("slow", 10)], { seconds: 0, rounds: 9 });
    const runs = (id: string) => samples[id].filter((each) => each !== null).length;
    expect(runs("quick")).toBe(9);
    expect(runs("slow")).toBe(3);
    expect(order.slice(-12)).toContain("slow");
  });
});
