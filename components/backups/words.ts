import { countOf } from "@/components/format";
import type { Backup } from "@/lib/contracts/backups";

export function isBeingMade(backup: Pick<Backup, "state">): boolean {
  return backup.state === "pending" || backup.state === "processing";
}

/** The moment whose state it holds; before that is known, when it was asked for. */
export function momentOf(backup: Pick<Backup, "snapshotAt" | "createdAt">): string {
  return backup.snapshotAt ?? backup.createdAt;
}

export const TYPE_WORDS: Record<Backup["type"], string> = { full: "Full", incremental: "Incremental" };

export const REASON_WORDS: Record<Backup["reason"], string> = {
  manual: "made by hand",
  schedule: "by schedule",
  safety: "safety, before a restore",
};

/** How a backup is encrypted, as the end of "encrypted …". */
export function encryptionWords({ encryption }: Pick<Backup, "encryption">): string {
  switch (encryption.mode) {
    case "server":
      return "with Ferry’s key for you";
    case "recipients":
      return encryption.recipients.length === 1
        ? "for your public key"
        : `for ${encryption.recipients.length} public keys`;
    case "passphrase":
      return "with a passphrase";
  }
}

/** Whether only somebody with a key that Ferry does not have can open it. */
export function isEndToEnd({ encryption }: Pick<Backup, "encryption">): boolean {
  return encryption.mode !== "server";
}

type Mark = NonNullable<Backup["lastVerified"]>;

/** What a check found, in words that fit behind its date. */
export function markWords(kind: "verified" | "drilled", mark: Mark): string {
  if (mark.outcome === "unsound") return kind === "verified" ? "Found damaged" : "Trial restore failed";
  if (kind === "drilled") return "Restored for a trial";
  return mark.depth === "content" ? "Verified" : "Stored bytes verified";
}

/** The newer of two checks that found something wrong; null when the newest of each is sound. */
export function unsoundMark(backup: Pick<Backup, "lastVerified" | "lastDrilled">): Mark | null {
  const found = [backup.lastVerified, backup.lastDrilled].filter(
    (mark): mark is Mark => mark?.outcome === "unsound",
  );
  return found.sort((a, b) => b.at.localeCompare(a.at))[0] ?? null;
}

/** What a backup holds, in words: records and, besides them, what else there is. */
export function contentWords({ type, counts }: Pick<Backup, "type" | "counts">): string[] {
  if (!counts) return [];
  const { records, collections, deletions, preferences = 0, notifications = 0 } = counts;
  return [
    `${countOf(records, type === "full" ? "record" : "changed record")} of ${countOf(collections, "collection")}`,
    ...(deletions > 0 ? [countOf(deletions, "deletion")] : []),
    ...(preferences > 0 ? [countOf(preferences, "preference")] : []),
    ...(notifications > 0 ? [countOf(notifications, "notification")] : []),
  ];
}
