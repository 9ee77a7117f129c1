"use client";

import type { ReactNode } from "react";
import { RunActions } from "./run-dialog";

interface RedoFormProps {
  redo: {
    error: Error | null;
    isPending: boolean;
    mutate: (nothing: void, options: { onSuccess: () => void }) => void;
  };
  isReady: boolean;
  onClose: () => void;
  /** What it does. */
  children: ReactNode;
}

/** Begins to bring back what was undone. The page behind shows how far it is. */
export function RedoForm({ redo, isReady, onClose, children }: RedoFormProps) {
  return (
    <>
      {children}
      <RunActions
        error={redo.error}
        failed="It was not brought back"
        leave="Leave it undone"
        go="Bring it back"
        isReady={isReady}
        isPending={redo.isPending}
        onLeave={onClose}
        onGo={() => redo.mutate(undefined, { onSuccess: onClose })}
      />
    </>
  );
}
