import type { SqlTransaction } from "@/db/client";

/**
 * Removes the collection that an import had made, if it holds nothing now, and keeps its row with the import for a redo.
 * False when it holds something.
 */
export async function removeMadeCollection(
  tx: SqlTransaction,
  importId: string,
  collectionId: string,
): Promise<boolean> {
  const result = await tx`
    with gone as (
      delete from collections c where c.id = ${collectionId}
        and not exists (select from records r where r.collection_id = c.id)
      returning c.*
    )
    update imports i set created = i.created || jsonb_build_object('removed', jsonb_build_object('collection', to_jsonb(gone)))
    from gone where i.id = ${importId}`;
  return result.count > 0;
}

/** Removes fields that an import had added and no record uses, and keeps their definitions with the import. */
export async function removeMadeFields(
  tx: SqlTransaction,
  importId: string,
  collectionId: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await tx`
    with unused as (
      select f, n from collections c, jsonb_array_elements(c.fields) with ordinality e(f, n)
      where c.id = ${collectionId} and f ->> 'name' = any(${names as string[]})
        and not exists (select from records r where r.collection_id = c.id and r.data ? (f ->> 'name'))
    ), removed as (
      update collections c set updated_at = now(), revision = revision + 1, fields = coalesce((
        select jsonb_agg(f order by n) from jsonb_array_elements(c.fields) with ordinality e(f, n)
        where not exists (select from unused u where u.n = e.n)), '[]')
      where c.id = ${collectionId} and exists (select from unused)
    )
    update imports set created = created || jsonb_build_object('removed',
      jsonb_build_object('fields', (select jsonb_agg(f order by n) from unused)))
    where id = ${importId} and exists (select from unused)`;
}

/** Makes the collection again that an undo had removed, under its old id, with the import as its one writer. */
export async function remakeCollection(tx: SqlTransaction, importId: string): Promise<boolean> {
  const result = await tx`
    insert into collections (id, owner_id, name, template, fields, key_fields, matching, revision, created_at, writer_id)
    select c.id, i.owner_id, c.name, c.template, c.fields, c.key_fields, c.matching, c.revision + 1, c.created_at, i.id
    from imports i, jsonb_to_record(i.created -> 'removed' -> 'collection') as c(id uuid, name text, template text,
      fields jsonb, key_fields text[], matching jsonb, revision bigint, created_at timestamptz)
    where i.id = ${importId} and i.created -> 'removed' ? 'collection'
    on conflict do nothing`;
  await forgetRemoved(tx, importId);
  return result.count > 0;
}

/** Adds the fields again that an undo had removed, except those whose names are taken by now. */
export async function remakeFields(
  tx: SqlTransaction,
  importId: string,
  collectionId: string,
): Promise<void> {
  await tx`
    update collections c set updated_at = now(), revision = revision + 1, fields = c.fields || coalesce((
      select jsonb_agg(f order by n) from imports i, jsonb_array_elements(i.created -> 'removed' -> 'fields')
        with ordinality e(f, n)
      where i.id = ${importId}
        and not exists (select from jsonb_array_elements(c.fields) own(g) where g ->> 'name' = f ->> 'name')), '[]')
    where c.id = ${collectionId}
      and exists (select from imports i where i.id = ${importId} and i.created -> 'removed' ? 'fields')`;
  await forgetRemoved(tx, importId);
}

async function forgetRemoved(tx: SqlTransaction, importId: string): Promise<void> {
  await tx`update imports set created = created - 'removed' where id = ${importId} and created ? 'removed'`;
}
