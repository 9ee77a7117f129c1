/** Where functions run: in the engine of our own, or on an Inngest server that calls `/api/inngest`. */
export type EngineMode = "embedded" | "server";

/**
 * Read from the environment directly, not through `env()`: this is decided while modules load, also in a build, where
 * the other settings are not there.
 * @throws Error if a server is named but its keys are missing
 */
export function engineMode(environment: NodeJS.ProcessEnv = process.env): EngineMode {
  const { INNGEST_BASE_URL, INNGEST_EVENT_KEY, INNGEST_SIGNING_KEY, INNGEST_DEV } = environment;
  if (INNGEST_DEV && INNGEST_DEV !== "0" && INNGEST_DEV !== "false") return "server";
  if (INNGEST_EVENT_KEY && INNGEST_SIGNING_KEY) return "server";
  if (INNGEST_BASE_URL ?? INNGEST_EVENT_KEY ?? INNGEST_SIGNING_KEY) {
    throw new Error("INNGEST_BASE_URL needs both INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY");
  }
  return "embedded";
}
