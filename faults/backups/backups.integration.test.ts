import { strikeInTests } from "../in-tests";
import { runBackupScenario } from "./run";
import { describeBackupScenario, drawBackupScenario, replayOfBackups } from "./scenario";

/** The moments that cost the most when they are lost. `npm run faults` goes through all faults at all moments. */
strikeInTests("whatever breaks, a backup is there whole or not at all", {
  runs: [
    { seed: 1, fault: "kill-worker", at: "full:job.writing" },
    { seed: 2, fault: "kill-all", at: "incremental:backup.completed" },
    { seed: 4, fault: "kill-worker", at: "retention:backup.removing" },
  ],
  draw: drawBackupScenario,
  describe: describeBackupScenario,
  replayOf: replayOfBackups,
  run: runBackupScenario,
});
