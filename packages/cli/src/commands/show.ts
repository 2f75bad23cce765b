// `surprisal show`: one loss, or one saved model.
import { readModelFile } from "../saved/modelFile.ts";
import { showLoss } from "../terminal/show.ts";
import { showModel } from "../terminal/showModel.ts";
import type { AddCommand } from "./command.ts";

/** Adds the command. */
export const addShow: AddCommand = (root, { world }) => {
  root
    .command("show")
    .description("a loss: its formula, its slope, its curve; or a model: what it is made of")
    .argument("<loss>", "a name from the catalogue, or a file that compare or fit has saved (.onnx)")
    .action(async (name: string) => {
      const isFile = /\.onnx$/i.test(name);
      world.out(isFile ? showModel(await readModelFile(name), world.columns) : showLoss(name, world.columns));
    });
};
