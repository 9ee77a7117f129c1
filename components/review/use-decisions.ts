import { useQueryClient, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState } from "react";
import { importQuery } from "@/components/imports/queries";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ConflictPage, ConflictView } from "@/lib/contracts/review";
import { afterChange, type Change } from "./decisions";
import { conflictCountQuery, conflictPagesQuery, saveChange } from "./queries";
import { NO_FILTER, type ReviewStore } from "./review-store";
import { SaveQueue } from "./save-queue";

/** Makes a decision: it shows at once and is saved behind it. Resolves when the server has it. */
export type Decide = (change: Change, options?: { alone?: boolean }) => Promise<void>;

export const DecideContext = createContext<Decide | null>(null);

export function useDecide(): Decide {
  const decide = use(DecideContext);
  if (!decide) throw new Error("There is no review around this component.");
  return decide;
}

/** The way of decisions to the server, and of its answers into the cache and the store. */
export function useDecisions(importId: string, store: ReviewStore): Decide {
  const client = useQueryClient();
  const [decide] = useState<Decide>(() => decisionsOf(client, importId, store));

  // Decisions are saved within a moment; whoever leaves within it is asked first.
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (store.getState().unsaved > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [store]);

  return decide;
}

function decisionsOf(client: QueryClient, importId: string, store: ReviewStore): Decide {
  const pages = { queryKey: conflictPagesQuery(importId, NO_FILTER).queryKey.slice(0, 4) };
  const counts = { queryKey: conflictCountQuery(importId, NO_FILTER).queryKey.slice(0, 4) };
  /** What the server has for conflicts whose decision is on its way. */
  const saved = new Map<string, ConflictView["resolution"]>();

  const patch = (map: (conflict: ConflictView) => ConflictView) =>
    client.setQueriesData<InfiniteData<ConflictPage>>(pages, (data) =>
      data ? { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(map) })) } : data,
    );

  const show = (change: Change) =>
    patch((conflict) => {
      const after = afterChange(conflict, change);
      if (after !== conflict && !saved.has(conflict.id)) saved.set(conflict.id, conflict.resolution);
      return after;
    });

  const queue = new SaveQueue<ImportView>({
    send: (change) => saveChange(importId, change),
    onSaved: (view, change, waiting) => {
      store.getState().set({ saveError: null });
      if (waiting.length > 0) {
        if (change.kind === "specific") change.decisions.forEach((d) => saved.delete(d.conflictId));
        return;
      }
      saved.clear();
      client.setQueryData(importQuery(importId).queryKey, view);
      void client.invalidateQueries(counts);
    },
    onFailed: (error, lost, waiting, alone) => {
      if (!alone) store.getState().set({ saveError: error });
      if (lost.kind === "bulk") void client.invalidateQueries(pages);
      const ids = new Set(lost.kind === "specific" ? lost.decisions.map((d) => d.conflictId) : []);
      patch((conflict) => {
        const resolution = saved.get(conflict.id);
        return ids.has(conflict.id) && resolution !== undefined ? { ...conflict, resolution } : conflict;
      });
      ids.forEach((id) => saved.delete(id));
      waiting.forEach(show);
      void client.invalidateQueries({ queryKey: importQuery(importId).queryKey });
    },
    onCount: (unsaved) => store.getState().set({ unsaved }),
  });

  return async (change, { alone = false } = {}) => {
    show(change);
    await queue.push(change, alone);
  };
}
