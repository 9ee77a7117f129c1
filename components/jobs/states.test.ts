import { expect, it } from "vitest";
import type { Job } from "@/lib/contracts/jobs";
import { jobHref } from "./states";

const where = (subjectKind: Job["subjectKind"], action: Job["action"]) =>
  jobHref({ id: "j", subjectId: "s", subjectKind, action });

it("leads from work that goes on to what it is for, and from an undo to the undo itself", () => {
  expect(where("import", "run")).toBe("/imports/s");
  expect(where("restore", "run")).toBe("/backups/restores/s");
  expect(where("restore", "undo")).toBe("/jobs/j");
  expect(where("import", "redo")).toBe("/jobs/j");
  expect(where("backup", "verify")).toBe("/jobs/j");
  expect(where("export", "run")).toBe("/jobs/j");
});
