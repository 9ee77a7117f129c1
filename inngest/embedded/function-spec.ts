import { z } from "zod";
import { parseCron, type CronSchedule } from "./cron";
import { checkExpression } from "./expression";

/** A function as the engine knows it: checked when it is registered, so that a mistake shows at start. */
export interface FunctionSpec {
  /** With the app's id in front. */
  id: string;
  attemptsMax: number;
  events: { name: string; expression: string | null }[];
  crons: { expression: string; schedule: CronSchedule }[];
  concurrency: { limit: number; key: string | null }[];
  /** Gives seconds. */
  priority: string | null;
  idempotency: string | null;
  cancelOn: { eventName: string; expression: string | null; timeout: string | null }[];
}

/** A function cannot be run by the embedded engine; the message names the function and the option. */
export class UnsupportedFunctionError extends Error {
  constructor(functionId: string, problem: string) {
    super(`The embedded engine cannot run the function "${functionId}": ${problem}`);
    this.name = "UnsupportedFunctionError";
  }
}

const Concurrency = z.object({
  limit: z.number().int(),
  key: z.string().optional(),
  scope: z.enum(["fn", "env", "account"]).optional(),
});

const Registered = z.looseObject({
  id: z.string(),
  triggers: z.array(
    z.union([
      z.object({ event: z.string(), expression: z.string().optional() }),
      z.object({ cron: z.string(), jitter: z.string().optional() }),
    ]),
  ),
  steps: z.object({
    step: z.object({ retries: z.object({ attempts: z.number().int().optional() }).optional() }),
  }),
  concurrency: z.union([z.number().int(), Concurrency, z.array(Concurrency)]).optional(),
  priority: z.object({ run: z.string().optional() }).optional(),
  idempotency: z.string().optional(),
  cancel: z
    .array(z.object({ event: z.string(), if: z.string().optional(), timeout: z.string().optional() }))
    .optional(),
});

const UNSUPPORTED = ["batchEvents", "debounce", "throttle", "rateLimit", "singleton", "timeouts"];
const DEFAULT_RETRIES = 3;

/** Check what the SDK registers about one function. @throws UnsupportedFunctionError */
export function functionSpec(registered: unknown): FunctionSpec {
  const config = Registered.parse(registered);
  for (const option of UNSUPPORTED) {
    if (config[option] !== undefined)
      throw new UnsupportedFunctionError(config.id, `the option "${option}" is not supported`);
  }
  const spec: FunctionSpec = {
    id: config.id,
    attemptsMax: (config.steps.step.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    events: [],
    crons: [],
    concurrency: concurrencyOf(config.id, config.concurrency),
    priority: config.priority?.run ?? null,
    idempotency: config.idempotency ?? null,
    cancelOn: (config.cancel ?? []).map((cancel) => ({
      eventName: cancel.event,
      expression: cancel.if ?? null,
      timeout: cancel.timeout ?? null,
    })),
  };
  for (const trigger of config.triggers) {
    if ("cron" in trigger) {
      if (trigger.jitter)
        throw new UnsupportedFunctionError(spec.id, 'the option "jitter" of a cron trigger is not supported');
      spec.crons.push({
        expression: trigger.cron,
        schedule: guarded(spec.id, () => parseCron(trigger.cron)),
      });
    } else {
      if (trigger.event.includes("*"))
        throw new UnsupportedFunctionError(
          spec.id,
          `the trigger "${trigger.event}" has a wildcard, which is not supported`,
        );
      if (trigger.event.startsWith("inngest/deferred"))
        throw new UnsupportedFunctionError(spec.id, "deferred functions are not supported");
      spec.events.push({ name: trigger.event, expression: trigger.expression ?? null });
    }
  }
  checkExpressions(spec);
  return spec;
}

function concurrencyOf(
  functionId: string,
  option: z.infer<typeof Registered>["concurrency"],
): FunctionSpec["concurrency"] {
  if (option === undefined) return [];
  const list = typeof option === "number" ? [{ limit: option }] : Array.isArray(option) ? option : [option];
  return list
    .map((one: z.infer<typeof Concurrency>) => {
      if (one.scope && one.scope !== "fn")
        throw new UnsupportedFunctionError(
          functionId,
          `the concurrency scope "${one.scope}" is not supported, only "fn"`,
        );
      return { limit: one.limit, key: one.key ?? null };
    })
    .filter((one) => one.limit > 0);
}

function checkExpressions(spec: FunctionSpec): void {
  const expressions = [
    spec.priority,
    spec.idempotency,
    ...spec.events.map((trigger) => trigger.expression),
    ...spec.concurrency.map((one) => one.key),
    ...spec.cancelOn.map((cancel) => cancel.expression),
  ];
  for (const expression of expressions) {
    if (expression !== null) guarded(spec.id, () => checkExpression(expression));
  }
}

function guarded<T>(functionId: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new UnsupportedFunctionError(functionId, (error as Error).message);
  }
}
