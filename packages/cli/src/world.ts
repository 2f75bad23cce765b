// What the commands may touch of the world: process/program.ts gives the process, a test its own.

/** Where the commands print, and what they know of the terminal, the machine, the time and Ctrl-C. */
export interface World {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal, on which a line may be written over. */
  readonly terminal: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly processors: number;
  /** Milliseconds, for the time that is left. */
  now(): number;
  /** Aborted by Ctrl-C, once there is something to keep. */
  readonly signal: AbortSignal;
  /** Called when there is something to keep: from then on Ctrl-C is told by `signal`; before, it ends the program. */
  readonly keeping?: (saved: boolean) => void;
}
