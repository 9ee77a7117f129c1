import { newId } from "@/lib/platform/ids";
import type { StoredField } from "@/db/schema";
import { addCollectionFields, insertCollection } from "@/db/queries/import-target";
import { claimWriter } from "@/db/bulk/writer";
import { advanceJob } from "@/db/queries/jobs";
import type { PlanCounts } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { findKey } from "./found-key";
import { loadRunning, throwIfCancelled } from "./running";

/**
 * Makes the import the one writer of its collection, and creates the collection or the fields it brings along. `stale`:
 * the plan has to be made again (unless `strictly` is false: then records edited since are left alone one by one).
 * `busy`: another import is writing; try again shortly.
 */
export async function claimCollection(
  ctx: SystemContext,
  importId: string,
  strictly: boolean,
): Promise<{ outcome: "claimed" | "busy" | "stale" }> {
  const running = await loadRunning(ctx, importId);
  const { row, target, collection } = running;
  await throwIfCancelled(ctx, row.jobId);
  const found = collection ? undefined : await findKey(ctx, running);
  const newFields = target.fields.filter((f) => target.createdFields.includes(f.name)) as StoredField[];
  return await ctx.db.sql.begin(async (tx) => {
    if (!collection) {
      const collectionId = newId();
      await insertCollection(tx, {
        id: collectionId,
        ownerId: row.ownerId,
        name: row.newCollection?.name ?? row.fileName,
        template: row.newCollection?.template ?? target.template ?? null,
        fields: target.fields,
        keyFields: found ? [found] : running.criteriaAreOwnKey ? target.keyFields : running.criteria,
        writerId: importId,
      });
      await tx`update imports set collection_id = ${collectionId}, state = 'applying', given_fields = ${running.rules.mappedFields},
                 created = ${tx.json({ collection: true, fields: target.createdFields, ...(found && { keyField: found }) })}
               where id = ${importId}`;
    } else {
      const outcome = await claimWriter(tx, collection.id, importId, strictly ? row.planRevision : null);
      if (outcome === "gone") {
        throw new PermanentImportError({ code: "collection-gone", message: "The collection was deleted." });
      }
      if (outcome !== "claimed") return { outcome };
      const missing = newFields.filter((f) => !row.created?.fields.includes(f.name));
      if (missing.length > 0) {
        await addCollectionFields(tx, collection.id, missing);
        await tx`update imports set created = ${tx.json({ collection: false, fields: missing.map((f) => f.name) })}
                 where id = ${importId}`;
      }
      await tx`update imports set state = 'applying', given_fields = ${running.rules.mappedFields}
               where id = ${importId}`;
    }
    await advanceJob(tx, row.jobId, {
      event: "progress",
      state: "processing",
      phase: {
        name: "applying",
        total: (row.staged as { rows: number }).rows + (row.plan as PlanCounts).toDelete,
      },
      processed: 0,
      failed: 0,
      range: [50, 100],
    });
    return { outcome: "claimed" };
  });
}
