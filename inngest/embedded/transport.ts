import { z } from "zod";
import type { OutgoingEvent } from "@/db/engine/events";
import { finishedStep, type Op } from "./protocol";
import type { FinishedStep } from "@/db/engine/types";

/** What the client of the embedded engine is told to talk to; no request ever leaves the process. */
export const EMBEDDED_BASE_URL = "http://engine.invalid";

/** What answers the client: sending works in every process, the rest only where the engine runs. */
export interface EnginePort {
  sendEvents(events: OutgoingEvent[], seed?: string): Promise<string[]>;
  /** `false`: the lease is void, the call must stop. */
  checkpoint?(input: { runId: string; token: string; steps: FinishedStep[] }): Promise<boolean>;
  register?(functions: unknown[]): void;
}

/** The `fetch` of the Inngest client: carries its sends, checkpoints and registrations to the engine in this process. */
export interface Transport {
  fetch: typeof fetch;
  /** Let an engine answer; returns the function that ends it. */
  attach(engine: EnginePort): () => void;
}

const Events = z.preprocess(
  (body): unknown[] => (Array.isArray(body) ? (body as unknown[]) : [body]),
  z.array(
    z.looseObject({ name: z.string().min(1), id: z.string().min(1).optional(), ts: z.number().optional() }),
  ),
);
const Checkpoint = z.object({
  run_id: z.string(),
  qi_id: z.string(),
  steps: z.array(z.looseObject({ id: z.string(), op: z.string() })),
});

/** @param intake answers while no engine is attached: it can only send */
export function createTransport(intake: EnginePort): Transport {
  let port = intake;
  return {
    attach: (engine) => {
      port = engine;
      return () => {
        port = intake;
      };
    },
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const body = JSON.parse((await new Response(init?.body).text()) || "null") as unknown;
      return answer(port, url.pathname, body, new Headers(init?.headers));
    },
  };
}

async function answer(port: EnginePort, path: string, body: unknown, headers: Headers): Promise<Response> {
  if (path.startsWith("/e/")) {
    const events = Events.safeParse(body);
    if (!events.success)
      return reply(400, { status: 400, error: `Unusable event: ${z.prettifyError(events.error)}` });
    const ids = await port.sendEvents(events.data, headers.get("x-inngest-event-id-seed") ?? undefined);
    return reply(200, { ids, status: 200 });
  }
  if (/^\/v1\/checkpoint\/[^/]+\/async$/.test(path) && port.checkpoint) {
    const { run_id: runId, qi_id: token, steps } = Checkpoint.parse(body);
    const other = steps.find((step) => step.op !== "StepRun");
    if (other) return unsupported(`the operation ${other.op}`);
    const saved = await port.checkpoint({
      runId,
      token,
      steps: steps.map((step) => finishedStep(step as Op)),
    });
    return saved ? reply(200, {}) : reply(409, { error: "stale_dispatch" });
  }
  if (path === "/fn/register" && port.register) {
    port.register(z.object({ functions: z.array(z.unknown()) }).parse(body).functions);
    return reply(200, { ok: true, status: 200, modified: true });
  }
  return unsupported(path);
}

function unsupported(what: string): Response {
  return reply(501, { status: 501, error: `The embedded engine does not support ${what}` });
}

function reply(status: number, body: unknown): Response {
  return Response.json(body, { status });
}
