// What every command is given: the words of the call, the world it may touch, and the commander it adds itself to.
import type { Command } from "commander";
import type { World } from "../world.ts";

/** Around a command. */
export interface Surroundings {
  /** The words of the call. */
  readonly argv: readonly string[];
  /** The world, in which names can only be seen. */
  readonly world: World;
  /** The world as it is, for the lines that are written over in place. */
  readonly screen: World;
  /** Has the program end with a code other than 0, though nothing went wrong. */
  readonly endWith: (code: number) => void;
}

/** Adds a command with its flags, and what it does. */
export type AddCommand = (root: Command, surroundings: Surroundings) => void;
