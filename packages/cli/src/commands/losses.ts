// `surprisal losses`: the catalogue.
import { listLosses } from "../terminal/show.ts";
import type { AddCommand } from "./command.ts";

/** Adds the command. */
export const addLosses: AddCommand = (root, { world }) => {
  root
    .command("losses")
    .description("the catalogue of losses")
    .action(() => world.out(listLosses(world.columns)));
};
