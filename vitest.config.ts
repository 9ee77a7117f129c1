import path from "node:path";
import { defineConfig } from "vitest/config";

const INTEGRATION = "**/*.integration.test.{ts,tsx}";
const NOT_OURS = ["node_modules/**", ".next/**", "dist/**", ".ferry*/**", "e2e/**"];
const shared = {
  retry: 0,
  setupFiles: ["scripts/vitest-setup.ts"],
  // A test that needs a database says which one; everything else that a process must know is here.
  env: { APP_SECRET: "for-tests-only-for-tests-only-for-tests-only", LOG_LEVEL: "silent" },
};

/** A cut connection may have ended, or been reset while something was on its way. */
const CUT = new Set(["CONNECTION_CLOSED", "ECONNRESET", "EPIPE"]);

/**
 * postgres.js asks for the array types on each new connection and lets nobody have the promise: a connection that is
 * cut in that very moment, as some tests do on purpose, leaves a rejection that no code could handle.
 */
function isTypeQueryOfCutConnection(error: unknown): boolean {
  const { code, query } = error as { code?: string; query?: string };
  return CUT.has(code ?? "") && (query ?? "").includes("pg_catalog.pg_type");
}

export default defineConfig({
  resolve: { alias: { "@": path.resolve(".") } },
  test: {
    onUnhandledError: (error) => (isTypeQueryOfCutConnection(error) ? false : undefined),
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...NOT_OURS, INTEGRATION],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "integration",
          include: [INTEGRATION],
          exclude: NOT_OURS,
          // Real servers and real processes: slow is not wrong, stuck is.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
