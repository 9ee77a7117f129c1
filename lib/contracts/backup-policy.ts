import { z } from "zod";
import { RecipientsShape } from "@/lib/contracts/backups";
import { Moment } from "@/lib/contracts/common";
import { daysOfDuration } from "@/lib/core/retention/duration";
import { isTimeZone } from "@/lib/core/schedule/zoned-time";

const COUNT_MAX = 10_000;
const count = z.number().int().min(0).max(COUNT_MAX).default(0);

const ScheduleShape = z.object({
  frequency: z.enum(["hourly", "daily", "weekly", "monthly"]),
  /** By the clock on the wall, 24 hours. Hourly takes the minute alone. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time has the form "HH:MM".'),
  timeZone: z
    .string()
    .max(100)
    .refine(isTimeZone, "There is no such time zone. Names are like Europe/Berlin."),
  /** Of weekly: 1 = Monday … 7 = Sunday. */
  weekday: z.number().int().min(1).max(7).optional(),
  /** Of monthly; a shorter month's last day where it has no such day. */
  dayOfMonth: z.number().int().min(1).max(31).optional(),
});

const RetentionShape = z.object({
  keepLast: count,
  keepDaily: count,
  keepWeekly: count,
  keepMonthly: count,
  keepYearly: count,
  /** A number of days, or an ISO 8601 duration of whole days such as P90D, P12W, P6M (of 30 days), P1Y (of 365). */
  keepWithin: z
    .union([z.number().int().min(0).max(36_500), z.string().max(40)])
    .refine(
      (value) => daysOfDuration(value) !== undefined,
      "This is neither a number of days nor a duration such as P90D.",
    )
    .optional(),
});

const EncryptionShape = z.discriminatedUnion(
  "mode",
  [z.object({ mode: z.literal("server") }), RecipientsShape],
  {
    error: "Backups that are made by themselves can ask nobody for a passphrase: use server, or recipients.",
  },
);

export const BackupPolicyBody = z.object({
  /** Null: no backup is made by itself. */
  schedule: ScheduleShape.nullable().default(null),
  /** The schedule is kept, but nothing is made by it until this is false again. What is removed still follows `retention`. */
  paused: z.boolean().default(false),
  /** Says nothing at all: everything is kept. */
  retention: RetentionShape.prefault({}),
  /** Every so many backups is a full one: the most that a restore has to read. */
  fullEvery: z.number().int().min(1).max(100).default(7),
  encryption: EncryptionShape.default({ mode: "server" }),
});
export type BackupPolicyInput = z.output<typeof BackupPolicyBody>;

export const BackupPolicyShape = BackupPolicyBody.extend({
  /** Null while paused. The user's own delay of up to a few minutes included: not everybody's run begins at once. */
  nextRunAt: Moment.nullable(),
  lastRunAt: Moment.nullable(),
  lastSuccessAt: Moment.nullable(),
  /** A run was due more than an hour ago, and no backup has succeeded since. */
  isOverdue: z.boolean(),
});
export type BackupPolicy = z.output<typeof BackupPolicyShape>;

const Listed = z.object({
  id: z.uuid(),
  type: z.enum(["full", "incremental"]),
  madeAt: Moment,
  size: z.number().int().nullable(),
});

export const RetentionPreviewShape = z.object({
  /** Newest first. */
  keep: z.array(
    Listed.extend({
      reasons: z.array(
        z.object({
          rule: z.enum([
            "last",
            "daily",
            "weekly",
            "monthly",
            "yearly",
            "within",
            "everything",
            "ancestor",
            "running",
            "byHand",
            "clock",
            "newestState",
          ]),
          /** In words: "newest of 2028-W09 (2 of 4 weeks)". */
          text: z.string(),
        }),
      ),
    }),
  ),
  remove: z.array(Listed),
  removeBytes: z.number(),
  /** The next runs of the schedule. */
  nextRuns: z.array(Moment),
});
export type RetentionPreview = z.output<typeof RetentionPreviewShape>;
