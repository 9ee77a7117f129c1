import { createHmac } from "node:crypto";
import { derivedKey } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { claimRequest, keepAnswer, releaseClaim } from "@/lib/services/idempotency/claim";
import { problemResponse } from "./problem";

const KEY_CHARS_MAX = 255;
/** "Try again later" is not the outcome of a request. */
const NOT_KEPT = new Set([401, 408, 425, 429]);

/**
 * Carries out a POST at most once for each Idempotency-Key: a repetition within 24 h gets the first one's answer again,
 * marked by `Idempotency-Replayed: true`. Without the header it just runs. Answers of 500 and above are not kept.
 * A multipart body is told apart by its length only: reading it twice would hold a file in memory.
 */
export async function withIdempotency(
  ctx: ServiceContext,
  request: Request,
  body: unknown,
  run: () => Promise<Response>,
): Promise<Response> {
  const key = request.headers.get("idempotency-key");
  if (key === null) return run();
  if (key.length === 0 || key.length > KEY_CHARS_MAX) {
    throw new AppError(
      400,
      "invalid-idempotency-key",
      `An Idempotency-Key has 1 to ${KEY_CHARS_MAX} characters.`,
    );
  }
  const route = `${request.method} ${new URL(request.url).pathname}`;
  const claim = { ownerId: ctx.ownerId, key, route, requestHash: requestHash(request, body) };
  const claimed = await claimRequest(ctx, claim);
  if (claimed.outcome === "replay") {
    const { status, headers, body: text } = claimed.answer;
    return new Response(text || null, { status, headers: { ...headers, "idempotency-replayed": "true" } });
  }
  try {
    const response = await run().catch((error: unknown) => problemResponse(error, request));
    if (response.status >= 500 || NOT_KEPT.has(response.status)) {
      await releaseClaim(ctx, claim);
      return response;
    }
    const text = await response.text();
    const headers = Object.fromEntries(response.headers);
    await keepAnswer(ctx, claim, { status: response.status, headers, body: text });
    return new Response(text || null, { status: response.status, headers });
  } catch (error) {
    await releaseClaim(ctx, claim);
    throw error;
  }
}

function requestHash(request: Request, body: unknown): string {
  // Keyed: bodies hold passphrases, and a plain hash would let a reader of the table try them out.
  const hash = createHmac("sha256", derivedKey("idempotency"))
    .update(new URL(request.url).search)
    .update("\0");
  if (body === undefined) {
    const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim() ?? "";
    hash.update(`${mediaType} ${request.headers.get("content-length") ?? ""}`);
  } else {
    hash.update(JSON.stringify(body));
  }
  return hash.digest("base64url");
}
