import pino from "pino";

/** Structured log to standard output. Secrets and row contents never belong in it; known carriers are redacted. */
export const logger = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: { process: process.env.FERRY_PROCESS ?? "web" },
  redact: {
    paths: [
      "password",
      "*.password",
      "passphrase",
      "*.passphrase",
      "identity",
      "*.identity",
      "token",
      "*.token",
      "accessToken",
      "refreshToken",
      "authorization",
      "*.authorization",
      "cookie",
      "*.cookie",
      "headers",
      "*.headers",
      "url.searchParams",
    ],
    censor: "[redacted]",
  },
});

export type Logger = Pick<typeof logger, "debug" | "info" | "warn" | "error">;
