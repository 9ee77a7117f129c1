import type { SqlTransaction } from "@/db/client";
import type { StoredField } from "@/db/schema";

/** A collection that a restore is about to write to. */
export interface Claim {
  importId: string;
  collectionId: string;
  /** The revision it was planned at; null: it must not be there; any: whatever it is, also gone. */
  revision: number | null | "any";
  /** False: it is only looked at. */
  writes: boolean;
}

/**
 * Makes the imports of a restore the one writer of each of their collections, all of them or none: the caller's
 * transaction is to be taken back unless it answers `claimed`. Locked in the order of their ids, so that two restores
 * never wait for each other.
 */
export async function claimAll(
  tx: SqlTransaction,
  ownerId: string,
  claims: readonly Claim[],
): Promise<{ outcome: "claimed" | "stale" } | { outcome: "busy"; collectionId: string }> {
  const ids = claims.map((one) => one.collectionId);
  const there = await tx<{ id: string; revision: number; writerId: string | null }[]>`
    select id, revision, writer_id as "writerId" from collections
    where owner_id = ${ownerId} and id = any(${ids}::uuid[]) order by id for update`;
  const byId = new Map(there.map((one) => [one.id, one]));
  // A second statement: whoever this one waited for has written meanwhile what it is.
  const writers = new Map(
    (
      await tx<{ id: string; collectionId: string }[]>`
        select i.id, c.id as "collectionId" from collections c join imports i on i.id = c.writer_id
        where c.id = any(${ids}::uuid[]) and i.state in ('applying', 'undoing', 'redoing')`
    ).map((one) => [one.collectionId, one.id]),
  );
  for (const { collectionId, importId, revision, writes } of claims) {
    const writer = writers.get(collectionId);
    if (writes && writer !== undefined && writer !== importId) return { outcome: "busy", collectionId };
    const found = byId.get(collectionId);
    if (revision === "any" || found?.writerId === importId) continue;
    if ((found?.revision ?? null) !== revision) return { outcome: "stale" };
  }
  const taken = claims.filter((one) => one.writes && one.revision !== null);
  await tx`
    update collections c set writer_id = t.writer
    from unnest(${taken.map((one) => one.collectionId)}::uuid[], ${taken.map((one) => one.importId)}::uuid[])
      as t(id, writer)
    where c.id = t.id`;
  return { outcome: "claimed" };
}

/** Lets go of every collection that an import of the restore writes to. Answers their ids. */
export async function releaseAll(tx: SqlTransaction, restoreId: string): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    update collections c set writer_id = null from imports i
    where i.restore_id = ${restoreId} and c.writer_id = i.id returning c.id`;
  return rows.map(({ id }) => id);
}

export interface MadeCollection {
  id: string;
  ownerId: string;
  name: string;
  template: string | null;
  fields: StoredField[];
  keyFields: string[];
  matching: unknown;
  createdAt: string;
  writerId: string;
}

/** Makes a collection again as a backup has it. False when its id has been taken meanwhile. */
export async function makeAgain(tx: SqlTransaction, c: MadeCollection): Promise<boolean> {
  const made = await tx`
    insert into collections (id, owner_id, name, template, fields, key_fields, matching, created_at, writer_id)
    values (${c.id}, ${c.ownerId}, ${c.name}, ${c.template}, ${tx.json(c.fields as never)}, ${c.keyFields},
      ${c.matching === null ? null : tx.json(c.matching as never)}, ${c.createdAt}::timestamptz, ${c.writerId})
    on conflict (id) do nothing`;
  return made.count > 0;
}

/**
 * The next backup of this owner holds everything. A collection that comes back under its id may lack records that an
 * earlier backup saw in it, and nothing has noted their deletion: they went with the collection.
 */
export async function endChains(tx: SqlTransaction, ownerId: string): Promise<void> {
  await tx`update backup_tracking set begun_xid = pg_current_xact_id() where owner_id = ${ownerId}`;
}

/** Gives a collection the fields that the records of a backup need. */
export async function setFields(tx: SqlTransaction, id: string, fields: StoredField[]): Promise<void> {
  await tx`update collections set fields = ${tx.json(fields as never)}, updated_at = now(), revision = revision + 1
           where id = ${id}`;
}
