import type { Announcement } from "@/db/engine/runs";
import type { EngineEvent, ErrorMemo } from "@/db/engine/types";
import type { OutgoingEvent } from "@/db/engine/events";
import { holds } from "./expression";
import type { FunctionSpec } from "./function-spec";

/** The run whose end is told. */
export interface EndedRun {
  id: string;
  functionId: string;
  event: EngineEvent;
}

export type End =
  | { status: "completed"; output: unknown }
  | { status: "failed"; error: ErrorMemo }
  | { status: "cancelled"; error: ErrorMemo };

/** The engine's own events about the end of a run; each is sent only if some function or some waiting run wants it. */
export function announcementsOf(
  specs: ReadonlyMap<string, FunctionSpec>,
  run: EndedRun,
  end: End,
): Announcement[] {
  const data = {
    function_id: run.functionId,
    run_id: run.id,
    event: run.event,
    events: [run.event],
    ...(end.status === "completed" ? { result: end.output } : { error: end.error }),
  };
  const events: OutgoingEvent[] = [];
  const add = (name: string, status: string) =>
    events.push({ name, data: { ...data, _inngest: { status } } });
  if (end.status === "failed") add("inngest/function.failed", "Failed");
  if (end.status === "cancelled") add("inngest/function.cancelled", "Cancelled");
  else add("inngest/function.finished", end.status === "failed" ? "Failed" : "Completed");
  return events.map((event) => ({ event, needed: isWanted(specs, event) }));
}

function isWanted(specs: ReadonlyMap<string, FunctionSpec>, event: OutgoingEvent): boolean {
  for (const spec of specs.values()) {
    for (const trigger of spec.events) {
      if (trigger.name === event.name && holds(trigger.expression, { event })) return true;
    }
  }
  return false;
}
