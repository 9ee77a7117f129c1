import { expect, it } from "vitest";
import type { EmergencyKit } from "@/lib/contracts/backup-keys";
import { KIT_STEPS, keyFile, kitText } from "./kit-text";

const key = (n: number, retiredAt: string | null) => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  recipient: `age1public${n}`,
  identity: `AGE-SECRET-KEY-1SECRET${n}`,
  fingerprint: "9f3a-01c2-77de-b405",
  createdAt: "2026-01-02T03:04:05.000Z",
  retiredAt,
  backups: 2,
});

const KIT: EmergencyKit = {
  email: "ada@example.org",
  address: "https://ferry.example.org",
  madeAt: "2026-11-22T23:00:00.000Z",
  keys: [key(1, null), key(2, "2026-05-06T07:08:09.000Z")],
};

/** What age does with a key file: blank lines and comments are passed over, every other line is an identity. */
const identitiesIn = (file: string) =>
  file.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

it("is a key file of age, every key on its own line", () => {
  const wanted = ["AGE-SECRET-KEY-1SECRET1", "AGE-SECRET-KEY-1SECRET2"];
  expect(identitiesIn(keyFile(KIT))).toEqual(wanted);
  expect(identitiesIn(kitText(KIT))).toEqual(wanted);
});

it("says whose it is and how a backup is opened, with the exact commands", () => {
  const text = kitText(KIT);
  expect(text).toContain("ada@example.org");
  expect(text).toContain("https://ferry.example.org");
  expect(text).toContain("age -d -i key.txt FILE | tar xz\n");
  expect(text).toContain("age-keygen -y key.txt\n");
  for (const { title } of KIT_STEPS) expect(text).toContain(title);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(110);
});
