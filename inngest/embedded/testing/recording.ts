import type { Inngest } from "inngest";
import type { EnginePort } from "../transport";
import { createHandler } from "../handler";
import { createTransport, EMBEDDED_BASE_URL } from "../transport";
import { callBody, finishedStep, readReply, requestVersion, type CallResponse, type Op } from "../protocol";
import type { Memo, RunState } from "@/db/engine/types";

/** One exchange between engine and SDK, without what differs from run to run. */
export interface Exchange {
  call: { stepId: string; version: number; attempt: number; planOnly: boolean; memos: string[] };
  checkpoints: unknown[];
  answer: { status: number; headers: Record<string, string>; body: unknown };
}

const KEPT_HEADERS = ["x-inngest-req-version", "x-inngest-no-retry", "retry-after", "content-type"];

/**
 * Play a run by hand, without database: call the SDK's handler, keep what it says, give each planned operation the
 * memo that `memos` has for its name, and go on until the function has ended.
 */
export async function recordConversation(
  make: (fetch: typeof globalThis.fetch) => {
    client: Inngest;
    functions: Parameters<typeof createHandler>[1];
  },
  functionId: string,
  memos: Record<string, Memo>,
): Promise<{ registered: unknown[]; exchanges: Exchange[] }> {
  let registered: unknown[] = [];
  let checkpoints: Op[] = [];
  const run: RunState = {
    id: "run",
    functionId,
    status: "running",
    requestVersion: -1,
    seq: 0,
    event: { id: "event", name: "recorded", data: { n: 1 }, ts: 0 },
    steps: [],
    pending: false,
  };
  const port: EnginePort = {
    sendEvents: () => Promise.resolve(["event"]),
    register: (functions) => (registered = functions),
  };
  const transport = createTransport(port);
  const fetchAndNote: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!url.pathname.startsWith("/v1/checkpoint/")) return transport.fetch(input, init);
    const body = JSON.parse(init?.body as string) as { steps: Op[] };
    checkpoints.push(...body.steps);
    run.steps.push(...body.steps.map((op) => finishedStep(op)));
    return Response.json({});
  };
  const { client, functions } = make(fetchAndNote);
  const handler = createHandler(client, functions);
  await handler.register();

  const exchanges: Exchange[] = [];
  const queue: { stepId: string; attempt: number }[] = [{ stepId: "step", attempt: 0 }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    checkpoints = [];
    const body = callBody(run, { token: "token", attempt: next.attempt }, 2);
    const memoNames = run.steps.map((step) => step.id);
    const response = await handler.call(functionId, next.stepId, body);
    exchanges.push({
      call: {
        stepId: next.stepId,
        version: run.requestVersion,
        attempt: next.attempt,
        planOnly: run.pending,
        memos: memoNames,
      },
      // The SDK dumps its whole inner state of a step there; this is what the engine reads.
      checkpoints: checkpoints.map(({ id, op, displayName, data }) => ({ id, op, displayName, data })),
      answer: {
        status: response.status,
        headers: kept(response),
        body: normalized(JSON.parse(response.body)),
      },
    });
    run.requestVersion = requestVersion(response, run.requestVersion);
    const reply = readReply(response, new Date(0));
    if (reply.kind === "completed") break;
    if (reply.kind === "stepError" || reply.kind === "rejected") {
      if (!reply.retriable) break;
      queue.push({ stepId: next.stepId, attempt: next.attempt + 1 });
      continue;
    }
    run.steps.push(...reply.finished);
    const steps = reply.planned.filter((op) => op.op === "StepPlanned");
    for (const op of reply.planned) {
      if (op.op !== "StepPlanned")
        run.steps.push({ id: op.id, memo: memos[op.displayName ?? ""] ?? { type: "data", data: null } });
    }
    queue.push(...steps.map((op) => ({ stepId: op.id, attempt: 0 })));
    run.pending = queue.length > 0;
    if (queue.length === 0) queue.push({ stepId: "step", attempt: 0 });
  }
  return { registered: registered.map(normalized), exchanges };
}

function kept(response: CallResponse): Record<string, string> {
  const entries = Object.entries(response.headers).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  return Object.fromEntries(entries.filter(([name]) => KEPT_HEADERS.includes(name)).sort());
}

/** Times, stacks and hosts are replaced: they are not the protocol. */
function normalized(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    if (key === "stack" && typeof inner === "string") return "(stack)";
    if (key === "timing") return "(timing)";
    if (typeof inner === "string" && inner.startsWith(EMBEDDED_BASE_URL))
      return inner.replace(EMBEDDED_BASE_URL, "");
    return inner;
  }) as unknown;
}
