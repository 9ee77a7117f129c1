import { describe, expect, it } from "vitest";
import { preferWaitSeconds } from "./wait";

describe("Prefer: wait", () => {
  it.each([
    [undefined, 0],
    ["wait=10", 10],
    ["respond-async, wait=5", 5],
    ["respond-async; wait = 5", 5],
    ['WAIT="7"', 7],
    ["wait=600", 60],
    ["wait=-1", 0],
    ["wait=soon", 0],
    ["return=minimal", 0],
  ])("%s", (prefer, seconds) => {
    const headers: Record<string, string> = prefer === undefined ? {} : { prefer };
    expect(preferWaitSeconds(new Request("http://localhost", { headers }))).toBe(seconds);
  });
});
