import { PreconditionFailedError } from "@/lib/platform/errors";

/** The versions a client is willing to overwrite, from If-Match; undefined = any. */
export type ExpectedVersion = readonly number[] | undefined;

/** @throws PreconditionFailedError `version-mismatch` */
export function requireVersion(present: number, expected: ExpectedVersion): void {
  if (expected === undefined || expected.includes(present)) return;
  throw new PreconditionFailedError(`The record was changed meanwhile: it is at version ${present} now.`);
}
