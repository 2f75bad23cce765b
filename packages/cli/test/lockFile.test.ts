// What `npm ci` installs is what was chosen: every package of the lock file is verified by a hash.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const lock = JSON.parse(readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8")) as {
  readonly packages: Readonly<Record<string, Entry>>;
};
const entries = Object.entries(lock.packages);
const installed = entries.filter(([path, { link }]) => /(^|\/)node_modules\//.test(path) && !link);

describe("every package that is installed", () => {
  it("has a hash, and one of SHA-512", () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(
      installed.filter(([, { version, integrity }]) => !version || !/^sha512-.{88}$/.test(integrity ?? "")),
    ).toEqual([]);
  });

  it("comes from whatever registry is set: none is named", () => {
    expect(entries.filter(([, { resolved, link }]) => resolved !== undefined && !link)).toEqual([]);
    expect(entries.filter(([, { resolved = "" }]) => resolved.includes(":"))).toEqual([]);
  });
});
