import { scrypt as scryptCallback } from "node:crypto";
import { decodeBase64, encodeBase64 } from "./base64";
import { AgeError } from "./errors";
import type { Stanza } from "./header";
import { FILE_KEY_BYTES, openFileKey, sealFileKey, TAG_BYTES } from "./primitives";
import type { Identity, Recipient } from "./recipients";

const TYPE = "scrypt";
const LABEL = Buffer.from("age-encryption.org/v1/scrypt", "latin1");
const SALT_BYTES = 16;
const BLOCK_SIZE = 8;
/** 128 MiB for each guess; OWASP's first choice for scrypt (N = 2^17, r = 8, p = 1). age itself takes 18. */
const LOG_N = 17;
/** 1 GiB. A header could ask for any amount of memory. */
const LOG_N_MAX = 20;

/** @param logN binary logarithm of scrypt's N; tests take a small one */
export function scryptRecipient(passphrase: string, { logN = LOG_N } = {}): Recipient {
  return {
    company: "none",
    async wrap(fileKey, random) {
      const salt = random(SALT_BYTES);
      const key = await derive(passphrase, salt, logN);
      return { args: [TYPE, encodeBase64(salt), String(logN)], body: sealFileKey(key, fileKey) };
    },
  };
}

export function scryptIdentity(passphrase: string): Identity {
  return {
    async unwrap(stanzas) {
      const stanza = stanzas.find(({ args }) => args[0] === TYPE);
      if (!stanza) return undefined;
      const { salt, logN } = parametersOf(stanza);
      return openFileKey(await derive(passphrase, salt, logN), stanza.body);
    },
  };
}

/** Whether a passphrase opens the file. @throws AgeError when it is one among other recipients */
export function isForPassphrase(stanzas: readonly Stanza[]): boolean {
  if (!stanzas.some(({ args }) => args[0] === TYPE)) return false;
  if (stanzas.length > 1) throw malformed("a passphrase must be the only recipient");
  return true;
}

function parametersOf({ args, body }: Stanza): { salt: Buffer; logN: number } {
  const salt = args.length === 3 ? decodeBase64(args[1]!) : undefined;
  if (salt?.length !== SALT_BYTES || body.length !== FILE_KEY_BYTES + TAG_BYTES) {
    throw malformed("its passphrase's part is wrong");
  }
  const logN = /^[1-9][0-9]?$/.test(args[2]!) ? Number(args[2]) : undefined;
  if (logN === undefined) throw malformed("its passphrase's work factor is wrong");
  if (logN > LOG_N_MAX) throw malformed(`its passphrase takes more than ${1 << (LOG_N_MAX - 10)} MiB to try`);
  return { salt, logN };
}

function derive(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const N = 2 ** logN;
  // OpenSSL counts a little more than the 128 · N · r bytes of the algorithm.
  const options = { N, r: BLOCK_SIZE, p: 1, maxmem: 128 * N * BLOCK_SIZE + (1 << 20) };
  return new Promise((resolve, reject) => {
    scryptCallback(passphrase, Buffer.concat([LABEL, salt]), 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function malformed(reason: string): AgeError {
  return new AgeError("header", `The header of the encrypted file is malformed: ${reason}.`);
}
