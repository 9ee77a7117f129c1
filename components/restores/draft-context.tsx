"use client";

import { createContext, use, useState, type ReactNode } from "react";
import { NEW_DRAFT, type RestoreDraft } from "./draft";

interface Kept {
  /** What the draft is about: a backup's id, or "file". */
  of: string;
  draft: RestoreDraft;
}

const RestoreDraftContext = createContext<{ kept: Kept | null; keep: (kept: Kept) => void } | null>(null);

/**
 * Keeps what was chosen, the key above all, while a person goes to and fro between the pages of backups: it is never
 * stored, so that it would have to be typed again with every look.
 */
export function RestoreDraftProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useState<Kept | null>(null);
  return <RestoreDraftContext value={{ kept, keep: setKept }}>{children}</RestoreDraftContext>;
}

/** The draft about one backup, and the way to change it. */
export function useRestoreDraft(of: string): [RestoreDraft, (draft: RestoreDraft) => void] {
  const context = use(RestoreDraftContext);
  if (!context) throw new Error("There is no RestoreDraftProvider above this component.");
  const { kept, keep } = context;
  return [kept?.of === of ? kept.draft : NEW_DRAFT, (draft) => keep({ of, draft })];
}
