import { expect, it } from "vitest";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { encryptionOf, encryptionProblems, SERVER_DRAFT, suggestPassphrase } from "./encryption-draft";

const recipients = (text: string) => ({ ...SERVER_DRAFT, mode: "recipients" as const, recipients: text });

it("takes public keys however they are divided, each once", () => {
  const draft = recipients(" age1abc\nage1def, age1abc ");
  expect(encryptionProblems(draft)).toEqual({});
  expect(encryptionOf(draft)).toEqual({ mode: "recipients", recipients: ["age1abc", "age1def"] });
});

it("keeps a secret key from being sent as a public one", () => {
  expect(encryptionProblems(recipients("AGE-SECRET-KEY-1ABC")).recipients).toContain("secret key");
  expect(encryptionProblems(recipients("age1abc\nage-secret-key-1abc")).recipients).toContain("secret key");
  expect(encryptionProblems(recipients("ssh-ed25519")).recipients).toContain("age1");
  expect(encryptionProblems(recipients(" ")).recipients).toBeDefined();
});

it("keeps post-quantum keys among themselves", () => {
  expect(encryptionProblems(recipients("age1pq1abc\nage1pq1def"))).toEqual({});
  expect(encryptionProblems(recipients("age1pq1abc\nage1def")).recipients).toContain("among themselves");
  expect(encryptionProblems(recipients("AGE-SECRET-KEY-PQ-1ABC")).recipients).toContain("secret key");
});

it("wants a passphrase of some length, twice", () => {
  const draft = (passphrase: string, again: string) => ({
    ...SERVER_DRAFT,
    mode: "passphrase" as const,
    passphrase,
    again,
  });
  expect(encryptionProblems(draft("short", "short"))).toHaveProperty("passphrase");
  expect(encryptionProblems(draft("long enough", "long enouhg"))).toHaveProperty("again");
  expect(encryptionProblems(draft("long enough", "long enough"))).toEqual({});
});

it("suggests a passphrase of 100 random bits that the server takes", () => {
  const suggestions = Array.from({ length: 200 }, suggestPassphrase);
  expect(new Set(suggestions).size).toBe(200);
  for (const passphrase of suggestions)
    expect(passphrase).toMatch(/^([a-hjkm-z2-9]{4}-){4}[a-hjkm-z2-9]{4}$/);
  const encryption = { mode: "passphrase", passphrase: suggestions[0] };
  expect(CreateBackupBody.safeParse({ encryption }).success).toBe(true);
});
