import { describe, expect, it } from "vitest";
import { reasonToRefuse } from "./check-file";

const file = (...bytes: number[]) => new File([new Uint8Array(bytes)], "data.csv");

describe("reasonToRefuse", () => {
  it("lets text through whatever it is called", async () => {
    expect(await reasonToRefuse(new File(["a,b\n1,2\n"], "picture.png"))).toBeNull();
  });
  it("lets a ZIP through: a workbook is one, and others may hold tables", async () => {
    expect(await reasonToRefuse(file(0x50, 0x4b, 3, 4))).toBeNull();
  });
  it("lets gzip through: what is inside tells", async () => {
    expect(await reasonToRefuse(file(0x1f, 0x8b, 8))).toBeNull();
  });
  it("refuses an empty file", async () => {
    expect(await reasonToRefuse(new File([], "empty.csv"))).toBe("This file is empty.");
  });
  it("refuses what is too large, with both sizes", async () => {
    expect(await reasonToRefuse(new File(["123456"], "big.csv"), 5)).toContain("at most 5 bytes");
  });
  it("tells a PDF from its first bytes although it is called .csv", async () => {
    expect(await reasonToRefuse(file(0x25, 0x50, 0x44, 0x46, 0x2d))).toContain("PDF");
  });
  it("finds the signature of a video behind its length", async () => {
    expect(await reasonToRefuse(file(0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70))).toContain("video");
  });
  it("says how to go on with an old Excel file", async () => {
    expect(await reasonToRefuse(file(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toContain("Save it as .xlsx");
  });
});
