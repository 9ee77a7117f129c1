"use client";

import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { messageOf, newIdempotencyKey } from "@/components/api";
import { createDraft } from "@/components/imports/create-draft";
import type { CompletedUpload } from "@/lib/contracts/uploads";
import { reasonToRefuse } from "./check-file";
import { createUploadsStore, type UploadItem, type UploadTarget } from "./store";
import { Uploader } from "./uploader";

interface Uploads {
  items: UploadItem[];
  addFiles: (files: readonly File[], target?: UploadTarget) => void;
  pauseOrResume: (id: string) => void;
  retry: (id: string) => void;
  cancel: (id: string) => void;
  /** Takes a finished or refused file off the list. */
  dismiss: (id: string) => void;
}

const UploadsContext = createContext<Uploads | null>(null);

/** Holds the queue above the pages, so that uploads go on while the person looks elsewhere. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createUploadsStore);
  const items = useStore(store, (s) => s.items);
  const engine = useRef<UploadEngine | null>(null);

  useEffect(() => {
    const created = createEngine(store);
    engine.current = created;
    return () => created.destroy();
  }, [store]);

  const working = items.some((item) => item.state === "uploading" || item.state === "checking");
  useEffect(() => {
    if (!working) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [working]);

  const value = useMemo<Uploads>(
    () => ({
      items,
      addFiles: (files, target = {}) => files.forEach((file) => void engine.current?.add(file, target)),
      pauseOrResume: (id) => engine.current?.pauseOrResume(id),
      retry: (id) => engine.current?.retry(id),
      cancel: (id) => engine.current?.cancel(id),
      dismiss: (id) => store.getState().remove(id),
    }),
    [items, store],
  );
  return <UploadsContext.Provider value={value}>{children}</UploadsContext.Provider>;
}

export function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error("useUploads needs an UploadsProvider above it.");
  return uploads;
}

type UploadEngine = ReturnType<typeof createEngine>;

/** Ties the uploader's events to the store, and a finished upload to the import it becomes. */
function createEngine(store: ReturnType<typeof createUploadsStore>) {
  /** Uppy's id of a file → the item's id in the store, and back. */
  const itemIds = new Map<string, string>();
  const fileIds = new Map<string, string>();
  const uploaded = new Map<string, CompletedUpload>();
  const change = (fileId: string, values: Partial<UploadItem>) => {
    const id = itemIds.get(fileId);
    if (id !== undefined) store.getState().change(id, values);
  };
  const itemOf = (id: string) => store.getState().items.find((item) => item.id === id);

  async function prepare(id: string): Promise<void> {
    const item = itemOf(id);
    const upload = uploaded.get(id);
    if (!item || !upload) return;
    store.getState().change(id, { state: "finishing", message: undefined });
    try {
      const importId = await createDraft(upload, item.name, item.target);
      store.getState().change(id, { state: "ready", importId });
    } catch (error) {
      store.getState().change(id, { state: "failed", message: messageOf(error) });
    }
  }

  const uploader = new Uploader({
    onProgress: (fileId, sentBytes, allSent) =>
      change(fileId, allSent ? { sentBytes, state: "finishing" } : { sentBytes }),
    onResumed: (fileId) => change(fileId, { resumed: true }),
    onError: (fileId, message) => change(fileId, { state: "failed", message }),
    onComplete: (fileId, upload) => {
      const id = itemIds.get(fileId);
      if (id === undefined) return;
      uploaded.set(id, upload);
      void prepare(id);
    },
  });

  return {
    async add(file: File, target: UploadTarget): Promise<void> {
      const id = newIdempotencyKey();
      const item = { id, name: file.name, sizeBytes: file.size, sentBytes: 0, resumed: false, target };
      store.getState().add({ ...item, state: "checking" });
      const refusal = await reasonToRefuse(file);
      if (refusal !== null) {
        store.getState().change(id, { state: "refused", message: refusal });
        return;
      }
      try {
        store.getState().change(id, { state: "uploading" });
        const fileId = uploader.add(file);
        itemIds.set(fileId, id);
        fileIds.set(id, fileId);
      } catch {
        // Uppy refuses the very same file twice in one queue.
        store.getState().change(id, { state: "refused", message: "This file is in the list already." });
      }
    },
    pauseOrResume(id: string): void {
      const fileId = fileIds.get(id);
      if (fileId === undefined) return;
      uploader.pauseOrResume(fileId);
      store.getState().change(id, { state: itemOf(id)?.state === "paused" ? "uploading" : "paused" });
    },
    retry(id: string): void {
      if (uploaded.has(id)) {
        void prepare(id);
        return;
      }
      const fileId = fileIds.get(id);
      if (fileId === undefined) return;
      store.getState().change(id, { state: "uploading", message: undefined });
      uploader.retry(fileId);
    },
    cancel(id: string): void {
      const fileId = fileIds.get(id);
      if (fileId !== undefined) uploader.cancel(fileId);
      store.getState().remove(id);
    },
    destroy: () => uploader.destroy(),
  };
}
