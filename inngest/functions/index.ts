import type { InngestFunction } from "inngest";

/** Every durable function of the product. */
export const functions: InngestFunction.Like[] = [];
