import type { CreateBackup } from "@/lib/contracts/backups";

/** What a person chooses about who can open a backup, while they choose. */
export interface EncryptionDraft {
  mode: "server" | "recipients" | "passphrase";
  /** As typed: one public key a line. */
  recipients: string;
  passphrase: string;
  again: string;
}

export const SERVER_DRAFT: EncryptionDraft = { mode: "server", recipients: "", passphrase: "", again: "" };

const PASSPHRASE_CHARS_MIN = 8;

/** As the server refuses it. */
const MIXED =
  "Post-quantum keys (age1pq1…) stay among themselves: with another key beside them a backup is no safer than with that one.";

export function recipientsOf(draft: EncryptionDraft): string[] {
  return [...new Set(draft.recipients.split(/[\s,]+/).filter((line) => line !== ""))];
}

export interface EncryptionProblems {
  recipients?: string;
  passphrase?: string;
  again?: string;
}

/** What is still wrong, by field. The server looks again: only it can tell a key with a typing error. */
export function encryptionProblems(draft: EncryptionDraft): EncryptionProblems {
  if (draft.mode === "recipients") {
    const recipients = recipientsOf(draft);
    if (recipients.length === 0) return { recipients: "Enter at least one public key." };
    const secret = recipients.some((text) => text.toUpperCase().startsWith("AGE-SECRET-KEY-"));
    if (secret) {
      return { recipients: "This is a secret key. Keep it to yourself; what belongs here begins with age1." };
    }
    const wrong = recipients.find((text) => !text.startsWith("age1"));
    if (wrong !== undefined) return { recipients: "A public key of age begins with age1." };
    const postQuantum = recipients.filter((text) => text.startsWith("age1pq1")).length;
    return postQuantum === 0 || postQuantum === recipients.length ? {} : { recipients: MIXED };
  }
  if (draft.mode === "passphrase") {
    if (draft.passphrase.length < PASSPHRASE_CHARS_MIN)
      return { passphrase: `Use at least ${PASSPHRASE_CHARS_MIN} characters.` };
    if (draft.again !== draft.passphrase) return { again: "The two are not the same." };
  }
  return {};
}

/** As the API takes it; only for a draft without problems. */
export function encryptionOf(draft: EncryptionDraft): CreateBackup["encryption"] {
  switch (draft.mode) {
    case "server":
      return { mode: "server" };
    case "recipients":
      return { mode: "recipients", recipients: recipientsOf(draft) };
    case "passphrase":
      return { mode: "passphrase", passphrase: draft.passphrase };
  }
}

/** 32 symbols, none of which is taken for another: there is an o, but no 0; 5 bits each. */
const SYMBOLS = "abcdefghjkmnopqrstuvwxyz23456789";
const GROUPS = 5;
const GROUP_CHARS = 4;

/** 100 random bits in groups of four: "k3fe-9xwq-…". */
export function suggestPassphrase(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_CHARS));
  const text = Array.from(bytes, (byte) => SYMBOLS[byte % SYMBOLS.length]).join("");
  return (text.match(/.{4}/g) ?? []).join("-");
}
