import type { BackupPolicy } from "@/lib/contracts/backup-policy";

export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

/** "every day at 03:00 (Europe/Berlin)". */
export function scheduleWords({
  frequency,
  time,
  timeZone,
  weekday,
  dayOfMonth,
}: NonNullable<BackupPolicy["schedule"]>): string {
  const minute = Number(time.slice(3));
  switch (frequency) {
    case "hourly":
      return minute === 0 ? "every hour, on the hour" : `every hour, ${minute} minutes past`;
    case "daily":
      return `every day at ${time} (${timeZone})`;
    case "weekly":
      return `every ${WEEKDAYS[(weekday ?? 1) - 1] ?? "week"} at ${time} (${timeZone})`;
    case "monthly":
      return `every month on day ${dayOfMonth ?? 1} at ${time} (${timeZone})`;
  }
}

/** A moment by the wall clock of a zone: "Mon, Nov 23, 2026, 03:04". */
export function momentInZone(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en", {
    timeZone,
    weekday: "short",
    month: "short",
    day: "numeric",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(new Date(iso));
}
