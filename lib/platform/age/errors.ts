/**
 * Where an age file failed.
 *
 * - `armor`: the text form around it is not one.
 * - `header`: it does not begin with a well-formed header, or a stanza in it breaks the rules of its type.
 * - `no-match`: none of the keys given opens it.
 * - `mac`: a key opens it, but its header is not the one it was written with.
 * - `payload`: damaged, cut short or lengthened after the header. What was yielded before is genuine.
 */
export type AgeFailure = "armor" | "header" | "no-match" | "mac" | "payload";

/** A file that is not age, is damaged, or is not for this key. The message names no secret. */
export class AgeError extends Error {
  constructor(
    readonly failure: AgeFailure,
    message: string,
  ) {
    super(message);
    this.name = "AgeError";
  }
}
