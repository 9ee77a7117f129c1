import type { Backup } from "@/lib/contracts/backups";

/** A full backup and those that go on from it. */
export interface Chain {
  id: string;
  /** Newest first. */
  backups: Backup[];
  /** Bytes of all of them that are made. */
  sizeBytes: number;
}

/** Backups (newest first) by their chains; the chain with the newest backup comes first. */
export function chainsOf(backups: readonly Backup[]): Chain[] {
  const chains = new Map<string, Chain>();
  for (const backup of backups) {
    const chain = chains.get(backup.chainId) ?? { id: backup.chainId, backups: [], sizeBytes: 0 };
    chain.backups.push(backup);
    chain.sizeBytes += backup.size ?? 0;
    chains.set(backup.chainId, chain);
  }
  return [...chains.values()];
}

/** The backups that go on from one, directly or through others. They are newer, so a list that has it has them. */
export function dependentsOf(backups: readonly Backup[], id: string): Backup[] {
  const needed = new Set([id]);
  const found: Backup[] = [];
  for (const backup of backups.toSorted((a, b) => a.chainPosition - b.chainPosition)) {
    if (backup.parentId === null || !needed.has(backup.parentId)) continue;
    needed.add(backup.id);
    found.push(backup);
  }
  return found;
}
