"use client";

import { useQuery } from "@tanstack/react-query";
import { countOf } from "@/components/format";
import type { RedoPreviewView } from "@/lib/contracts/redo";
import { LaterImports } from "./later-imports";
import { redoPreviewQuery, useRedoImport } from "./queries";
import { RedoForm } from "./redo-form";
import { RunDialog, RunSummary } from "./run-dialog";

interface RedoDialogProps {
  importId: string;
  opened: boolean;
  onClose: () => void;
}

/** Shows what taking the undo of an import back would do, and begins it. */
export function RedoDialog({ importId, opened, onClose }: RedoDialogProps) {
  const preview = useQuery({ ...redoPreviewQuery(importId), enabled: opened });
  const redo = useRedoImport(importId);
  return (
    <RunDialog
      title="Bring this import back"
      refused="It cannot be brought back"
      opened={opened}
      onClose={onClose}
      preview={preview}
    >
      <RedoForm redo={redo} isReady={preview.data !== undefined} onClose={onClose}>
        {preview.data ? <Summary preview={preview.data} /> : null}
      </RedoForm>
    </RunDialog>
  );
}

function Summary({ preview }: { preview: RedoPreviewView }) {
  const { toReinsert, toRestore, toRemove, changedSinceCount } = preview;
  return (
    <>
      <RunSummary
        lines={[
          preview.remakesCollection ? "The collection comes back." : "",
          toReinsert > 0 ? `${countOf(toReinsert, "record")} will be there again.` : "",
          toRestore > 0 ? `${countOf(toRestore, "record")} will have the import’s values again.` : "",
          toRemove > 0 ? `${countOf(toRemove, "record")} will be removed again.` : "",
          changedSinceCount > 0
            ? `${countOf(changedSinceCount, "record")} edited since the undo will stay.`
            : "",
        ]}
        otherwise="No record has to change; the import counts as done again."
      />
      <LaterImports title="Imports since the undo" imports={preview.laterImports}>
        If one of them brought the same rows, they will be there twice.
      </LaterImports>
    </>
  );
}
