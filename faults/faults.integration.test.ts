import { strikeInTests } from "./in-tests";
import { runScenario } from "./run";
import { describeScenario, drawScenario, replayOf } from "./scenario";

/** Every kind of fault, in every phase at least once. `npm run faults` goes through all faults at all moments. */
strikeInTests("whatever breaks, what is there is what was there before or what the import makes", {
  runs: [
    { seed: 1, kind: "insert", fault: "kill-worker", at: "import:ddl.staged" },
    { seed: 2, kind: "insert", fault: "kill-postgres", at: "import:chunk.written", detail: "backend" },
    { seed: 3, kind: "insert", fault: "kill-all", at: "import:memo.apply-0" },
    { seed: 4, kind: "insert", fault: "kill-postgres", at: "undo:chunk.undone", detail: "postmaster" },
    { seed: 5, kind: "insert", fault: "kill-worker", at: "redo:chunk.undone" },
    { seed: 6, kind: "insert", fault: "cut", at: "import:memo.plan-0", ms: 2_000 },
    { seed: 7, kind: "insert", fault: "full-disk", at: "import:ddl.staged", ms: 2_500 },
    {
      seed: 8,
      kind: "insert",
      fault: "hang",
      at: "import:chunk.written",
      detail: "shorter than a step may take",
      ms: 3_000,
    },
    { seed: 9, kind: "insert", fault: "kill-all", at: "import:import.applying" },
    { seed: 10, kind: "update", fault: "kill-postgres", at: "import:import.approved", detail: "everything" },
    { seed: 11, kind: "replace", fault: "kill-all", at: "import:chunk.deleted" },
    { seed: 12, kind: "update", fault: "kill-worker", at: "undo:chunk.undone" },
  ],
  draw: drawScenario,
  describe: describeScenario,
  replayOf,
  run: runScenario,
});
