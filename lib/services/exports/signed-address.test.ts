import { expect, it } from "vitest";
import { signAddress, signatureFault } from "./signed-address";

const until = new Date("2026-03-01T00:00:00Z");
const before = new Date(until.getTime() - 1000);
const given = (subject: string) =>
  Object.fromEntries(new URL(signAddress("/f", subject, until), "http://localhost").searchParams);

it("opens what it was made for, up to its last moment", () => {
  expect(signatureFault("share/1", given("share/1"), before)).toBeUndefined();
  expect(signatureFault("share/1", given("share/1"), until)).toBeUndefined();
  expect(signatureFault("share/1", given("share/1"), new Date(until.getTime() + 1))).toBe("expired");
});

it("opens nothing else, and for no longer", () => {
  expect(signatureFault("1", given("share/1"), before)).toBe("invalid");
  expect(signatureFault("share/1", { ...given("share/1"), expires: "9999999999" }, before)).toBe("invalid");
  expect(signatureFault("share/1", {}, before)).toBe("invalid");
  expect(signatureFault("share/1", { ...given("share/1"), signature: "" }, before)).toBe("invalid");
});
