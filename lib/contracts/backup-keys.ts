import { z } from "zod";
import { Moment } from "@/lib/contracts/common";

const KeyShape = z.object({
  id: z.uuid(),
  /** The public half: age1… Backups are encrypted to it. */
  recipient: z.string(),
  /** Short, to be compared by eye: the first 64 bits of the recipient's SHA-256, "9f3a-01c2-77de-b405". */
  fingerprint: z.string(),
  createdAt: Moment,
  /** Since then new backups are encrypted to another key. */
  retiredAt: Moment.nullable(),
  /** Kept backups that it opens, deleted ones that can still be taken back included. */
  backups: z.number().int(),
});

/** Newest first; the present key is the one that is not retired. None before the first backup. */
export const BackupKeysShape = z.object({ items: z.array(KeyShape) });
export type BackupKeys = z.output<typeof BackupKeysShape>;

/** Secrets are handed out only to somebody who has the password as well as a session. */
export const EmergencyKitBody = z.object({ password: z.string().min(1).max(1_000) });

export const EmergencyKitShape = z.object({
  email: z.string(),
  /** Where this installation is reached. */
  address: z.string(),
  madeAt: Moment,
  /** The present key first. */
  keys: z.array(
    KeyShape.extend({
      /** The secret half: AGE-SECRET-KEY-1… Whoever has it reads every backup that is encrypted to the recipient. */
      identity: z.string(),
    }),
  ),
});
export type EmergencyKit = z.output<typeof EmergencyKitShape>;
