import { createStore } from "zustand/vanilla";

/** Where the records of an upload are to go, as far as the person has said so. */
export interface UploadTarget {
  collectionId?: string;
  newCollection?: { name: string; template?: string };
}

/**
 * checking: looked at before anything is sent · uploading · paused · finishing: sent, the server joins and detects ·
 * ready: an import waits to be mapped · failed: can be tried again · refused: can never be imported as it is
 */
export type UploadState = "checking" | "uploading" | "paused" | "finishing" | "ready" | "failed" | "refused";

export interface UploadItem {
  id: string;
  name: string;
  sizeBytes: number;
  sentBytes: number;
  state: UploadState;
  /** True when parts sent before a reload are being used. */
  resumed: boolean;
  message?: string;
  target: UploadTarget;
  /** Set when `ready`. */
  importId?: string;
}

interface UploadsState {
  items: UploadItem[];
  add: (item: UploadItem) => void;
  change: (id: string, change: Partial<UploadItem>) => void;
  remove: (id: string) => void;
}

/** The queue of this browser tab. Made by the provider, so that nothing of it exists on the server. */
export function createUploadsStore() {
  return createStore<UploadsState>()((set) => ({
    items: [],
    add: (item) => set((s) => ({ items: [...s.items, item] })),
    change: (id, change) =>
      set((s) => ({ items: s.items.map((item) => (item.id === id ? { ...item, ...change } : item)) })),
    remove: (id) => set((s) => ({ items: s.items.filter((item) => item.id !== id) })),
  }));
}
