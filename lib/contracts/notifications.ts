import { z } from "zod";
import { Moment, pageQuery } from "@/lib/contracts/common";

export const NotificationShape = z.object({
  id: z.uuid(),
  kind: z.enum(["backup-failed", "backup-overdue", "backup-unsound", "backup-well-again", "clock-set-back"]),
  /** The backup it is about, if it is about one. */
  subjectId: z.uuid().nullable(),
  title: z.string(),
  message: z.string(),
  createdAt: Moment,
  readAt: Moment.nullable(),
  /** When the trouble it tells of was over; null while it lasts. */
  resolvedAt: Moment.nullable(),
});
export type Notification = z.output<typeof NotificationShape>;

const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

export const ListNotificationsQuery = z.object({
  ...pageQuery({ max: 200, standard: 50 }),
  unread: flag.default(false),
});
export type ListNotifications = z.output<typeof ListNotificationsQuery>;
