import { z } from "zod";
import { Moment, pageQuery, type Page } from "@/lib/contracts/common";

export const NOTIFICATION_KINDS = [
  "backup-failed",
  "backup-overdue",
  "backup-unsound",
  "backup-well-again",
  "backup-made",
  "clock-set-back",
  "export-finished",
  "export-failed",
  "restore-finished",
  "restore-failed",
] as const;
type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export const NotificationShape = z.object({
  id: z.uuid(),
  kind: z.enum(NOTIFICATION_KINDS),
  /** The backup, export or restore it is about, if it is about one. */
  subjectId: z.uuid().nullable(),
  title: z.string(),
  message: z.string(),
  /** Whether the same was mailed; failed: it was tried, and given up. */
  mail: z.enum(["none", "due", "sent", "failed"]),
  createdAt: Moment,
  readAt: Moment.nullable(),
  /** When the trouble it tells of was over; null while it lasts. News has its own moment here. */
  resolvedAt: Moment.nullable(),
});
export type Notification = z.output<typeof NotificationShape>;

/** The page where what a notification tells of is seen, and can be acted on. */
export function notificationPage({ kind, subjectId }: Pick<Notification, "kind" | "subjectId">): string {
  if (kind === "export-finished" || kind === "export-failed") return "/exports";
  if (kind === "restore-finished" || kind === "restore-failed") return `/backups/restores/${subjectId ?? ""}`;
  return kind === "backup-overdue" ? "/backups/schedule" : "/backups";
}

const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

export const ListNotificationsQuery = z.object({
  ...pageQuery({ max: 200, standard: 50 }),
  unread: flag.default(false),
});
/** A page of them, and how many the user has not read in all. */
export type NotificationPage = Page<Notification> & { unreadCount: number };
export type ListNotifications = z.output<typeof ListNotificationsQuery>;

/** `POST /api/v1/notifications/read`: up to this one, or all. What came after it stays unread. */
export const ReadNotificationsBody = z.object({ upTo: z.uuid().optional() });
export type ReadNotifications = z.output<typeof ReadNotificationsBody>;

/** What people choose by: kinds that nobody would want to be told of differently are one topic. */
export const NOTIFICATION_TOPICS = [
  "export-finished",
  "export-failed",
  "backup-trouble",
  "backup-made",
  "restore-ended",
] as const;
export type NotificationTopic = (typeof NOTIFICATION_TOPICS)[number];

export const TOPIC_OF: Record<NotificationKind, NotificationTopic> = {
  "backup-failed": "backup-trouble",
  "backup-overdue": "backup-trouble",
  "backup-unsound": "backup-trouble",
  "backup-well-again": "backup-trouble",
  "clock-set-back": "backup-trouble",
  "backup-made": "backup-made",
  "export-finished": "export-finished",
  "export-failed": "export-failed",
  "restore-finished": "restore-ended",
  "restore-failed": "restore-ended",
};

const Delivery = z.strictObject({ inApp: z.boolean(), byMail: z.boolean() });
export type Delivery = z.output<typeof Delivery>;

const Topics = z.record(z.enum(NOTIFICATION_TOPICS), Delivery);

export const NotificationPreferencesShape = z.object({
  topics: Topics,
  /** Whether this installation mails at all, and where to; whether that is an address that it mails to. */
  mail: z.object({ isSetUp: z.boolean(), isDeliverable: z.boolean(), address: z.string() }),
});
export type NotificationPreferences = z.output<typeof NotificationPreferencesShape>;

/** What a signed link that ends mail holds. */
export const MailOptOutQuery = z.object({ account: z.uuid(), signature: z.string().max(100) });

/** `PUT /api/v1/notification-preferences`: all topics, as they are to be. */
export const NotificationPreferencesBody = z.strictObject({ topics: Topics });
export type NotificationPreferencesInput = z.output<typeof NotificationPreferencesBody>;
