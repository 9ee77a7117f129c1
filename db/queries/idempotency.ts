import { and, eq, isNull, lt, sql } from "drizzle-orm";
import type { Orm } from "@/db/client";
import { idempotencyKeys } from "@/db/schema";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

export interface IdempotencyClaim {
  ownerId: string;
  key: string;
  route: string;
  requestHash: string;
}

/** Inserts the claim, or takes over one that never finished and began before `staleBefore`. True when it is ours. */
export async function claimKey(orm: Orm, claim: IdempotencyClaim, staleBefore: Date): Promise<boolean> {
  const claimed = await orm
    .insert(idempotencyKeys)
    .values(claim)
    .onConflictDoUpdate({
      target: [idempotencyKeys.ownerId, idempotencyKeys.route, idempotencyKeys.key],
      set: { requestHash: claim.requestHash, createdAt: sql`now()` },
      setWhere: and(
        isNull(idempotencyKeys.status),
        lt(idempotencyKeys.createdAt, staleBefore),
        eq(idempotencyKeys.requestHash, claim.requestHash),
      ),
    })
    .returning({ key: idempotencyKeys.key });
  return claimed.length > 0;
}

export async function findKey(orm: Orm, claim: IdempotencyClaim): Promise<IdempotencyRow | undefined> {
  const [row] = await orm.select().from(idempotencyKeys).where(same(claim));
  return row;
}

export async function storeAnswer(
  orm: Orm,
  claim: IdempotencyClaim,
  answer: { status: number; headers: Record<string, string>; body: { text: string } },
): Promise<void> {
  await orm.update(idempotencyKeys).set(answer).where(same(claim));
}

export async function releaseKey(orm: Orm, claim: IdempotencyClaim): Promise<void> {
  await orm.delete(idempotencyKeys).where(and(same(claim), isNull(idempotencyKeys.status)));
}

export async function pruneKeys(orm: Orm, before: Date): Promise<void> {
  await orm.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before));
}

function same(claim: IdempotencyClaim) {
  return and(
    eq(idempotencyKeys.ownerId, claim.ownerId),
    eq(idempotencyKeys.route, claim.route),
    eq(idempotencyKeys.key, claim.key),
  );
}
