// DuckDB as the reader of tables uses it: in memory, within a budget, with nothing left behind.
import { availableParallelism } from "node:os";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Budget } from "./memory.ts";

/** More threads than this would only take memory: one thread takes the rows over. */
const mostThreads = 8;
/** What each thread needs: buffers, most for JSON, and per column a block of texts and one of what becomes of them. */
const bytesPerThread = 128 * 1024 * 1024;
const bytesPerColumn = 96 * 1024;

/** How many threads fit the memory that DuckDB may take. */
function threadsFor(budget: Budget, columns: number): number {
  const fitting = Math.floor(budget.engine / (bytesPerThread + columns * bytesPerColumn));
  return Math.max(1, Math.min(availableParallelism(), mostThreads, fitting));
}

/** Takes fewer threads where there are many columns. */
export async function fitThreads(connection: DuckDBConnection, budget: Budget, columns: number): Promise<void> {
  await connection.run(`SET threads = ${threadsFor(budget, columns)}`);
}

/** Calls `use` with a connection to a database of its own. */
export async function withEngine<T>(budget: Budget, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    threads: String(threadsFor(budget, 0)),
    memory_limit: `${Math.floor(budget.engine / 1e6)}MB`,
  });
  const connection = await instance.connect();
  try {
    // What does not fit is an error; a folder for it would stand in that of the user.
    await connection.run("SET temp_directory = ''");
    // Room for chunks to queue up in order while earlier ones are taken over; with the default of 1 MB they wait.
    await connection.run("SET streaming_buffer_size = '32MB'");
    // Its search for equal expressions takes minutes at thousands of columns, and no two columns share any.
    await connection.run("SET disabled_optimizers = 'common_subexpressions'");
    // The text of a moment must not depend on where the machine stands.
    await connection.run("SET TimeZone = 'UTC'");
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
