import { expect, it } from "vitest";
import { isMailable } from "./mailable";

it.each([
  ["ada@example.org", true],
  ["ada@corp.local", true],
  ["ada@[10.0.0.7]", true],
  ["ada@contest", true],
  ["test@example.org", true],
  ["ada@example", false],
  ["ada@mail.Example.", false],
  ["ada@localhost", false],
  ["ada@a.test", false],
  ["ada@b.invalid", false],
])("%s: %s", (email, expected) => {
  expect(isMailable({ email, isDemo: false })).toBe(expected);
  expect(isMailable({ email, isDemo: true })).toBe(false);
});
