import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { FIELD_TYPES } from "@/lib/core/fields/types";
import { TRIPS } from "@/lib/core/templates/trips";
import { handlingOf, privacyStatement, pseudonymField, shortStatement, statementLines } from "./handling";
import { isPersonal } from "./personal";
import { pseudonym, pseudonymHalves } from "./pseudonym";

const notes = { name: "notes", label: "Notes", type: "text" as const, required: false };

describe("marks", () => {
  it("are the owner's, else the template's", () => {
    expect(isPersonal(notes, "trips")).toBe(true);
    expect(isPersonal({ ...notes, personal: false }, "trips")).toBe(false);
    expect(isPersonal(notes, null)).toBe(false);
    expect(isPersonal({ ...notes, personal: true }, null)).toBe(true);
    expect(TRIPS.fields.filter((f) => isPersonal(f, "trips")).map((f) => f.name)).toEqual([
      "passportCountry",
      "notes",
    ]);
  });
});

describe("pseudonyms", () => {
  it("are HMAC-SHA-256, also put together from plain SHA-256 with the halves of the key", () => {
    const key = Buffer.from("a key that nobody else has, 32 b");
    const { inner, outer } = pseudonymHalves(key);
    const sha256 = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
    const byHand = sha256(
      Buffer.from(outer, "hex"),
      sha256(Buffer.from(inner, "hex"), Buffer.from("Ürümqi")),
    );
    expect(byHand).toEqual(createHmac("sha256", key).update("Ürümqi").digest());
    expect(pseudonym("Ürümqi", key)).toBe(`P-${byHand.toString("hex").slice(0, 16)}`);
  });

  it("hide the order of allowed values", () => {
    const field = { ...notes, type: "enum" as const, values: ["a", "b", "c"] };
    const names: Record<string, string> = { a: "P-3", b: "P-1", c: "P-2" };
    expect(pseudonymField(field, (text) => names[text] ?? "").values).toEqual(["P-1", "P-2", "P-3"]);
  });
});

describe("the statement", () => {
  it("names every withheld field and what became of it", () => {
    const fields = FIELD_TYPES.map((type) => ({
      collection: "People",
      field: type,
      label: type.toUpperCase(),
      handling: handlingOf(type, "anonymize"),
    }));
    const lines = statementLines(privacyStatement("anonymize", fields));
    expect(lines).toContain("People / DATE (date): only the year is kept");
    expect(lines).toContain("People / INTEGER (integer): left out");
    expect(lines).toHaveLength(fields.length + 1);
    expect(FIELD_TYPES.every((type) => handlingOf(type, "exclude") === "left-out")).toBe(true);
  });

  it("is short for a page, which says how much there is besides", () => {
    const field = { collection: "People", field: "name", label: "Name", handling: "left-out" as const };
    const long = privacyStatement(
      "exclude",
      Array.from({ length: 1_000 }, () => field),
    );
    const short = shortStatement(long);
    expect([short.fields.length, short.fieldCount, short.notice]).toEqual([100, 1_000, long.notice]);
    expect(shortStatement(privacyStatement("exclude", [field])).fields).toEqual([field]);
  });
});
