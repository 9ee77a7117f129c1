import type { BackupPolicy, BackupPolicyInput } from "@/lib/contracts/backup-policy";
import {
  encryptionOf,
  encryptionProblems,
  SERVER_DRAFT,
  type EncryptionDraft,
} from "@/components/backups/encryption-draft";
import { daysOfDuration } from "@/lib/core/retention/duration";

type Schedule = NonNullable<BackupPolicyInput["schedule"]>;
export type Frequency = Schedule["frequency"];

export const KEPT = ["keepLast", "keepDaily", "keepWeekly", "keepMonthly", "keepYearly"] as const;
export type Kept = (typeof KEPT)[number];

/** A schedule as it is being changed; what a frequency does not need is remembered all the same. */
export interface PolicyDraft {
  isOn: boolean;
  /** There is a schedule already: switched off it is paused. */
  isSet: boolean;
  frequency: Frequency;
  time: string;
  timeZone: string;
  /** 1 = Monday … 7 = Sunday. */
  weekday: number;
  dayOfMonth: number;
  retention: Record<Kept, number>;
  /** 0: no such rule. */
  keepWithinDays: number;
  fullEvery: number;
  encryption: EncryptionDraft;
}

/** @param timeZone where the person is; proposed until they choose another */
export function draftOf(policy: BackupPolicy, timeZone: string): PolicyDraft {
  const { schedule, retention, encryption } = policy;
  const { keepWithin, ...counts } = retention;
  return {
    isOn: schedule !== null && !policy.paused,
    isSet: schedule !== null,
    frequency: schedule?.frequency ?? "daily",
    time: schedule?.time ?? "03:00",
    timeZone: schedule?.timeZone ?? timeZone,
    weekday: schedule?.weekday ?? 7,
    dayOfMonth: schedule?.dayOfMonth ?? 1,
    // In one order, so that two drafts of the same policy are written alike.
    retention: {
      keepLast: counts.keepLast,
      keepDaily: counts.keepDaily,
      keepWeekly: counts.keepWeekly,
      keepMonthly: counts.keepMonthly,
      keepYearly: counts.keepYearly,
    },
    keepWithinDays: daysOfDuration(keepWithin ?? 0) ?? 0,
    fullEvery: policy.fullEvery,
    encryption:
      encryption.mode === "server"
        ? SERVER_DRAFT
        : { ...SERVER_DRAFT, mode: "recipients", recipients: encryption.recipients.join("\n") },
  };
}

/** The draft as the API takes it; undefined while something in it is missing. */
export function policyOf(draft: PolicyDraft): BackupPolicyInput | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(draft.time)) return undefined;
  if (Object.keys(encryptionProblems(draft.encryption)).length > 0) return undefined;
  const encryption = encryptionOf(draft.encryption);
  if (encryption.mode === "passphrase") return undefined;
  return {
    schedule: draft.isOn || draft.isSet ? scheduleOf(draft) : null,
    paused: draft.isSet && !draft.isOn,
    retention: {
      ...draft.retention,
      ...(draft.keepWithinDays > 0 ? { keepWithin: draft.keepWithinDays } : {}),
    },
    fullEvery: draft.fullEvery,
    encryption,
  };
}

function scheduleOf({ frequency, time, timeZone, weekday, dayOfMonth }: PolicyDraft): Schedule {
  return {
    frequency,
    time,
    timeZone,
    ...(frequency === "weekly" ? { weekday } : {}),
    ...(frequency === "monthly" ? { dayOfMonth } : {}),
  };
}

/** Whether nothing is ever removed by the rules. */
export function keepsEverything({ retention, keepWithinDays }: PolicyDraft): boolean {
  return keepWithinDays === 0 && KEPT.every((rule) => retention[rule] === 0);
}
