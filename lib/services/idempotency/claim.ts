import {
  claimKey,
  findKey,
  pruneKeys,
  releaseKey,
  storeAnswer,
  type IdempotencyClaim,
} from "@/db/queries/idempotency";
import { ConflictError, ValidationError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";

const KEPT_HOURS = 24;
/** A claim that old without an answer was left by a process that died: no request may wait longer than a minute. */
const STALE_SECONDS = 120;

/** An answer as it went out; `body` is its text. */
export interface StoredAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * The right to carry out a request with that key, or the answer that the first such request got.
 * @throws ValidationError `idempotency-mismatch` when the key was used for another request
 * @throws ConflictError `idempotency-in-progress` while the first request is still at work
 */
export async function claimRequest(
  ctx: SystemContext,
  claim: IdempotencyClaim,
): Promise<{ outcome: "claimed" } | { outcome: "replay"; answer: StoredAnswer }> {
  const { orm } = ctx.db;
  const now = ctx.now().getTime();
  if (await claimKey(orm, claim, new Date(now - STALE_SECONDS * 1000))) {
    await pruneKeys(orm, new Date(now - KEPT_HOURS * 3600 * 1000));
    return { outcome: "claimed" };
  }
  const known = await findKey(orm, claim);
  if (known && known.requestHash !== claim.requestHash) {
    throw new ValidationError(
      "This Idempotency-Key was already used for a different request.",
      undefined,
      "idempotency-mismatch",
    );
  }
  if (typeof known?.status !== "number") {
    throw new ConflictError(
      "idempotency-in-progress",
      "The first request with this Idempotency-Key is still at work.",
    );
  }
  const answer = { status: known.status, headers: known.headers ?? {}, body: known.body?.text ?? "" };
  return { outcome: "replay", answer };
}

export async function keepAnswer(
  ctx: SystemContext,
  claim: IdempotencyClaim,
  answer: StoredAnswer,
): Promise<void> {
  // As an object: a bare JSON string comes back from drizzle parsed once too often.
  await storeAnswer(ctx.db.orm, claim, { ...answer, body: { text: answer.body } });
}

/** Gives the key back: the request may be sent again with it. */
export async function releaseClaim(ctx: SystemContext, claim: IdempotencyClaim): Promise<void> {
  await releaseKey(ctx.db.orm, claim);
}
