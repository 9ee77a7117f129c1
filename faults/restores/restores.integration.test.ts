import { runRestoreScenario } from "./run";
import { describeRestoreScenario, drawRestoreScenario, replayOfRestores } from "./scenario";
import { strikeInTests } from "../in-tests";

/** The moments that cost the most when they are lost. `npm run faults` goes through all faults at all moments. */
strikeInTests("whatever breaks, a restore is there whole or not at all, and so are its undo and redo", {
  runs: [
    { seed: 1, fault: "kill-worker", at: "preview:ddl.staged", nth: 2, kind: "given-key" },
    { seed: 2, fault: "kill-worker", at: "run:chunk.written", nth: 2, kind: "overwrite" },
    { seed: 3, fault: "kill-all", at: "undo:chunk.undone", nth: 2, kind: "overwrite" },
  ],
  draw: drawRestoreScenario,
  describe: describeRestoreScenario,
  replayOf: replayOfRestores,
  run: runRestoreScenario,
});
