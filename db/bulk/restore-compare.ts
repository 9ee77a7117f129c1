import type { AnySql } from "@/db/client";
import type { StoredField } from "@/db/schema";

/** A collection as it is today, compared with what a backup says of it. */
export interface ComparedCollection {
  id: string;
  /** False: the id is somebody else's, and nothing else is told. */
  own: boolean;
  name: string;
  fields: StoredField[];
  keyFields: string[];
  revision: number;
  /** It holds exactly the records of the backup, at the same versions. */
  same: boolean;
}

/**
 * Looks up the collections of these ids. Records are only read of collections that hold as many as the backup's: hashed
 * as a backup does it (see backup-snapshot.ts). One statement, so that a revision is that of the records compared.
 */
export async function compareCollections(
  sql: AnySql,
  ownerId: string,
  expected: readonly { id: string; recordCount: number; fingerprint: string }[],
): Promise<ComparedCollection[]> {
  return await sql<ComparedCollection[]>`
    with expected as (
      select e.* from jsonb_to_recordset(${sql.json(expected)})
        as e(id uuid, "recordCount" bigint, fingerprint text)
    ), alike as (
      select c.id from expected e join collections c on c.id = e.id
      where c.owner_id = ${ownerId} and c.record_count = e."recordCount"
    ), held as (
      select r.collection_id, count(*)::int8 as count,
        bit_xor(hashtextextended(r.id::text || r.version || r.data::text, 0))::text as fingerprint
      from alike a join records r on r.collection_id = a.id group by r.collection_id
    )
    select c.id, c.owner_id = ${ownerId} as own, c.name, c.fields, c.key_fields as "keyFields", c.revision,
      a.id is not null and coalesce(h.fingerprint, '0') = e.fingerprint
        and coalesce(h.count, 0) = e."recordCount" as same
    from expected e join collections c on c.id = e.id
      left join alike a on a.id = c.id left join held h on h.collection_id = c.id`;
}

/** The revisions of collections that are there, by id. */
export async function revisionsOf(
  sql: AnySql,
  ownerId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await sql<{ id: string; revision: number }[]>`
    select id, revision from collections where owner_id = ${ownerId} and id = any(${ids as string[]}::uuid[])`;
  return new Map(rows.map(({ id, revision }) => [id, revision]));
}
