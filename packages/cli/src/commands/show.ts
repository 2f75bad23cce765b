// `surprisal show`: one loss.
import { showLoss } from "../terminal/show.ts";
import type { AddCommand } from "./command.ts";

/** Adds the command. */
export const addShow: AddCommand = (root, { world }) => {
  root
    .command("show")
    .description("a loss: its formula, its slope, its curve")
    .argument("<loss>", "a name from the catalogue")
    .action((name: string) => world.out(showLoss(name, world.columns)));
};
