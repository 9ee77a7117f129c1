import { type ComparedCollection, compareCollections } from "@/db/bulk/restore-compare";
import { findEarlierTargets, type RestoreRow } from "@/db/queries/restores";
import type { PlannedCollection, StoredField } from "@/db/schema";
import type { BackedCollection } from "@/lib/core/backups/lines";
import type { BackupOutline } from "@/lib/core/backups/outline";
import { fieldsOf, restoredFields } from "@/lib/core/backups/restored-fields";
import type { Field } from "@/lib/core/fields/types";
import type { MatchRule } from "@/lib/core/matching/types";
import { validateRule } from "@/lib/core/matching/validate";
import { templateById } from "@/lib/core/templates/templates";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "@/lib/services/imports/errors";

/** A collection of the backup with what there is of it today, and as it will be. */
export interface CollectionToRestore {
  planned: Omit<PlannedCollection, "importId">;
  backup: BackedCollection;
  /** The fields of the backup… */
  filled: Field[];
  /** …and all that the collection will have. */
  fields: Field[];
  /** Undefined when the collection is no more. */
  today: ComparedCollection | undefined;
  made: { template: string | null; keyFields: string[]; matching: unknown; createdAt: string } | null;
}

type Outlined = Pick<BackupOutline, "manifest" | "collections">;

/**
 * Compares the collections in the scope with today's. One whose id is somebody else's (a backup of another account) goes
 * to the collection that an earlier restore made of it, else to a new one; reference fields follow.
 * @throws PermanentImportError when the scope names a collection that the backup does not have
 */
export async function planCollections(
  ctx: SystemContext,
  row: RestoreRow,
  { manifest, collections }: Outlined,
): Promise<CollectionToRestore[]> {
  const wanted = inScope(row, collections);
  const stated = new Map(manifest.collections.map((one) => [one.id, one]));
  const expected = wanted.map(({ id }) => stated.get(id)!);
  const found = await compareCollections(ctx.db.sql, row.ownerId, expected);
  const foreign = found.filter((one) => !one.own).map(({ id }) => id);
  const earlier = new Map(
    (await findEarlierTargets(ctx.db.sql, row.ownerId, foreign)).map((one) => [
      one.backupCollectionId,
      one.collectionId,
    ]),
  );
  const moved = [...earlier].map(([from, id]) => ({ ...stated.get(from)!, id }));
  const own = [
    ...found.filter((one) => one.own),
    ...(await compareCollections(ctx.db.sql, row.ownerId, moved)),
  ];
  const today = new Map(own.map((one) => [one.id, one]));
  const targets = new Map(foreign.map((id) => [id, earlier.get(id) ?? newId()]));
  const targetOf = (id: string) => targets.get(id) ?? id;
  return wanted.map((backup) =>
    planCollection(backup, stated.get(backup.id)!.recordCount, targetOf, today.get(targetOf(backup.id))),
  );
}

function inScope(row: RestoreRow, collections: readonly BackedCollection[]): BackedCollection[] {
  const { collections: asked } = row.scope;
  if (asked === "all") return [...collections];
  const byId = new Map(collections.map((one) => [one.id, one]));
  return [...new Set(asked)].map((id) => {
    const found = byId.get(id.toLowerCase());
    if (found) return found;
    throw new PermanentImportError({
      code: "collection-not-in-backup",
      message: "One of the chosen collections is not in this backup: it was made later, or deleted before.",
    });
  });
}

function planCollection(
  backup: BackedCollection,
  records: number,
  targetOf: (id: string) => string,
  today: ComparedCollection | undefined,
): CollectionToRestore {
  const filled = fieldsOf(backup.name, backup.fields).map((field) =>
    field.references ? { ...field, references: targetOf(field.references) } : field,
  );
  const before = (today?.fields ?? []) as Field[];
  const fields = restoredFields(before, filled);
  const names = new Set(before.map((field) => field.name));
  const fieldsAdded = today ? fields.map((field) => field.name).filter((name) => !names.has(name)) : [];
  const isSame = today?.same === true && fieldsAdded.length === 0;
  return {
    planned: {
      backupCollectionId: backup.id,
      collectionId: targetOf(backup.id),
      name: today?.name ?? backup.name,
      status: today === undefined ? "missing" : isSame ? "same" : "changed",
      revision: today?.revision ?? null,
      records,
      fieldsAdded,
    },
    backup,
    filled,
    fields,
    today,
    made: today
      ? null
      : {
          template: backup.template !== null && templateById(backup.template) ? backup.template : null,
          keyFields: backup.keyFields.filter((name) => filled.some((field) => field.name === name)),
          matching: soundRule(backup.matching, filled),
          createdAt: backup.createdAt,
        },
  };
}

/** A matching rule, null when it is none for these fields: a file may come from anywhere. */
export function soundRule(matching: unknown, fields: readonly Field[]): unknown {
  if (matching === null) return null;
  try {
    return validateRule(matching as MatchRule, fields).length === 0 ? matching : null;
  } catch {
    return null;
  }
}

export function storedFields(fields: readonly Field[]): StoredField[] {
  return fields as StoredField[];
}
