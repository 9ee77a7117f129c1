import { boolean, index, integer, jsonb, pgTable, timestamp, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts";
import type { BackupEncryption } from "./backups";

export interface StoredSchedule {
  frequency: "hourly" | "daily" | "weekly" | "monthly";
  /** HH:MM */
  time: string;
  timeZone: string;
  weekday?: number;
  dayOfMonth?: number;
}

export interface StoredRetention {
  keepLast: number;
  keepDaily: number;
  keepWeekly: number;
  keepMonthly: number;
  keepYearly: number;
  /** Days, or a duration of ISO 8601. */
  keepWithin?: number | string;
}

/** When a user's backups are made by themselves, and which are kept. No row: none are made, and all are kept. */
export const backupPolicies = pgTable(
  "backup_policies",
  {
    ownerId: uuid("owner_id")
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Null: none are made by themselves; the retention holds all the same. */
    schedule: jsonb().$type<StoredSchedule>(),
    /** The schedule is kept, and nothing is made by it. */
    paused: boolean().notNull().default(false),
    retention: jsonb().$type<StoredRetention>().notNull(),
    fullEvery: integer("full_every").notNull(),
    encryption: jsonb().$type<Exclude<BackupEncryption, { mode: "passphrase" }>>().notNull(),
    /** The next run, the user's own delay included; none while paused. */
    nextRunAt: timestamp("next_run_at", { withTimezone: true }),
    /** The last run that was asked for. */
    lastRunAt: timestamp("last_run_at", { withTimezone: true }),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("backup_policies_next_run_idx").on(t.nextRunAt)],
);
