"use client";

import { useQuery } from "@tanstack/react-query";
import { importQuery } from "@/components/imports/queries";
import { undoPreviewQuery, useUndoImport } from "./queries";
import { RunDialog } from "./run-dialog";
import { UndoForm } from "./undo-form";
import { UndoSummary } from "./undo-summary";

interface UndoDialogProps {
  importId: string;
  opened: boolean;
  onClose: () => void;
}

/** Shows what the undo of an import would do, asks about records that were edited since, and begins it. */
export function UndoDialog({ importId, opened, onClose }: UndoDialogProps) {
  const preview = useQuery({ ...undoPreviewQuery(importId), enabled: opened });
  const asks = (preview.data?.changedSinceCount ?? 0) > 0;
  const view = useQuery({ ...importQuery(importId), enabled: opened && asks });
  const undo = useUndoImport(importId);
  const fields = view.data?.fields;
  return (
    <RunDialog
      title="Undo this import"
      refused="It cannot be undone"
      opened={opened}
      onClose={onClose}
      preview={preview}
      asks={asks}
    >
      <UndoForm
        undone="import"
        preview={preview.data}
        fieldsOf={fields && (() => fields)}
        undo={undo}
        onClose={onClose}
      >
        {preview.data ? <UndoSummary preview={preview.data} /> : null}
      </UndoForm>
    </RunDialog>
  );
}
