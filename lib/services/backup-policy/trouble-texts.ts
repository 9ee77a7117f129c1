import type { FailedRun, MisdatedBackup, OverdueRun, UnsoundBackup } from "@/db/queries/backup-trouble";
import type { NewNotice } from "@/db/queries/notices";

/** A user has one of these open at a time: however many runs fail in a row, it is one trouble. */
export const SCHEDULE_TROUBLE = "backup-schedule";
const UNSOUND = "backup-unsound/";
export const CLOCK_TROUBLE = "backup-clock";

export function failedNotice({
  ownerId,
  backupId,
  failedAt,
  failure,
  nextRunAt,
  timeZone,
}: FailedRun): NewNotice {
  const why = failure?.message ?? "Something went wrong.";
  const next = nextRunAt ? ` Ferry tries again by itself on ${said(nextRunAt, timeZone)}.` : "";
  return {
    ownerId,
    kind: "backup-failed",
    fact: SCHEDULE_TROUBLE,
    subjectId: backupId,
    title: "A scheduled backup failed",
    message: `The backup of ${said(failedAt, timeZone)} was not made. ${why}${adviceFor(failure?.code)}${next} You will hear when a backup succeeds again.`,
  };
}

function adviceFor(code: string | undefined): string {
  if (code === "storage-full") return " Make room there, or let your retention rules keep fewer backups.";
  if (code?.startsWith("storage-")) return " The storage page tells whether it works, with a test.";
  return "";
}

export function overdueNotice({ ownerId, dueAt, lastSuccessAt, timeZone }: OverdueRun): NewNotice {
  const since = lastSuccessAt
    ? `The last one that succeeded is of ${said(lastSuccessAt, timeZone)}.`
    : "None has ever succeeded.";
  return {
    ownerId,
    kind: "backup-overdue",
    fact: SCHEDULE_TROUBLE,
    subjectId: null,
    title: "Your backup is overdue",
    message: `A backup was due on ${said(dueAt, timeZone)}, and there is none yet. ${since} Ferry may not have been running then. Make a backup by hand to be safe now; the schedule goes on by itself.`,
  };
}

export function wellAgainNotice(
  ownerId: string,
  success: { id: string; at: Date; timeZone: string },
  noticeId: string,
): NewNotice {
  return {
    ownerId,
    kind: "backup-well-again",
    fact: `${SCHEDULE_TROUBLE}/well-again/${noticeId}`,
    subjectId: success.id,
    title: "Backups succeed again",
    message: `A backup succeeded on ${said(success.at, success.timeZone)}. What went wrong before is over; you need not do anything.`,
  };
}

export function unsoundNotice({
  ownerId,
  backupId,
  madeAt,
  found,
  dependents,
  timeZone,
}: UnsoundBackup): NewNotice {
  const others = dependents === 0 ? "" : " Backups that go on from it cannot be restored either.";
  return {
    ownerId,
    kind: "backup-unsound",
    fact: `${UNSOUND}${backupId}`,
    subjectId: backupId,
    title: "A backup cannot be relied on",
    message: `The backup of ${said(madeAt, timeZone)} was read again and is not sound. ${found.message ?? "It is damaged."}${others} Make a full backup now; your data themselves are not affected.`,
  };
}

export function soundAgainNotice(ownerId: string, backupId: string, noticeId: string): NewNotice {
  return {
    ownerId,
    kind: "backup-well-again",
    fact: `${UNSOUND}${backupId}/well-again/${noticeId}`,
    subjectId: backupId,
    title: "A backup is sound after all",
    message: "A backup that could not be read before was read whole again, and is sound.",
  };
}

export function clockNotice({ ownerId, madeAt, timeZone }: MisdatedBackup): NewNotice {
  return {
    ownerId,
    kind: "clock-set-back",
    fact: CLOCK_TROUBLE,
    subjectId: null,
    title: "The server’s clock is wrong, or was",
    message: `A backup is dated ${said(madeAt, timeZone)}, which is still to come. Whoever runs Ferry should look at the server’s clock. Until then your retention rules pass over backups with such dates and remove none of them; new backups are made by the clock as it is now.`,
  };
}

function said(moment: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" });
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  return `${day.format(moment)} at ${time.format(moment)} (${timeZone})`;
}
