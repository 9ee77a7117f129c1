import { describe, expect, it } from "vitest";
import { stateOf } from "./view";

const now = new Date("2026-03-01T00:00:00Z");
const open = {
  revoked_at: null,
  expires_at: new Date(now.getTime() + 1),
  downloads_max: 2,
  download_count: 1,
};

describe("the state of a link", () => {
  it("is open until one of its ends", () => {
    expect(stateOf(open, now)).toBe("open");
    expect(stateOf({ ...open, downloads_max: null, download_count: 1_000 }, now)).toBe("open");
    expect(stateOf({ ...open, expires_at: now }, now)).toBe("expired");
    expect(stateOf({ ...open, download_count: 2 }, now)).toBe("used-up");
    expect(stateOf({ ...open, revoked_at: now }, now)).toBe("revoked");
  });

  it("tells first what its owner did, then that its time is over", () => {
    expect(stateOf({ ...open, revoked_at: now, expires_at: now, download_count: 2 }, now)).toBe("revoked");
    expect(stateOf({ ...open, expires_at: now, download_count: 2 }, now)).toBe("expired");
  });
});
