// DuckDB as the reader of tables uses it: in memory, within a budget, with nothing left behind.
import { availableParallelism } from "node:os";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Budget } from "./memory.ts";

/** More threads than this would only take memory: one thread takes the rows over. */
const mostThreads = 8;

/** Calls `use` with a connection to a database of its own. */
export async function withEngine<T>(budget: Budget, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    threads: String(Math.min(availableParallelism(), mostThreads)),
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
