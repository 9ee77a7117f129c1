import { isDeepStrictEqual } from "node:util";
import type { OrmTransaction } from "@/db/client";
import { findCollection, touchCollection, type CollectionRow } from "@/db/queries/collections";
import { lockRecord, restoreRecord, updateRecord as updateRow, type RecordRow } from "@/db/queries/records";
import type { RevertedRecord, RevertTarget } from "@/lib/contracts/record-history";
import {
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  ValidationError,
} from "@/lib/platform/errors";
import { storedFields } from "@/lib/services/collections/view";
import type { ServiceContext } from "@/lib/services/context";
import { checkData, withRequired } from "./check-data";
import { noteEdit, noteRestore } from "./note-edit";
import { readHistory, type PastOfRecord } from "./read-history";
import { revertedData } from "./reverted-data";
import { versionOf } from "./thread-changes";
import { requireVersion, type ExpectedVersion } from "./version";
import { recordView } from "./view";

interface Revert {
  to: RevertTarget;
  /** Of a deleted record: the version that its deletion led to, one more than its last. */
  expected: ExpectedVersion;
}

/**
 * Sets a record back to what it was after an earlier change, as a new change; one that has been deleted is put back
 * under its id. A record that is like that already stays as it is.
 * @throws NotFoundError
 * @throws ValidationError `no-such-version` when it never was at that version, or there was no such record at that moment
 * @throws ConflictError `version-unknown`, `record-was-deleted` when there is nothing to go back to
 * @throws PreconditionFailedError when it is not at the expected version any more
 */
export async function revertRecord(
  ctx: ServiceContext,
  { collectionId, recordId }: { collectionId: string; recordId: string },
  { to, expected }: Revert,
): Promise<RevertedRecord> {
  return ctx.db.orm.transaction(async (tx) => {
    const key = { ownerId: ctx.ownerId, collectionId, id: recordId };
    const present = await lockRecord(tx, key);
    const collection = await findCollection(tx, ctx.ownerId, collectionId);
    const past = collection && (await readHistory(tx, key, present));
    if (!past) throw new NotFoundError("record");
    requireVersion(past.version, expected);
    const earlier = await earlierState(past, to);
    const { data, leftOut } = revertedData(storedFields(collection), earlier, present?.data ?? {});
    if (present && isDeepStrictEqual(data, present.data))
      return { ...(await recordView(tx, present)), leftOut };
    const row = present
      ? await setBack(tx, ctx, { present, collection, data })
      : await putBack(tx, ctx, { key, past, collection, data, earlier });
    return { ...(await recordView(tx, row)), leftOut };
  });
}

/** @throws ValidationError, ConflictError */
async function earlierState(past: PastOfRecord, to: RevertTarget): Promise<RecordRow["data"]> {
  const state = await past.stateAfter("version" in to ? placeOf(past, to.version) : placeAt(past, to.at));
  if (state === undefined) {
    throw new ConflictError("version-unknown", "What the record was then is not known any more.");
  }
  if (state === null) {
    throw new ConflictError(
      "record-was-deleted",
      "The record was deleted then: there is nothing to go back to.",
    );
  }
  return state;
}

/** The newest place of a version: where it occurs again after an undo and a redo, the later one counts. */
function placeOf(past: PastOfRecord, version: number): number {
  const place = past.links.findIndex((link) => versionOf(link.change) === version);
  if (place !== -1) return place;
  if (version === 1) return past.length - 1;
  throw invalid("version", `No change to version ${version} is known.`);
}

function placeAt(past: PastOfRecord, at: string): number {
  const moment = Date.parse(at);
  for (let place = 0; place < past.length; place++) {
    if (past.at(place).getTime() <= moment) return place;
  }
  throw invalid("at", "There was no such record yet.");
}

async function setBack(
  tx: OrmTransaction,
  ctx: ServiceContext,
  { present, collection, data }: { present: RecordRow; collection: CollectionRow; data: RecordRow["data"] },
): Promise<RecordRow> {
  await noteEdit(tx, ctx, present, "revert");
  const row = await updateRow(tx, present, data, collection.keyFields);
  await touchCollection(tx, ctx.ownerId, collection.id, 0);
  return row;
}

async function putBack(
  tx: OrmTransaction,
  ctx: ServiceContext,
  input: {
    key: { ownerId: string; collectionId: string; id: string };
    past: PastOfRecord;
    collection: CollectionRow;
    data: RecordRow["data"];
    earlier: RecordRow["data"];
  },
): Promise<RecordRow> {
  const { key, past, collection, data, earlier } = input;
  const fields = storedFields(collection);
  checkData(fields, withRequired(fields, data));
  const version = past.version + 1;
  const last = await past.stateAfter(1);
  const row = await restoreRecord(
    tx,
    key,
    {
      data,
      version,
      createdAt: past.at(past.length - 1),
      // Just undeleted, its values still come from where they came from.
      sourceImportId:
        isDeepStrictEqual(earlier, last) && isDeepStrictEqual(data, earlier)
          ? (past.links[0]?.change.beforeSourceImportId ?? null)
          : null,
    },
    collection.keyFields,
  );
  if (!row) throw new PreconditionFailedError("The record has been put back meanwhile.");
  await noteRestore(tx, ctx, { collectionId: key.collectionId, recordId: key.id, version });
  await touchCollection(tx, ctx.ownerId, key.collectionId, 1);
  return row;
}

function invalid(path: string, message: string): ValidationError {
  return new ValidationError("There is nothing to go back to.", [{ path, message }], "no-such-version");
}
