import type { EngineEvent, NewRun } from "@/db/engine/types";
import { newId } from "@/lib/platform/ids";
import { momentOf } from "./duration";
import { evaluate } from "./expression";
import type { FunctionSpec } from "./function-spec";

const PRIORITY_SECONDS_MAX = 600;

/** The run that an event makes of a function: its keys, priority and cancellations computed from the event. */
export function planRun(
  spec: FunctionSpec,
  event: EngineEvent,
  origin: Pick<NewRun, "eventRowId" | "parent" | "onceKey"> = {},
  now: Date = new Date(),
): NewRun {
  const scope = { event };
  return {
    id: newId(),
    functionId: spec.id,
    event,
    prioritySeconds: spec.priority === null ? 0 : prioritySeconds(evaluate(spec.priority, scope)),
    concurrency: spec.concurrency.map(({ key, limit }, index) => ({
      // The number of the option is part of the key: two options of one function must not share their leases.
      key: [spec.id, index, key === null ? "" : JSON.stringify(evaluate(key, scope))].join(":"),
      limit,
    })),
    cancelOn: spec.cancelOn.map(({ eventName, expression, timeout }) => ({
      eventName,
      expression,
      expiresAt: timeout === null ? null : momentOf(timeout, now),
    })),
    ...(spec.idempotency !== null && {
      onceKey: `function:${spec.id}:${JSON.stringify(evaluate(spec.idempotency, scope))}`,
    }),
    ...origin,
  };
}

function prioritySeconds(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return 0;
  return Math.max(-PRIORITY_SECONDS_MAX, Math.min(PRIORITY_SECONDS_MAX, value));
}
