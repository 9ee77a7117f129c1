import type { RetainedBackup } from "@/db/queries/backup-policies";
import type { BackupPolicyInput } from "@/lib/contracts/backup-policy";
import { daysOfDuration } from "@/lib/core/retention/duration";
import { planRetention, type KeepReason, type Pinned } from "@/lib/core/retention/retention";

type Reason = KeepReason | { rule: "running" };

export interface BackupPlan {
  kept: { backup: RetainedBackup; reasons: Reason[] }[];
  /** Each before what it goes on from. */
  removed: RetainedBackup[];
}

/** Clocks of two machines may differ by this much without being wrong. */
export const CLOCK_TOLERANCE_MS = 10 * 60_000;

/**
 * What a policy keeps of a user's backups, and why. Those being made, what they go on from, and what the user took back
 * by hand always stay; so do those that a wrong clock has dated, which the rules pass over.
 */
export function planBackups(
  backups: readonly RetainedBackup[],
  { retention, schedule }: Pick<BackupPolicyInput, "retention" | "schedule">,
  now: Date,
): BackupPlan {
  const { keepWithin, ...counts } = retention;
  const policy = { ...counts, keepWithinDays: daysOfDuration(keepWithin ?? 0) ?? 0 };
  const made = backups.filter((backup) => backup.state === "completed");
  const plan = planRetention(made, policy, schedule?.timeZone ?? "UTC", pinnedOf(made, now));
  const needed = neededByRunning(backups);
  const reasons = new Map<string, Reason[]>(plan.kept.map(({ thing, reasons: own }) => [thing.id, own]));
  const order = new Map([...plan.kept.map(({ thing }) => thing), ...plan.removed].map((b, i) => [b.id, i]));
  const kept = made
    .filter((backup) => reasons.has(backup.id) || needed.has(backup.id))
    .map((backup) => ({ backup, reasons: reasons.get(backup.id) ?? [{ rule: "running" as const }] }));
  return {
    kept: kept.sort(
      (a, b) =>
        b.backup.madeAt.getTime() - a.backup.madeAt.getTime() ||
        (order.get(a.backup.id) ?? 0) - (order.get(b.backup.id) ?? 0),
    ),
    removed: plan.removed.filter((backup) => !needed.has(backup.id)),
  };
}

function pinnedOf(made: readonly RetainedBackup[], now: Date): Pinned[] {
  const latestMs = now.getTime() + CLOCK_TOLERANCE_MS;
  const pinned: Pinned[] = [];
  for (const { id, isKeptByHand, madeAt } of made) {
    if (isKeptByHand) pinned.push({ id, reason: { rule: "byHand" } });
    if (madeAt.getTime() > latestMs) pinned.push({ id, reason: { rule: "clock" } });
  }
  const newest = newestState(made);
  if (newest) pinned.push({ id: newest.id, reason: { rule: "newestState" } });
  return pinned;
}

/** The backup with the newest state, where another one is dated later than it. */
function newestState(made: readonly RetainedBackup[]): RetainedBackup | undefined {
  const seen = made.flatMap((backup) =>
    backup.stateXid === null ? [] : [{ ...backup, xid: backup.stateXid }],
  );
  const [newest] = seen.toSorted((a, b) => b.xid - a.xid || b.madeAt.getTime() - a.madeAt.getTime());
  return newest && made.some(({ madeAt }) => madeAt > newest.madeAt) ? newest : undefined;
}

function neededByRunning(backups: readonly RetainedBackup[]): Set<string> {
  const byId = new Map(backups.map((backup) => [backup.id, backup]));
  const needed = new Set<string>();
  for (const running of backups.filter((backup) => backup.state !== "completed")) {
    for (let id = running.parentId; id !== null && !needed.has(id); id = byId.get(id)?.parentId ?? null)
      needed.add(id);
  }
  return needed;
}

const UNITS = { daily: "day", weekly: "week", monthly: "month", yearly: "year" } as const;

export function reasonText(reason: Reason, { retention }: Pick<BackupPolicyInput, "retention">): string {
  switch (reason.rule) {
    case "last":
      return reason.number === 1
        ? "the newest"
        : `number ${reason.number} of the newest ${retention.keepLast}`;
    case "daily":
    case "weekly":
    case "monthly":
    case "yearly": {
      const of = {
        daily: "keepDaily",
        weekly: "keepWeekly",
        monthly: "keepMonthly",
        yearly: "keepYearly",
      } as const;
      return `the newest of the ${UNITS[reason.rule]} ${reason.period} (${reason.number} of ${retention[of[reason.rule]]})`;
    }
    case "within":
      return `at most ${reason.days} ${reason.days === 1 ? "day" : "days"} older than the newest`;
    case "everything":
      return "nothing is to be removed";
    case "ancestor":
      return "a backup that is kept goes on from it";
    case "running":
      return "a backup that is being made goes on from it";
    case "byHand":
      return "you took it back after it had been deleted";
    case "clock":
      return "it is dated later than now: the clock was wrong then, or is now";
    case "newestState":
      return "it holds the newest state, though a wrong clock has dated another one later";
  }
}
