import type { InngestFunction } from "inngest";
import { runImport } from "./run-import";
import { undoImport } from "./undo-import";

/** Every durable function of the product. */
export const functions: InngestFunction.Like[] = [runImport, undoImport];
