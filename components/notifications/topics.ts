import type { NotificationTopic } from "@/lib/contracts/notifications";

/** What people choose by, in words. */
export const TOPIC_WORDS: Record<NotificationTopic, { label: string; description: string }> = {
  "export-finished": {
    label: "An export is ready",
    description: "With the way to download it.",
  },
  "export-failed": { label: "An export failed", description: "With the reason." },
  "backup-trouble": {
    label: "Trouble with backups",
    description:
      "A backup fails, is late or cannot be relied on; and when that is over. Once each, not every hour.",
  },
  "backup-made": {
    label: "A backup was made",
    description: "Each that succeeds. By e-mail only scheduled ones: those you make yourself you know of.",
  },
  "restore-ended": {
    label: "A restore has ended",
    description: "Well or not, if it took a minute or longer.",
  },
};
