import type { AnySql } from "@/db/client";
import type { StoredField } from "@/db/schema";

export async function insertCollection(
  sql: AnySql,
  c: {
    id: string;
    ownerId: string;
    name: string;
    template: string | null;
    fields: StoredField[];
    keyFields: string[];
    writerId: string;
  },
): Promise<void> {
  await sql`insert into collections (id, owner_id, name, template, fields, key_fields, writer_id)
    values (${c.id}, ${c.ownerId}, ${c.name}, ${c.template}, ${sql.json(c.fields as never)}, ${c.keyFields},
      ${c.writerId})`;
}

export async function addCollectionFields(sql: AnySql, id: string, fields: StoredField[]): Promise<void> {
  await sql`update collections set fields = fields || ${sql.json(fields as never)}::jsonb, updated_at = now()
            where id = ${id}`;
}

/** Takes away fields that an import had added, unless a record uses them by now. */
export async function removeUnusedFields(sql: AnySql, id: string, names: string[]): Promise<void> {
  if (names.length === 0) return;
  await sql`
    update collections c set updated_at = now(), fields = coalesce((
      select jsonb_agg(f order by n) from jsonb_array_elements(c.fields) with ordinality e(f, n)
      where not (f ->> 'name' = any(${names})
        and not exists (select from records r where r.collection_id = c.id and r.data ? (f ->> 'name')))), '[]')
    where c.id = ${id}`;
}

/** Removes a collection that holds nothing (any more). */
export async function removeEmptyCollection(sql: AnySql, id: string): Promise<boolean> {
  const result = await sql`delete from collections c where c.id = ${id}
    and not exists (select from records r where r.collection_id = c.id)`;
  return result.count > 0;
}
