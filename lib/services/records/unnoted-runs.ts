import type { RunOfUpdate } from "@/db/queries/unnoted-runs";
import type { NotedChange } from "@/db/queries/record-history";

/**
 * The undos and redos that changed a record and noted nothing of it, since they found it just as the import, or the undo
 * before, had left it. Each led one version on; which version it was follows from those before it.
 * @param runs import by import, oldest first
 */
export function unnotedRuns(runs: readonly RunOfUpdate[]): NotedChange[] {
  const changes: NotedChange[] = [];
  let importId: string | null = null;
  let version = 0;
  /** in: as the import made it · out: taken back without a note · other: a note of its own tells what it is */
  let state: "in" | "out" | "other" = "in";
  for (const run of runs) {
    if (run.importId !== importId) {
      ({ importId } = run);
      version = run.beforeVersion + 1;
      state = "in";
    }
    if (run.noted) {
      if (run.noted.op === "update") version = run.noted.afterVersion!;
      state = run.noted.op === "update" && run.kind === "redo" ? "in" : "other";
    } else if (run.hasChunk && state === (run.kind === "undo" ? "in" : "out")) {
      changes.push(asChange(run, version));
      version += 1;
      state = run.kind === "undo" ? "out" : "in";
    }
  }
  return changes;
}

function asChange(run: RunOfUpdate, version: number): NotedChange {
  const { kind, at, importId, restoreId, jobId, label, beforeCreatedAt } = run;
  return {
    source: "undo",
    ref: run.runId,
    kind,
    beforeVersion: version,
    afterVersion: version + 1,
    at,
    userId: null,
    importId,
    restoreId,
    jobId,
    label,
    // An undo takes back what its import was the last to write, a redo what it had been before.
    beforeSourceImportId: kind === "undo" ? importId : run.beforeSourceImportId,
    beforeCreatedAt,
    implied: false,
    unnoted: true,
  };
}
