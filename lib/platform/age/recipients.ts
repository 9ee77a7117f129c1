import type { Stanza } from "./header";
import type { RandomBytes } from "./primitives";

/** Somebody whom a file is encrypted to. */
export interface Recipient {
  /** Must be the only one of its file: whoever knows a passphrase could otherwise have made a file "from" the others. */
  readonly alone: boolean;
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
