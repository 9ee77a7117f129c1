import type { BackupRow } from "@/db/queries/backups";
import { storedBackupBytes } from "@/db/queries/storage-use";
import { formatBytes } from "@/lib/core/words/bytes";
import { env } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";

declare const reserved: unique symbol;

/** Room for one backup of a user, which only `reserveBackupRoom` gives: nothing is written without. */
export interface BackupRoom {
  readonly [reserved]: true;
  /** Infinity where there is no quota. */
  readonly bytesLeft: number;
  readonly usedBytes: number;
  /** Whose room it is, in words. */
  readonly whose: string;
}

/**
 * A user's backups have taken up what they may. 507 as with a store that is full, and as RFC 4331 answers for quotas;
 * trying again mends nothing.
 */
class BackupQuotaError extends AppError {
  constructor(found: string) {
    super(
      507,
      "backup-quota",
      `${found} Deleted backups count until they are removed, seven days later. Delete some, let your retention rules keep fewer, or ask whoever runs Ferry for more.`,
    );
  }
}

/**
 * The most that a user's backups may take up together; null where nothing says so. Safety backups, which restores make
 * first, have as much again: who needs a restore must not be kept from it, or from its safety, by a quota that is full.
 */
export function backupQuotaBytes(): number | null {
  return env().BACKUP_BYTES_PER_USER_MAX || null;
}

/**
 * Looks how much room a user's quota leaves for a backup that is made for this reason. Backups of one user are made one at a time, so that what is left stays so
 * until this one is written.
 * @throws AppError "backup-quota" when nothing is left
 */
export async function reserveBackupRoom(
  ctx: SystemContext,
  ownerId: string,
  reason: BackupRow["reason"],
): Promise<BackupRoom> {
  const safety = reason === "safety";
  const whose = safety ? "safety backups" : "backups";
  const maxBytes = backupQuotaBytes();
  const usedBytes = maxBytes === null ? 0 : await storedBackupBytes(ctx.db.sql, ownerId, { safety });
  const bytesLeft = maxBytes === null ? Infinity : maxBytes - usedBytes;
  if (maxBytes !== null && bytesLeft <= 0) {
    throw new BackupQuotaError(
      `Your ${whose} take up ${formatBytes(usedBytes)}, and ${formatBytes(maxBytes)} are what you may use.`,
    );
  }
  return { bytesLeft, usedBytes, whose } as BackupRoom;
}

/** Lets bytes through as long as there is room for them. */
export async function* withinRoom(
  room: BackupRoom,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const piece of bytes) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > room.bytesLeft) throw tooLarge(room);
    yield piece;
  }
}

function tooLarge({ bytesLeft, usedBytes, whose }: BackupRoom): BackupQuotaError {
  return new BackupQuotaError(
    `This backup is larger than the ${formatBytes(bytesLeft)} that were left of the ${formatBytes(usedBytes + bytesLeft)} which your ${whose} may take up.`,
  );
}
