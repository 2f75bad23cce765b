// A path as DuckDB can take it: *, ? and [ in it mean patterns, and a backslash hides what follows.
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CliError, detailTexts, tableTexts } from "../errors.ts";

/** Calls `use` with a path that means this very file and nothing else. */
export async function withPlainPath<T>(path: string, use: (plain: string) => Promise<T>): Promise<T> {
  const whole = resolve(path);
  // On Windows names hold none of the others, and a backslash parts folders.
  if (process.platform === "win32") return use(whole.replaceAll("[", "[[]"));
  if (!/[*?[\\]/.test(whole)) return use(whole);
  const folder = await mkdtemp(join(tmpdir(), "surprisal-")).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(tableTexts.oddName(path, error.code ?? detailTexts.noTemporaryFolder()));
  });
  try {
    const link = join(folder, "table");
    await symlink(whole, link);
    return await use(link);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
