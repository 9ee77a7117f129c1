import type { Sql } from "@/db/client";
import type { Logger } from "@/lib/platform/logger";
import type { FunctionSpec } from "./function-spec";
import type { CallBody, CallResponse } from "./protocol";
import type { Watchdogs } from "./watchdog";

/** What the execution of jobs needs of the engine. */
export interface Execution {
  sql: Sql;
  specs: ReadonlyMap<string, FunctionSpec>;
  log: Logger;
  /** Calls a function through the SDK's handler; `stepId` is "step" or the id of a planned step. */
  call: (functionId: string, stepId: string, body: CallBody) => Promise<CallResponse>;
  /** Repeats work on the database while the server is away or its disk is full. */
  persist: <T>(work: () => Promise<T>) => Promise<T>;
  watchdogs: Watchdogs;
  /** Milliseconds until an attempt (from 0) that failed is repeated. */
  backoffMs: (attempt: number) => number;
}
