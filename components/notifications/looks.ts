import {
  IconAlertTriangle,
  IconCheck,
  IconClockExclamation,
  IconFileCheck,
  IconFileX,
  IconShieldCheck,
  IconShieldX,
  type Icon,
} from "@tabler/icons-react";
import type { Notification } from "@/lib/contracts/notifications";

interface Look {
  color: string;
  icon: Icon;
}

export const LOOKS: Record<Notification["kind"], Look> = {
  "backup-failed": { color: "red", icon: IconShieldX },
  "backup-overdue": { color: "orange", icon: IconClockExclamation },
  "backup-unsound": { color: "red", icon: IconShieldX },
  "backup-well-again": { color: "green", icon: IconShieldCheck },
  "backup-made": { color: "green", icon: IconShieldCheck },
  "clock-set-back": { color: "orange", icon: IconAlertTriangle },
  "export-finished": { color: "green", icon: IconFileCheck },
  "export-failed": { color: "red", icon: IconFileX },
  "restore-finished": { color: "green", icon: IconCheck },
  "restore-failed": { color: "red", icon: IconAlertTriangle },
};

/** Kinds that stand for trouble until that is over; all others are news of something that has happened. */
const TROUBLE: readonly Notification["kind"][] = [
  "backup-failed",
  "backup-overdue",
  "backup-unsound",
  "clock-set-back",
];

/** Trouble that is over by now: only its end is news. */
export function isOver({ kind, createdAt, resolvedAt }: Notification): boolean {
  // News is over in the moment in which it is told.
  return TROUBLE.includes(kind) && resolvedAt !== null && resolvedAt !== createdAt;
}

/** What somebody has to see whenever they come: trouble that lasts, and its end. */
export function isPressing({ kind, resolvedAt }: Notification): boolean {
  return kind === "backup-well-again" || (TROUBLE.includes(kind) && resolvedAt === null);
}
