import { describe, expect, it } from "vitest";
import { engineMode } from "./mode";

const environment = (settings: Record<string, string>) => ({ NODE_ENV: "test" as const, ...settings });
const keys = { INNGEST_EVENT_KEY: "key", INNGEST_SIGNING_KEY: "signkey-prod-00" };

describe("engineMode", () => {
  it("is the embedded engine when nothing is set", () => {
    expect(engineMode(environment({}))).toBe("embedded");
    expect(engineMode(environment({ INNGEST_DEV: "0", INNGEST_BASE_URL: "" }))).toBe("embedded");
  });

  it("is a server with its keys, or the development server", () => {
    expect(engineMode(environment({ ...keys, INNGEST_BASE_URL: "http://inngest:8288" }))).toBe("server");
    expect(engineMode(environment(keys))).toBe("server");
    expect(engineMode(environment({ INNGEST_DEV: "1" }))).toBe("server");
    expect(engineMode(environment({ INNGEST_DEV: "http://localhost:8288" }))).toBe("server");
  });

  it("refuses a server without its keys", () => {
    expect(() => engineMode(environment({ INNGEST_BASE_URL: "http://inngest:8288" }))).toThrow(
      /INNGEST_SIGNING_KEY/,
    );
    expect(() => engineMode(environment({ INNGEST_EVENT_KEY: "key" }))).toThrow(/INNGEST_SIGNING_KEY/);
  });
});
