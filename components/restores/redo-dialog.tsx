"use client";

import { useQuery } from "@tanstack/react-query";
import { countOf } from "@/components/format";
import { RedoForm } from "@/components/undo/redo-form";
import { RunDialog, RunSummary } from "@/components/undo/run-dialog";
import type { RestoreRedoPreview } from "@/lib/contracts/restores";
import { categoryLines } from "./category-words";
import { restoreRedoQuery, useRedoRestore } from "./queries";

interface DialogProps {
  restoreId: string;
  opened: boolean;
  onClose: () => void;
}

/** Shows what taking the undo of a restore back would do, and begins it. */
export function RestoreRedoDialog({ restoreId, opened, onClose }: DialogProps) {
  const preview = useQuery({ ...restoreRedoQuery(restoreId), enabled: opened });
  const redo = useRedoRestore(restoreId);
  return (
    <RunDialog
      title="Bring this restore back"
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

function Summary({ preview }: { preview: RestoreRedoPreview }) {
  const { toReinsert, toRestore, toRemove, changedSinceCount, categories } = preview;
  return (
    <RunSummary
      lines={[
        toReinsert > 0 ? `${countOf(toReinsert, "record")} will be there again.` : "",
        toRestore > 0 ? `${countOf(toRestore, "record")} will have the backup’s values again.` : "",
        toRemove > 0 ? `${countOf(toRemove, "record")} will be removed again.` : "",
        changedSinceCount > 0
          ? `${countOf(changedSinceCount, "record")} edited since the undo will stay.`
          : "",
        ...categoryLines(categories, "will be as in the backup again", "will be there again"),
      ]}
      otherwise="No record has to change; the restore counts as done again."
    />
  );
}
