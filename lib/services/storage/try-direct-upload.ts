import { randomBytes } from "node:crypto";
import { AppError } from "@/lib/platform/errors";
import type { IncomingArea } from "@/lib/storage/store";

const PROBE_BYTES = 1_024;
const VALID_MS = 60_000;
const ANSWER_MS_MAX = 10_000;

/**
 * Sends a few bytes to a signed address as a browser on one of Ferry's pages would: asks for permission first, and
 * looks whether the page could read the answer.
 */
export async function tryDirectUpload(area: IncomingArea, key: string, origin: string): Promise<undefined> {
  const url = await area.putUrl(key, PROBE_BYTES, new Date(Date.now() + VALID_MS));
  try {
    const permission = await ask(url, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "PUT" },
    });
    if (!permission.ok || !allows(permission, origin)) throw notAllowed(origin);
    const answer = await ask(url, {
      method: "PUT",
      headers: { origin },
      body: new Uint8Array(randomBytes(PROBE_BYTES)),
    });
    if (!answer.ok) {
      throw new AppError(
        503,
        "storage-direct-refused",
        `The object store refused a file sent straight to it (${answer.status}).`,
      );
    }
    if (!allows(answer, origin)) throw notAllowed(origin);
    const exposed = (answer.headers.get("access-control-expose-headers") ?? "").toLowerCase();
    if (!/(^|[\s,])(etag|\*)([\s,]|$)/.test(exposed)) {
      throw new AppError(
        503,
        "storage-etag-hidden",
        "The CORS rule of the bucket does not expose the ETag header, which pages need. Add it to the rule.",
      );
    }
    return undefined;
  } finally {
    await area.delete(key).catch(() => undefined);
  }
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  } catch (cause) {
    const problem = new AppError(
      503,
      "storage-direct-unreachable",
      "The address to which browsers would send files cannot be reached from here. Check publicEndpoint in STORAGE_URL, or set directUploads=false.",
    );
    problem.cause = cause;
    throw problem;
  }
}

function allows(answer: Response, origin: string): boolean {
  const allowed = answer.headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}

function notAllowed(origin: string): AppError {
  return new AppError(
    503,
    "storage-cors",
    `The bucket does not let pages of ${origin} send files to it. Add a CORS rule that allows PUT from there and exposes ETag, or set directUploads=false in STORAGE_URL.`,
  );
}
