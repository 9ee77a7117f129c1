import { describe, expect, it } from "vitest";
import { isUuid, newId, newIdPrefix, rowId } from "./ids";

describe("newId", () => {
  it("rises with every call, also when many are made in one millisecond", () => {
    const ids = Array.from({ length: 20_000 }, newId);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => isUuid(id) && id[14] === "7" && "89ab".includes(id[19]!))).toBe(true);
  });
});

describe("rowId", () => {
  it("puts the row number into the last 32 bits", () => {
    const prefix = newIdPrefix();
    expect(rowId(prefix, 1)).toBe(`${prefix}00000001`);
    expect(isUuid(rowId(prefix, 2 ** 32 - 1))).toBe(true);
  });
});
