import type { FileProblemCode } from "./types";

/**
 * Why reading cannot go on, as the layer that noticed knows it. The reader turns it into a FileProblem, adding the sheet
 * and row. `reason` is a clause without a capital and full stop.
 */
export class ReadStop extends Error {
  constructor(
    readonly code: FileProblemCode,
    readonly reason: string,
    readonly column?: number,
  ) {
    super(reason);
    this.name = "ReadStop";
  }
}
