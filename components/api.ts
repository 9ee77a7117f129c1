/** One place of a request that is wrong; `row` is a 1-based data row. */
interface ProblemDetail {
  path: string;
  row?: number;
  message: string;
}

/** A problem+json answer (RFC 9457). `message` is its `detail`: words for the person, safe to show. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: ProblemDetail[] = [],
    readonly retryAfterSeconds?: number,
    /** The whole body, for answers that carry more than the problem (a conflict report). */
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ProblemError";
  }
}

export interface ApiOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * The one way to the HTTP API. Answers the parsed JSON (undefined for 204) and throws ProblemError for everything that
 * is not a success, also when the server cannot be reached (status 0).
 */
export async function api<T>(path: string, options: ApiOptions = {}): Promise<T> {
  return (await apiWithHeaders<T>(path, options)).body;
}

/** As `api`, for answers whose headers matter (ETag, Location). */
async function apiWithHeaders<T>(path: string, options: ApiOptions): Promise<{ body: T; headers: Headers }> {
  const method = options.method ?? (options.body === undefined ? "GET" : "POST");
  const response = await send(path, method, options);
  if (!response.ok) throw await problemFrom(response);
  const body = response.status === 204 ? undefined : ((await response.json()) as unknown);
  return { body: body as T, headers: response.headers };
}

async function send(path: string, method: string, options: ApiOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  // A double click or a repeated request must not start the same thing twice.
  if (method === "POST") headers["idempotency-key"] ??= newIdempotencyKey();
  try {
    return await fetch(path, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ProblemError(0, "unreachable", "Ferry cannot be reached. Check the connection and try again.");
  }
}

async function problemFrom(response: Response): Promise<ProblemError> {
  const body = await readProblem(response);
  const detail = typeof body.detail === "string" ? body.detail : fallbackDetail(response.status);
  const code = typeof body.code === "string" ? body.code : `http-${response.status}`;
  const errors = Array.isArray(body.errors) ? (body.errors as ProblemDetail[]) : [];
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ProblemError(
    response.status,
    code,
    detail,
    errors,
    Number.isFinite(retryAfter) ? retryAfter : undefined,
    body,
  );
}

async function readProblem(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function fallbackDetail(status: number): string {
  if (status === 404) return "This does not exist (any more).";
  if (status === 429) return "Too many requests. Wait a moment and try again.";
  if (status >= 500) return "Something went wrong on the server. Try again in a moment.";
  return `The server answered with an error (${status}).`;
}

/** Random, and made without crypto.randomUUID, which plain-http addresses on a local network do not have. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Builds a query string; undefined and "" are left out. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/** What to tell the person about any thrown thing; never a stack or an internal message. */
export function messageOf(error: unknown): string {
  if (error instanceof ProblemError) {
    if (error.status === 429 && error.retryAfterSeconds !== undefined) {
      return `${error.message} Try again in ${secondsInWords(error.retryAfterSeconds)}.`;
    }
    return error.message;
  }
  return "Something unexpected happened in this page. Reload it and try again.";
}

function secondsInWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
