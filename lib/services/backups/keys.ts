import { randomBytes } from "node:crypto";
import {
  findPresentKey,
  insertBackupKey,
  listBackupKeys,
  retirePresentKey,
  type BackupKeyRow,
} from "@/db/queries/backup-keys";
import type { AnySql } from "@/db/client";
import { newX25519Identity, recipientOf } from "@/lib/platform/age/x25519";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import { seal, unseal } from "@/lib/services/backups/sealing";

/** A key that Ferry keeps for a user. The identity is the secret half. */
export interface KeptKey {
  id: string;
  recipient: string;
  identity: string;
  createdAt: Date;
  /** Since then new backups are encrypted to another one. */
  retiredAt: Date | null;
}

/** The key that a user's backups are encrypted to now; made when there is none. */
export async function presentKey(
  ctx: SystemContext,
  ownerId: string,
): Promise<{ id: string; recipient: string }> {
  const { sql } = ctx.db;
  let key = await findPresentKey(sql, ownerId);
  if (!key) {
    await makeKey(sql, ownerId);
    // Perhaps somebody else's, made in the same moment.
    key = await findPresentKey(sql, ownerId);
  }
  return { id: key!.id, recipient: key!.recipient };
}

/** From now on backups are encrypted to a new key. The earlier ones are kept, and open what they opened. */
export async function rotateKey(ctx: ServiceContext): Promise<{ id: string; recipient: string }> {
  await ctx.db.sql.begin(async (tx) => {
    await retirePresentKey(tx, ctx.ownerId);
    await makeKey(tx, ctx.ownerId);
  });
  return presentKey(ctx, ctx.ownerId);
}

/** Every key of a user with its secret half, newest first: to open backups, and for the emergency kit. */
export async function keptKeys(ctx: SystemContext, ownerId: string): Promise<KeptKey[]> {
  const rows = await listBackupKeys(ctx.db.sql, ownerId);
  return rows.map((row) => ({
    id: row.id,
    recipient: row.recipient,
    identity: unseal(row.sealed_identity, placeOf(row)).toString("latin1"),
    createdAt: row.created_at,
    retiredAt: row.retired_at,
  }));
}

async function makeKey(sql: AnySql, ownerId: string): Promise<void> {
  const identity = newX25519Identity(randomBytes);
  const row = { id: newId(), owner_id: ownerId };
  const sealedIdentity = seal(Buffer.from(identity, "latin1"), placeOf(row));
  await insertBackupKey(sql, { ...row, recipient: recipientOf(identity), sealed_identity: sealedIdentity });
}

function placeOf({ id, owner_id: ownerId }: Pick<BackupKeyRow, "id" | "owner_id">): string {
  return `backup-key/${ownerId}/${id}`;
}
