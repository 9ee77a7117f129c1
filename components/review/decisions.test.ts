import { describe, expect, it } from "vitest";
import { ResolveBody, type ConflictView } from "@/lib/contracts/review";
import { afterChange, asDecision, saveBody, type BulkDecision, type Change } from "./decisions";
import { chosenValues, mergeOutcome, outcomeOf } from "./outcome";

const CONFLICT: ConflictView = {
  id: "7",
  kind: "fuzzy",
  row: 7,
  incoming: { country: "Japan", notes: "early", maxDays: 30 },
  existing: {
    id: "0197-",
    version: 3,
    updatedAt: "2026-01-01T00:00:00.000Z",
    data: { country: "Japan", notes: "late", maxDays: 90 },
  },
  base: { country: "Japan", notes: "soon", maxDays: 90 },
  merged: { country: "Japan", notes: "late", maxDays: 30 },
  differingFields: ["notes", "maxDays"],
  clashingFields: ["notes"],
  confidence: 0.9,
  evidence: [],
  suggestedAction: "ask",
  resolution: null,
};

const bulk = (where: Partial<BulkDecision["where"]>): Change => ({
  kind: "bulk",
  bulk: { where: { unresolvedOnly: true, ...where }, resolution: "overwrite" },
});

describe("decisions", () => {
  it.each([
    [{}, true],
    [{ minConfidence: 0.9 }, true],
    [{ minConfidence: 0.91 }, false],
    [{ maxConfidence: 0.8 }, false],
    [{ kind: "fuzzy" as const }, true],
    [{ kind: "same-id" as const }, false],
    [{ field: "notes" }, true],
    [{ field: "maxDays" }, false],
  ])("a decision for all that meet %j reaches the conflict: %s", (where, reached) => {
    expect(afterChange(CONFLICT, bulk(where)).resolution !== null).toBe(reached);
  });

  it("leaves what is decided alone unless told otherwise", () => {
    const decided = { ...CONFLICT, resolution: { resolution: "skip" as const, fields: null } };
    expect(afterChange(decided, bulk({}))).toBe(decided);
    expect(afterChange(decided, bulk({ unresolvedOnly: false })).resolution?.resolution).toBe("overwrite");
  });

  it("takes a decision back, and can make it again as it was", () => {
    const merge: Change = {
      kind: "specific",
      decisions: [
        { conflictId: "7", resolution: "merge", fields: { notes: { value: "typed" }, maxDays: "incoming" } },
      ],
    };
    const merged = afterChange(CONFLICT, merge);
    expect(merged.resolution?.fields).toEqual({ notes: "typed", maxDays: 30 });
    const back = afterChange(merged, {
      kind: "specific",
      decisions: [{ conflictId: "7", resolution: null }],
    });
    expect(back.resolution).toBeNull();
    expect(afterChange(back, { kind: "specific", decisions: [asDecision(merged)] })).toEqual(merged);
  });

  it("is saved without going on with the import, in the shape of the contract", () => {
    for (const change of [
      bulk({ minConfidence: 0.5 }),
      { kind: "rule", rule: "ask" } satisfies Change,
      { kind: "specific", decisions: [{ conflictId: "7", resolution: null }] } satisfies Change,
    ]) {
      expect(ResolveBody.parse(saveBody(change)).apply).toBe(false);
    }
  });
});

describe("outcomeOf", () => {
  const under = (
    resolution: ConflictView["resolution"],
    rule: "skip" | "overwrite" | "merge" | null = null,
  ) => ["notes", "maxDays"].map((name) => outcomeOf({ ...CONFLICT, resolution }, name, rule));

  it("knows nothing while nothing is decided", () => {
    expect(under(null)).toEqual([null, null]);
  });

  it("follows a decision, and the rule where there is none", () => {
    const mine = [
      { value: "late", from: "existing" },
      { value: 90, from: "existing" },
    ];
    expect(under({ resolution: "skip", fields: null }, "overwrite")).toEqual(mine);
    expect(under(null, "overwrite")).toEqual([
      { value: "early", from: "incoming" },
      { value: 30, from: "incoming" },
    ]);
    expect(under({ resolution: "keepBoth", fields: null })).toEqual(mine);
  });

  it("merges what only the file changed, keeps mine where both did, and puts typed values in", () => {
    expect(under({ resolution: "merge", fields: null })).toEqual([
      { value: "late", from: "existing" },
      { value: 30, from: "incoming" },
    ]);
    expect(under({ resolution: "merge", fields: { notes: "in between", maxDays: null } })).toEqual([
      { value: "in between", from: "typed" },
      { value: undefined, from: "typed" },
    ]);
  });

  it("fills a gap of mine that clashes with nothing", () => {
    const { notes: _gone, ...data } = CONFLICT.existing.data;
    const gap = { ...CONFLICT, existing: { ...CONFLICT.existing, data }, merged: data };
    expect(mergeOutcome(gap, "notes", null)).toEqual({ value: "early", from: "incoming" });
    expect(chosenValues(gap, { notes: "existing" })).toEqual({ notes: null });
  });
});
