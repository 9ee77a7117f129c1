import { ZodError } from "zod";
import { AppError, type ErrorDetail } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/logger";

const TITLES: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  410: "Gone",
  411: "Length required",
  412: "Precondition failed",
  413: "Too large",
  415: "Unsupported media type",
  416: "Range not satisfiable",
  422: "Not valid",
  428: "Precondition required",
  429: "Too many requests",
  500: "Internal error",
  503: "Not available",
  507: "Not enough room",
};

/** The one place where errors become HTTP (RFC 9457). An unknown error is logged and never shows its message. */
export function problemResponse(error: unknown, request?: Request): Response {
  if (error instanceof AppError) {
    return problem(error.status, error.code, error.message, error.details, error.headers);
  }
  if (error instanceof ZodError) {
    const details = error.issues.map((i) => ({ path: i.path.join("."), message: i.message }));
    return problem(422, "validation-failed", "The request does not validate.", details);
  }
  if (isDatabaseAway(error)) {
    logger.warn({ err: error }, "database not available");
    return problem(
      503,
      "database-unavailable",
      "The database does not answer at the moment. Try again shortly.",
      undefined,
      {
        "retry-after": "2",
      },
    );
  }
  const reference = newId();
  const path = request ? new URL(request.url).pathname : undefined;
  logger.error({ err: error, reference, method: request?.method, path }, "request failed");
  return problem(500, "internal", `Something went wrong on our side. Reference: ${reference}`);
}

export function problem(
  status: number,
  code: string,
  detail: string,
  errors?: ErrorDetail[],
  headers: Record<string, string> = {},
  extra: Record<string, unknown> = {},
): Response {
  const body = {
    type: `/problems/${code}`,
    title: TITLES[status] ?? "Error",
    status,
    detail,
    code,
    errors,
    ...extra,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}

const AWAY = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "57P01",
  "57P02",
  "57P03",
]);

function isDatabaseAway(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ("code" in e && typeof e.code === "string" && AWAY.has(e.code)) return true;
  }
  return false;
}
