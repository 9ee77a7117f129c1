import { countOf, formatAgo, formatCount, formatMoment } from "@/components/format";
import { SHARE_HOURS, SHARE_HOURS_MAX, type Share, type ShareAccess } from "@/lib/contracts/shares";

const HOUR_MS = 3_600_000;
const DURATIONS = [
  { hours: 1, label: "1 hour" },
  { hours: 24, label: "1 day" },
  { hours: 72, label: "3 days" },
  { hours: SHARE_HOURS, label: "7 days" },
  { hours: 30 * 24, label: "30 days" },
  { hours: SHARE_HOURS_MAX, label: "90 days" },
];

interface DurationChoice {
  hours: number;
  label: string;
}

/** How long a link may last: what is offered is shorter than the file is kept, or as long. */
export function durationChoices(fileExpiresAt: string, now: number): DurationChoice[] {
  const left = (new Date(fileExpiresAt).getTime() - now) / HOUR_MS;
  const shorter = DURATIONS.filter(({ hours }) => hours < left);
  if (left > SHARE_HOURS_MAX) return shorter;
  return [...shorter, { hours: Math.max(1, Math.ceil(left)), label: "As long as the file is kept" }];
}

/** A week where the file lives longer, else as long as the file. */
export function usualDuration(choices: readonly DurationChoice[]): number {
  return Math.min(SHARE_HOURS, choices.at(-1)?.hours ?? SHARE_HOURS);
}

export const STATE_LOOKS: Readonly<Record<Share["state"], { label: string; color: string }>> = {
  open: { label: "Open", color: "green" },
  expired: { label: "Expired", color: "gray" },
  "used-up": { label: "Used up", color: "gray" },
  revoked: { label: "Revoked", color: "gray" },
};

export const ACCESS_WORDS: Readonly<Record<ShareAccess["kind"], string>> = {
  opened: "Opened",
  downloaded: "Download begun",
  "wrong-password": "Wrong password",
};

/** A link in one line: how it was used, how it is guarded, and when it ends. */
export function shareSummary(share: Share, now: number): string {
  const parts = [
    downloadsWords(share),
    `opened ${countOf(share.openCount, "time")}`,
    share.hasPassword ? "with a password" : "without a password",
    share.lastAccessAt ? `last used ${formatAgo(share.lastAccessAt, now)}` : "never used",
    endWords(share),
  ];
  return parts.join(" · ");
}

function downloadsWords({ downloadCount, downloadsMax }: Share): string {
  if (downloadsMax === null) return countOf(downloadCount, "download");
  return `${formatCount(downloadCount)} of ${countOf(downloadsMax, "download")}`;
}

function endWords({ state, expiresAt, revokedAt }: Share): string {
  if (revokedAt !== null) return `revoked ${formatMoment(revokedAt)}`;
  return state === "expired" ? `ended ${formatMoment(expiresAt)}` : `until ${formatMoment(expiresAt)}`;
}

/** "CSV", or "CSV, compressed" where the name says so. */
export function formatWords(format: string, fileName: string): string {
  const name = format === "xlsx" ? "Excel workbook" : format.toUpperCase();
  return /\.(zip|gz)$/i.test(fileName) ? `${name}, compressed` : name;
}
