import { Readable } from "node:stream";
import type { ImportState } from "@/db/schema";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import { AppError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { createImport } from "@/lib/services/imports/create";
import { listConflicts } from "@/lib/services/imports/conflicts";
import { startRedo } from "@/lib/services/imports/redo";
import { hasEnded } from "@/lib/services/imports/states";
import { resolveImport } from "@/lib/services/imports/resolve";
import { startUndo } from "@/lib/services/imports/undo";
import { updateRecord } from "@/lib/services/records/update";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";
import type { DataSet } from "./data";
import { awaited, persistently } from "./persist";
import type { World } from "./world";

const DECISIONS = ["skip", "merge", "keepBoth"] as const;

export type Into = { collectionId: string } | { newCollection: { name: string; template: "trips" } };

/** Somebody at the page: calls, and calls again when the answer was an error that passes. */
export interface Person {
  ctx: ServiceContext;
  /** Brings a file in; resolves to the import's id when it has ended. */
  importFile(name: string, content: string, into: Into, strategy?: DataSet["strategy"]): Promise<string>;
  edit(collectionId: string, edits: DataSet["edits"]): Promise<void>;
  /** Undo or redo an import; resolve when it has ended, begun again whenever the job says that it failed. */
  undo(importId: string): Promise<void>;
  redo(importId: string): Promise<void>;
}

export function person(world: World, ctx: ServiceContext): Person {
  const { sql } = world.db;

  const stateOf = async (importId: string) => {
    const [row] = await persistently(
      () => sql<{ state: ImportState; ended: boolean }[]>`
        select i.state, not exists (select from jobs j where j.subject_id = i.id and j.finished_at is null) as ended
        from imports i where i.id = ${importId}`,
    );
    return row;
  };

  const ended = async (importId: string, decide: () => Promise<void>): Promise<ImportState> => {
    let now: Awaited<ReturnType<typeof stateOf>>;
    return await awaited(
      async () => {
        now = await stateOf(importId);
        if (now?.state === "awaiting_review") await decide();
        return now?.ended && hasEnded(now.state) ? now.state : undefined;
      },
      () => `the import is still ${now?.state ?? "not to be read"}`,
    );
  };

  const decide = async (importId: string) => {
    await untilAnswered(async () => {
      const { items } = await listConflicts(ctx, importId, { limit: 3, state: "all" });
      await resolveImport(ctx, importId, {
        globalStrategy: "overwrite",
        specificResolutions: items.map((c, i) => ({ conflictId: c.id, resolution: DECISIONS[i]! })),
      });
    });
  };

  const turn = async (
    importId: string,
    start: () => Promise<unknown>,
    isThere: (state: ImportState) => boolean,
  ) => {
    for (let attempt = 1; attempt <= 4; attempt++) {
      await untilAnswered(start);
      if (isThere(await ended(importId, () => Promise.resolve()))) return;
    }
    throw new Error("it failed four times");
  };

  return {
    ctx,
    importFile: async (name, content, into, strategy = "merge") => {
      const upload = await createUploadFromStream(ctx, { name, body: Readable.from([Buffer.from(content)]) });
      const before = new Set(await importIds());
      const options = ImportOptionsShape.parse({ sourceName: "trips", strategy });
      const view = await persistently(async () => {
        // A call whose answer was lost may have made the import all the same.
        const [made] = (await importIds()).filter((id) => !before.has(id));
        return made ? { id: made } : await createImport(ctx, { uploadId: upload.id, ...into, options });
      });
      await ended(view.id, () => decide(view.id));
      return view.id;
    },
    edit: async (collectionId, edits) => {
      for (const { visaType, data } of edits) {
        const [row] = await sql<{ id: string }[]>`
          select id from records where collection_id = ${collectionId} and data ->> 'visaType' = ${visaType}
          order by id limit 1`;
        if (row) await updateRecord(ctx, { collectionId, recordId: row.id }, { data, expected: undefined });
      }
    },
    undo: (importId) =>
      turn(
        importId,
        () => startUndo(ctx, importId, { changedSince: "keep" }),
        (state) => state === "undone",
      ),
    redo: (importId) =>
      turn(
        importId,
        () => startRedo(ctx, importId),
        (state) => state.startsWith("completed"),
      ),
  };

  async function importIds(): Promise<string[]> {
    return (await sql<{ id: string }[]>`select id from imports where owner_id = ${ctx.ownerId}`).map(
      (r) => r.id,
    );
  }
}

/** A refusal (the thing has been done meanwhile, say) is an answer. */
export async function untilAnswered(work: () => Promise<unknown>): Promise<void> {
  await persistently(work).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}
