import { describe, expect, it } from "vitest";
import type { BackedNotice } from "@/lib/core/backups/lines";
import { noticeFor, settingFor } from "./restored-entries";

const BOOKS = "0192f3a4-7b2c-7def-8abc-000000000001";
const TARGETS = new Map([
  [
    "then",
    {
      collectionId: BOOKS,
      fields: [{ name: "title", label: "Title", type: "text" as const, required: false }],
    },
  ],
]);
const RULE = {
  fields: [
    { field: "title", comparator: { kind: "exact" }, weight: 1000, confidenceWeight: 1000, required: true },
  ],
  threshold: 800,
  suggest: { skipFrom: 900, askFrom: 700 },
};

describe("a preference of a backup", () => {
  it("goes to the account, its topics, and the collections that the backup's go to", () => {
    expect(settingFor({ setting: "name", about: "", value: "A\0da" }, TARGETS)).toEqual({
      setting: "name",
      about: "",
      value: "Ada",
    });
    const delivery = { inApp: true, byMail: false };
    expect(
      settingFor({ setting: "delivery", about: "backup-made", value: { ...delivery, more: 1 } }, TARGETS),
    ).toEqual({ setting: "delivery", about: "backup-made", value: delivery });
    expect(settingFor({ setting: "matchingRule", about: "then", value: RULE }, TARGETS)).toEqual({
      setting: "matchingRule",
      about: BOOKS,
      value: RULE,
    });
  });

  it("is left out where it is not known here, or does not fit", () => {
    const rule = (field: string) => ({ ...RULE, fields: [{ ...RULE.fields[0], field }] });
    const wrong: [string, string, unknown][] = [
      ["name", "", 7],
      ["name", "", "x".repeat(101)],
      ["name", "somebody", "Ada"],
      ["delivery", "a topic of tomorrow", { inApp: true, byMail: true }],
      ["delivery", "backup-made", { inApp: "yes", byMail: true }],
      ["delivery", "backup-made", "off"],
      ["matchingRule", "elsewhere", RULE],
      ["matchingRule", "then", rule("pages")],
      ["matchingRule", "then", "none"],
      ["matchingRule", "then", { ...RULE, more: "\0" }],
      ["a setting of tomorrow", "", true],
    ];
    for (const [setting, about, value] of wrong) {
      expect(settingFor({ setting, about, value }, TARGETS), `${setting} ${about}`).toBeUndefined();
    }
  });
});

describe("a notification of a backup", () => {
  const line: BackedNotice = {
    id: "0192f3a4-7b2c-7def-8abc-0123456789ab",
    kind: "backup-made",
    subjectId: "0192f3a4-7b2c-7def-8abc-00000000beef",
    title: "Made\0",
    message: "A backup was made.",
    mail: "due",
    createdAt: "2026-01-01T00:00:00.123Z",
    readAt: null,
    resolvedAt: "2026-01-01T00:00:00.123456Z",
  };

  it("is what it was in its own account, but not mailed any more", () => {
    expect(noticeFor(line, { from: "ada", ownerId: "ada" })).toEqual({
      id: line.id,
      kind: "backup-made",
      subjectId: line.subjectId,
      title: "Made",
      message: line.message,
      mailState: "none",
      createdAt: line.createdAt,
      readAt: null,
      resolvedAt: "2026-01-01T00:00:00.123Z",
    });
    expect(noticeFor({ ...line, mail: "sent" }, { from: "ada", ownerId: "ada" })?.mailState).toBe("sent");
  });

  it("has the same other id each time in another account, of the same time, and leads nowhere", () => {
    const moved = noticeFor(line, { from: "ada", ownerId: "bea" })!;
    expect(moved.subjectId).toBeNull();
    expect(moved.id).not.toBe(line.id);
    expect(moved.id).toMatch(/^0192f3a4-7b2c-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(noticeFor(line, { from: "ada", ownerId: "bea" })!.id).toBe(moved.id);
    expect(noticeFor(line, { from: "ada", ownerId: "cleo" })!.id).not.toBe(moved.id);
  });

  it("is left out when its kind is not known here, or its time is none", () => {
    const from = { from: "ada", ownerId: "ada" };
    expect(noticeFor({ ...line, kind: "of-tomorrow" }, from)).toBeUndefined();
    expect(noticeFor({ ...line, createdAt: "+275760-01-01T00:00:00Z" }, from)).toBeUndefined();
    expect(noticeFor({ ...line, readAt: "2024-02-99T00:00:00Z" }, from)?.readAt).toBeNull();
  });
});
