import { and, eq, isNull, lt, sql } from "drizzle-orm";
import type { Orm, OrmTransaction } from "@/db/client";
import { refreshTokens, users } from "@/db/schema";

export type UserRow = typeof users.$inferSelect;
export type RefreshTokenRow = typeof refreshTokens.$inferSelect;
type AnyOrm = Orm | OrmTransaction;

/** Adds an account; undefined when the e-mail address (in any case) already has one. */
export async function insertUser(
  orm: AnyOrm,
  user: Pick<typeof users.$inferInsert, "id" | "email" | "name" | "passwordHash" | "isDemo">,
): Promise<UserRow | undefined> {
  const [row] = await orm.insert(users).values(user).onConflictDoNothing().returning();
  return row;
}

export async function findUserByEmail(orm: AnyOrm, email: string): Promise<UserRow | undefined> {
  const [row] = await orm
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, sql`lower(${email})`));
  return row;
}

export async function findUser(orm: AnyOrm, id: string): Promise<UserRow | undefined> {
  const [row] = await orm.select().from(users).where(eq(users.id, id));
  return row;
}

export async function updatePasswordHash(orm: AnyOrm, id: string, passwordHash: string): Promise<void> {
  await orm.update(users).set({ passwordHash }).where(eq(users.id, id));
}

export async function markAsDemo(orm: AnyOrm, id: string): Promise<void> {
  await orm.update(users).set({ isDemo: true }).where(eq(users.id, id));
}

export async function insertRefreshToken(
  orm: AnyOrm,
  token: { tokenHash: string; familyId: string; userId: string; expiresAt: Date },
): Promise<void> {
  await orm.insert(refreshTokens).values(token);
}

/**
 * Marks a token as used, once: of two uses at the same time, PostgreSQL's row lock lets one through, and the other finds
 * `replaced_at` set. Undefined when it is unknown, used, revoked or expired.
 */
export async function replaceRefreshToken(
  orm: AnyOrm,
  tokenHash: string,
  now: Date,
): Promise<RefreshTokenRow | undefined> {
  const [row] = await orm
    .update(refreshTokens)
    .set({ replacedAt: now })
    .where(
      and(
        eq(refreshTokens.tokenHash, tokenHash),
        isNull(refreshTokens.replacedAt),
        isNull(refreshTokens.revokedAt),
        sql`${refreshTokens.expiresAt} > ${now.toISOString()}`,
      ),
    )
    .returning();
  return row;
}

export async function findRefreshToken(orm: AnyOrm, tokenHash: string): Promise<RefreshTokenRow | undefined> {
  const [row] = await orm.select().from(refreshTokens).where(eq(refreshTokens.tokenHash, tokenHash));
  return row;
}

export async function revokeFamily(orm: AnyOrm, familyId: string, now: Date): Promise<void> {
  await orm
    .update(refreshTokens)
    .set({ revokedAt: now })
    .where(and(eq(refreshTokens.familyId, familyId), isNull(refreshTokens.revokedAt)));
}

/** Removes a user's tokens that ended before `before`. */
export async function pruneRefreshTokens(orm: AnyOrm, userId: string, before: Date): Promise<void> {
  await orm
    .delete(refreshTokens)
    .where(and(eq(refreshTokens.userId, userId), lt(refreshTokens.expiresAt, before)));
}
