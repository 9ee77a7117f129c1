import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const KEY = "0123456789abcdef0123456789abcdef";
const URL_OF_CALL = "http://localhost/api/inngest?fnId=ferry-any&stepId=step";
const body = JSON.stringify({
  ctx: { attempt: 0, run_id: "r", stack: { current: 0, stack: [] } },
  event: { data: {}, name: "any" },
  events: [],
  steps: {},
  version: -1,
});

type Call = Parameters<Awaited<ReturnType<typeof handlers>>["POST"]>[0];
const handlers = async () => (await import("./serve")).serveFunctions();

function call(signature?: string): Call {
  const headers = {
    "content-type": "application/json",
    ...(signature && { "x-inngest-signature": signature }),
  };
  // Next's request differs from the platform's in parts that the handler does not read.
  return new Request(URL_OF_CALL, { method: "POST", headers, body }) as Call;
}

function sign(key: string): string {
  const t = Math.floor(Date.now() / 1_000);
  return `t=${t}&s=${createHmac("sha256", key).update(body).update(String(t)).digest("hex")}`;
}

describe("the public route", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.stubEnv("LOG_LEVEL", "silent");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it("does not exist while the embedded engine runs the functions, signed or not", async () => {
    const { GET, POST, PUT } = await handlers();
    for (const handle of [GET, POST, PUT]) expect((await handle(call(sign(KEY)), {})).status).toBe(404);
  });

  it("refuses unsigned and wrongly signed calls from a server, and takes signed ones", async () => {
    vi.stubEnv("INNGEST_BASE_URL", "http://inngest.invalid");
    vi.stubEnv("INNGEST_EVENT_KEY", "key");
    vi.stubEnv("INNGEST_SIGNING_KEY", `signkey-prod-${KEY}`);
    const { POST } = await handlers();
    expect((await POST(call(), {})).status).toBe(401);
    expect((await POST(call(sign("another key")), {})).status).toBe(401);
    const answer = await POST(call(sign(KEY)), {});
    expect(await answer.text()).toContain('\\"ferry-any\\" was not found');
  });
});
