import { expect, it } from "vitest";
import { BackupPolicyBody, type BackupPolicy } from "@/lib/contracts/backup-policy";
import { draftOf, keepsEverything, policyOf } from "./policy-draft";

const STATE = { nextRunAt: null, lastRunAt: null, lastSuccessAt: null, isOverdue: false };
const policy = (input: object): BackupPolicy => ({ ...BackupPolicyBody.parse(input), ...STATE });

it.each([
  [{}],
  [{ schedule: { frequency: "hourly", time: "00:20", timeZone: "UTC" }, retention: { keepLast: 3 } }],
  [{ schedule: { frequency: "weekly", time: "23:59", timeZone: "Asia/Seoul", weekday: 3 }, fullEvery: 1 }],
  [{ schedule: { frequency: "daily", time: "04:00", timeZone: "UTC" }, paused: true }],
  [{ schedule: { frequency: "monthly", time: "03:00", timeZone: "Europe/Berlin", dayOfMonth: 31 } }],
  [{ retention: { keepWithin: 90 }, encryption: { mode: "recipients", recipients: ["age1a", "age1b"] } }],
])("gives back the policy it was made of: %j", (input) => {
  const written = policyOf(draftOf(policy(input), "Asia/Ho_Chi_Minh"));
  expect(BackupPolicyBody.parse(written)).toEqual(BackupPolicyBody.parse(input));
});

it("is written alike, whatever order the server answers in", () => {
  const retention = { keepLast: 3, keepDaily: 7, keepWeekly: 0, keepMonthly: 2, keepYearly: 1 };
  const turned = Object.fromEntries(Object.entries(retention).toReversed());
  const [a, b] = [retention, turned].map((order) => ({ ...policy({}), retention: order }) as BackupPolicy);
  expect(JSON.stringify(policyOf(draftOf(a!, "UTC")))).toBe(JSON.stringify(policyOf(draftOf(b!, "UTC"))));
});

it("proposes a daily backup where the person is, switched off", () => {
  const draft = draftOf(policy({}), "Asia/Ho_Chi_Minh");
  expect(draft).toMatchObject({ isOn: false, frequency: "daily", timeZone: "Asia/Ho_Chi_Minh" });
  expect(policyOf({ ...draft, isOn: true })?.schedule).toEqual({
    frequency: "daily",
    time: "03:00",
    timeZone: "Asia/Ho_Chi_Minh",
  });
});

it("switched off is paused, and remembered; never set, it is none", () => {
  const schedule = { frequency: "weekly", time: "21:30", timeZone: "Asia/Seoul", weekday: 3 } as const;
  const on = draftOf(policy({ schedule }), "UTC");
  expect(policyOf({ ...on, isOn: false })).toMatchObject({ schedule, paused: true });
  const off = draftOf(policy({ schedule, paused: true }), "UTC");
  expect(off).toMatchObject({ ...schedule, isOn: false });
  expect(policyOf({ ...off, isOn: true })).toMatchObject({ schedule, paused: false });
  expect(policyOf(draftOf(policy({}), "UTC"))).toMatchObject({ schedule: null, paused: false });
});

it("reads a duration as days", () => {
  expect(draftOf(policy({ retention: { keepWithin: "P12W" } }), "UTC").keepWithinDays).toBe(84);
});

it("is no policy while a time or a key is missing", () => {
  const draft = draftOf(policy({}), "UTC");
  expect(policyOf({ ...draft, time: "" })).toBeUndefined();
  expect(policyOf({ ...draft, encryption: { ...draft.encryption, mode: "recipients" } })).toBeUndefined();
});

it("knows when nothing is removed", () => {
  expect(keepsEverything(draftOf(policy({}), "UTC"))).toBe(true);
  expect(keepsEverything(draftOf(policy({ retention: { keepYearly: 1 } }), "UTC"))).toBe(false);
  expect(keepsEverything(draftOf(policy({ retention: { keepWithin: 1 } }), "UTC"))).toBe(false);
});
