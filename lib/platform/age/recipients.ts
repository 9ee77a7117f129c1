import type { Stanza } from "./header";
import type { RandomBytes } from "./primitives";

/**
 * Which recipients a file may have beside one of this kind.
 *
 * - `none`: whoever knows a passphrase could otherwise have made a file "from" the others.
 * - `classic` and `post-quantum`: only their own kind. A file that is for both is as weak as the weaker one, which whoever
 *   chose the stronger one must not find out years later.
 */
export type Company = "none" | "classic" | "post-quantum";

/** Somebody whom a file is encrypted to. */
export interface Recipient {
  readonly company: Company;
  /** @throws Error when its key is well spelt, but not one that a file can be encrypted to */
  wrap(fileKey: Uint8Array, random: RandomBytes): Promise<Stanza>;
}

/** Something that opens files. */
export interface Identity {
  /**
   * The file key, or undefined when no stanza is for this identity.
   * @throws AgeError when a stanza of a type it knows is malformed
   */
  unwrap(stanzas: readonly Stanza[]): Promise<Buffer | undefined>;
}
