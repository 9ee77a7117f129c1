import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/platform/errors";
import { describeFault } from "./faults";

const withCode = (code: string) => Object.assign(new Error("x"), { code });

describe("a fault", () => {
  it.each([
    ["ECONNREFUSED", "The database could not be reached."],
    ["CONNECTION_CLOSED", "The connection to the database was lost."],
    ["57P01", "The database was shut down."],
    ["08006", "The connection to the database was lost."],
    ["53100", "The database's disk is full."],
    ["ENOSPC", "The disk is full."],
    ["40P01", "Two changes met at the same place."],
  ])("of code %s passes, and is said in words", (code, reason) => {
    expect(describeFault(withCode(code))).toEqual({ passing: true, code: "internal", reason });
  });

  it("is known by its cause when a driver has wrapped it", () => {
    const wrapped = new Error("query failed", { cause: withCode("57P03") });
    expect(describeFault(wrapped)).toEqual({
      passing: true,
      code: "internal",
      reason: "The database is just starting.",
    });
  });

  it.each([withCode("22P02"), withCode("42703"), new TypeError("x is not a function")])(
    "that is our own is not tried again: %s",
    (error) => {
      expect(describeFault(error).passing).toBe(false);
    },
  );

  it.each([
    [new AppError(409, "gone", "It is gone."), false],
    [Object.assign(new AppError(503, "storage-unreachable", "Away."), { isTransient: true }), true],
    [Object.assign(new AppError(507, "storage-full", "Full."), { isTransient: false }), false],
  ])("that is expected keeps its own words: %s", (error, passing) => {
    expect(describeFault(error)).toEqual({ passing, code: error.code, reason: error.message });
  });

  it("that nobody knows counts as passing, and its message is not shown", () => {
    expect(describeFault(new Error("secret at 10.0.0.7"))).toEqual({
      passing: true,
      code: "internal",
      reason: "The work was interrupted.",
    });
    expect(describeFault("thrown text").passing).toBe(true);
    expect(describeFault(undefined).passing).toBe(true);
  });
});
