import { expect, it } from "vitest";
import type { Field } from "@/lib/core/fields/types";
import { revertedData } from "./reverted-data";

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  type: "text",
  required: false,
  ...more,
});

it("takes the earlier values and takes away what was not there", () => {
  const fields = [field("a"), field("b"), field("c")];
  expect(revertedData(fields, { a: "1", b: "2" }, { a: "9", c: "3" })).toEqual({
    data: { a: "1", b: "2" },
    leftOut: [],
  });
});

it("names a value whose field is gone", () => {
  expect(revertedData([field("a")], { a: "1", old: "x" }, { a: "2" })).toEqual({
    data: { a: "1" },
    leftOut: [{ field: "old", reason: "no-such-field", message: 'There is no field named "old" now.' }],
  });
});

it("keeps the present value where the earlier one does not fit any more", () => {
  const fields = [field("kind", { type: "enum", values: ["new", "used"] })];
  const { data, leftOut } = revertedData(fields, { kind: "ancient" }, { kind: "used" });
  expect(data).toEqual({ kind: "used" });
  expect(leftOut).toMatchObject([{ field: "kind", reason: "does-not-fit" }]);
});

it("keeps the present value of a required field that had none", () => {
  expect(revertedData([field("a", { required: true })], {}, { a: "now" }).data).toEqual({ a: "now" });
});

it("does not touch values of fields that the collection has no more", () => {
  expect(revertedData([field("a")], { a: "1" }, { a: "2", stray: true }).data).toEqual({
    stray: true,
    a: "1",
  });
});

it("takes a field's name for nothing else", () => {
  const fields = [field("constructor"), field("__proto__")];
  expect(revertedData(fields, {}, {})).toEqual({ data: {}, leftOut: [] });
});
