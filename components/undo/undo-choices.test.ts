import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseField,
  chooseForAll,
  chooseRecord,
  choiceOf,
  isMixed,
  keyOf,
  NOTHING_CHOSEN,
  revertedCount,
  shownFields,
  undoBody,
  type UndoChoice,
} from "./undo-choices";

describe("undo choices", () => {
  it("keeps everything without a word, and says so to the server", () => {
    expect(undoBody(NOTHING_CHOSEN)).toEqual({ changedSince: "keep" });
  });

  it("names only what differs from the rule", () => {
    const choices = chooseRecord(chooseRecord(NOTHING_CHOSEN, "a", "revert"), "b", "keep");
    expect(undoBody(choices)).toEqual({
      changedSince: "keep",
      specificResolutions: [{ recordId: "a", resolution: "revert" }],
    });
  });

  it("names the import that a record of a restore belongs to", () => {
    const one = keyOf({ importId: "i", recordId: "a" });
    const choices = chooseField(NOTHING_CHOSEN, one, "notes", "revert");
    expect(choiceOf(choices, keyOf({ importId: "other", recordId: "a" }), "notes")).toBe("keep");
    expect(undoBody(choices).specificResolutions).toEqual([
      { importId: "i", recordId: "a", resolution: "keep", fields: { notes: "revert" } },
    ]);
  });

  it("lets single fields go another way than their record", () => {
    const choices = chooseField(chooseForAll("revert"), "a", "notes", "keep");
    expect(choiceOf(choices, "a")).toBe("revert");
    expect(choiceOf(choices, "a", "notes")).toBe("keep");
    expect(choiceOf(choices, "a", "country")).toBe("revert");
    expect(isMixed(choices, "a")).toBe(true);
    expect(undoBody(choices).specificResolutions).toEqual([
      { recordId: "a", resolution: "revert", fields: { notes: "keep" } },
    ]);
  });

  it("forgets the fields when the whole record is chosen again", () => {
    const choices = chooseRecord(chooseField(NOTHING_CHOSEN, "a", "notes", "revert"), "a", "keep");
    expect(choices).toEqual(NOTHING_CHOSEN);
  });

  it("tells the server exactly what is shown, whatever was clicked before", () => {
    const click = fc.record({
      record: fc.constantFrom("a", "b", "c"),
      field: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
      choice: fc.constantFrom<UndoChoice>("keep", "revert"),
    });
    fc.assert(
      fc.property(fc.array(click, { maxLength: 12 }), (clicks) => {
        const choices = clicks.reduce(
          (c, { record, field, choice }) =>
            field === undefined ? chooseRecord(c, record, choice) : chooseField(c, record, field, choice),
          NOTHING_CHOSEN,
        );
        const body = undoBody(choices);
        for (const id of ["a", "b", "c"]) {
          const said = body.specificResolutions?.find((r) => r.recordId === id);
          expect(choiceOf(choices, id)).toBe(said?.resolution ?? body.changedSince);
          for (const name of ["x", "y"]) {
            expect(choiceOf(choices, id, name)).toBe(
              said?.fields?.[name] ?? said?.resolution ?? body.changedSince,
            );
          }
        }
      }),
    );
  });

  it("counts records beyond those listed by the rule", () => {
    expect(revertedCount(chooseRecord(chooseForAll("revert"), "a", "keep"), 5_000)).toBe(4_999);
    expect(revertedCount(chooseRecord(NOTHING_CHOSEN, "a", "revert"), 5_000)).toBe(1);
  });
});

it("shows the fields that differ, in the collection's order", () => {
  const record = {
    recordId: "a",
    kind: "updated" as const,
    version: 3,
    fields: ["notes"],
    before: { country: "Peru", notes: "old", visaType: "Work" },
    written: { country: "Peru", notes: "new", visaType: "Tourist" },
    current: { country: "Peru", notes: "mine", visaType: "Tourist" },
  };
  expect(shownFields(record, ["visaType", "country", "notes"])).toEqual(["visaType", "notes"]);
});
