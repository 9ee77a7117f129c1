import { createHash } from "node:crypto";
import type { StagedNotice } from "@/db/bulk/restore-notices";
import type { StagedSetting } from "@/db/bulk/restore-settings";
import { NOTIFICATION_KINDS, NOTIFICATION_TOPICS } from "@/lib/contracts/notifications";
import type { BackedNotice, BackedSetting } from "@/lib/core/backups/lines";
import { storableText } from "@/lib/core/fields/clean";
import type { Field } from "@/lib/core/fields/types";
import { soundRule } from "./plan-collections";

const NAME_CHARS_MAX = 100;

/** Where matching rules go: by the id that the backup knows a collection by. */
export type RuleTargets = ReadonlyMap<string, { collectionId: string; fields: readonly Field[] }>;

/**
 * A preference of a backup for this account; undefined for one that this Ferry does not know, that does not fit any more,
 * or of a collection that is not among the targets.
 */
export function settingFor(
  { setting, about, value }: BackedSetting,
  rules: RuleTargets,
): StagedSetting | undefined {
  switch (setting) {
    case "name": {
      if (about !== "" || typeof value !== "string" || value.length > NAME_CHARS_MAX) return undefined;
      return { setting, about, value: storableText(value) };
    }
    case "delivery": {
      const topic = NOTIFICATION_TOPICS.find((one) => one === about);
      const { inApp, byMail } = value as Partial<Record<string, unknown>>;
      if (!topic || typeof inApp !== "boolean" || typeof byMail !== "boolean") return undefined;
      return { setting, about: topic, value: { inApp, byMail } };
    }
    case "matchingRule": {
      const target = rules.get(about);
      const rule = target && soundRule(value, target.fields);
      if (!target || !rule || JSON.stringify(rule).includes(String.raw`\u0000`)) return undefined;
      return { setting, about: target.collectionId, value: rule };
    }
    default:
      return undefined;
  }
}

/**
 * A notification of a backup for this account; undefined for one of a kind that this Ferry does not know. What another
 * account was told has another id here, always the same one, and leads to nothing of that account's.
 * @param from the account that the backup is of
 */
export function noticeFor(
  line: BackedNotice,
  { from, ownerId }: { from: string; ownerId: string },
): StagedNotice | undefined {
  const kind = NOTIFICATION_KINDS.find((one) => one === line.kind);
  const createdAt = storableMoment(line.createdAt);
  if (!kind || createdAt === null) return undefined;
  const isOwn = from === ownerId;
  return {
    id: isOwn ? line.id : idFor(ownerId, line.id),
    kind,
    subjectId: isOwn ? line.subjectId : null,
    title: storableText(line.title),
    message: storableText(line.message),
    // What was still to be mailed then is no news any more.
    mailState: line.mail === "sent" || line.mail === "failed" ? line.mail : "none",
    createdAt,
    readAt: storableMoment(line.readAt),
    resolvedAt: storableMoment(line.resolvedAt),
  };
}

/** Of the same time, so that lists keep their order. */
function idFor(ownerId: string, id: string): string {
  const hash = createHash("sha256").update(`${ownerId} ${id}`).digest("hex");
  return `${id.slice(0, 15)}${hash.slice(0, 3)}-${id.charAt(19)}${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/** To the millisecond; null for one that PostgreSQL might not take: a file may come from anywhere. */
function storableMoment(text: string | null): string | null {
  const moment = new Date(text ?? Number.NaN);
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9999 ? moment.toISOString() : null;
}
