import { findBackup, findChain } from "@/db/queries/backups";
import { findUpload } from "@/db/queries/uploads";
import { advanceJob } from "@/db/queries/jobs";
import { findRestore, insertRestore, patchRestore, type RestoreRow } from "@/db/queries/restores";
import type { CheckBackup } from "@/lib/contracts/backups";
import type { PreviewRestore, PreviewUploaded } from "@/lib/contracts/restores";
import { AgeError } from "@/lib/platform/age/errors";
import { fileKeyOf } from "@/lib/platform/age/decrypt";
import { x25519Identity } from "@/lib/platform/age/x25519";
import { AppError, ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { keptKeys } from "@/lib/services/backups/keys";
import { fileKeyFrom, givenIdentities, isStored, wrongKey } from "@/lib/services/backups/open-file";
import { seal } from "@/lib/services/backups/sealing";
import { backupFileName } from "@/lib/services/backups/view";
import type { ServiceContext } from "@/lib/services/context";
import { openUpload } from "@/lib/services/uploads/open-file";
import { requestedEvent } from "./events";
import { fileKeyPlace } from "./source-files";

type Keys = Record<string, string>;

/**
 * Asks for the plan of a restore from one of the user's backups; a durable function makes it.
 * @throws NotFoundError; AppError `wrong-key`, `key-needed` at once; ConflictError when it has no file
 */
export async function previewBackup(
  ctx: ServiceContext,
  backupId: string,
  body: PreviewRestore,
): Promise<RestoreRow> {
  const backup = await findBackup(ctx.db.sql, backupId, ctx.ownerId);
  if (!backup || backup.deleted_at) throw new NotFoundError("backup");
  if (!isStored(backup)) {
    throw new ConflictError("backup-without-file", "There is no file of this backup to restore from.");
  }
  const id = newId();
  const keys: Keys = {};
  if (backup.encryption.mode !== "server") {
    const given = givenKey(body);
    for (const link of await findChain(ctx.db.sql, backupId)) {
      const fileKey = isStored(link) ? await fileKeyFrom(ctx, link, given) : undefined;
      if (!fileKey) throw keyNeeded(backup.encryption.mode);
      keys[link.id] = sealed(fileKey, id, link.id);
    }
  }
  return await ask(ctx, body, {
    id,
    backupId,
    uploadIds: [],
    fileName: backupFileName(backup),
    sealedFileKeys: keys,
    at: backup.snapshot_at,
  });
}

/**
 * The same from uploaded files, of another installation for example.
 * @throws NotFoundError; AppError `wrong-key`, `key-needed`; ValidationError `not-a-backup` at once
 */
export async function previewUploaded(ctx: ServiceContext, body: PreviewUploaded): Promise<RestoreRow> {
  const uploadIds = [...new Set(body.uploadIds ?? [body.uploadId!])];
  const id = newId();
  const given = givenKey(body);
  const identities = [
    ...givenIdentities(given),
    ...(await keptKeys(ctx, ctx.ownerId)).map((key) => x25519Identity(key.identity)),
  ];
  const keys: Keys = {};
  let fileName = "";
  for (const uploadId of uploadIds) {
    const upload = await findUpload(ctx.db, uploadId, ctx.ownerId);
    if (!upload) throw new NotFoundError("upload");
    if (upload.state !== "complete") {
      throw new ConflictError("upload-incomplete", "The upload is not complete. Complete it first.");
    }
    fileName ||= upload.name;
    const file = await openUpload(ctx, uploadId);
    const fileKey = await fileKeyOf(file.stream(), identities).catch(notABackup);
    if (!fileKey) {
      throw given.identity === undefined && given.passphrase === undefined
        ? keyNeeded("upload")
        : wrongKey(given);
    }
    keys[uploadId] = sealed(fileKey, id, uploadId);
  }
  return await ask(ctx, body, { id, backupId: null, uploadIds, fileName, sealedFileKeys: keys, at: null });
}

function notABackup(error: unknown): never {
  if (!(error instanceof AgeError)) throw error;
  const message = "This is not a backup: Ferry's backups are files that age encrypted, and end in .age.";
  throw new ValidationError(message, [{ path: "uploadId", message }], "not-a-backup");
}

async function ask(
  ctx: ServiceContext,
  { collections, recordIds, search, globalStrategy, categories }: PreviewRestore | PreviewUploaded,
  from: Pick<RestoreRow, "id" | "backupId" | "uploadIds" | "fileName" | "sealedFileKeys"> & {
    at: Date | null;
  },
): Promise<RestoreRow> {
  const { at, ...source } = from;
  const jobId = newId();
  const of = at ? `the backup of ${at.toISOString().slice(0, 16).replace("T", " ")} UTC` : source.fileName;
  const row = {
    ...source,
    jobId,
    ownerId: ctx.ownerId,
    scope: { collections, recordIds: recordIds ?? null, search: search ?? null },
    strategy: globalStrategy,
    categories: categories ?? null,
  };
  await insertRestore(ctx.db, row, `Restore of ${of}`);
  try {
    await ctx.sendEvents([requestedEvent(source.id, ctx.ownerId)]);
  } catch (error) {
    // Nobody will ever work on it: it must not look as if somebody did.
    const failure = { code: "not-started", message: "The restore could not be started." };
    await patchRestore(ctx.db, source.id, {
      state: "failed",
      failure,
      sealedFileKeys: null,
      finishedAt: ctx.now(),
    });
    await advanceJob(ctx.db.sql, jobId, { event: "failed", state: "failed", recentErrors: [failure] });
    throw error;
  }
  return (await findRestore(ctx.db, source.id, ctx.ownerId))!;
}

function sealed(fileKey: Buffer, restoreId: string, fileId: string): string {
  const text = seal(fileKey, fileKeyPlace(restoreId, fileId)).toString("base64");
  fileKey.fill(0);
  return text;
}

/** An identity is told by how it begins; any other text is a passphrase. */
function givenKey({ identity, passphrase }: Pick<PreviewRestore, "identity" | "passphrase">): CheckBackup {
  if (identity === undefined) return { passphrase };
  if (typeof identity === "object") return identity;
  return /^\s*AGE-SECRET-KEY-/i.test(identity) ? { identity } : { passphrase: identity };
}

function keyNeeded(mode: "recipients" | "passphrase" | "upload"): AppError {
  const words = {
    recipients:
      "This backup is encrypted to a key that Ferry does not have. Give the identity that opens it: it begins with AGE-SECRET-KEY-.",
    passphrase: "This backup is encrypted with a passphrase that Ferry does not keep. Give the passphrase.",
    upload:
      "None of your keys on this Ferry opens the file. Give its passphrase, or the key it was encrypted to: for a backup made with the key that another Ferry keeps, the key is in that Ferry's emergency kit and begins with AGE-SECRET-KEY-1.",
  };
  return new AppError(422, "key-needed", words[mode], [{ path: "identity", message: words[mode] }]);
}
