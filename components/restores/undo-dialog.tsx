"use client";

import { useQuery } from "@tanstack/react-query";
import { countOf } from "@/components/format";
import { LaterImports } from "@/components/undo/later-imports";
import { RunDialog, RunSummary } from "@/components/undo/run-dialog";
import type { ChangedRecord } from "@/components/undo/undo-choices";
import { UndoForm } from "@/components/undo/undo-form";
import type { RestoreUndoPreview } from "@/lib/contracts/restores";
import { categoryLines } from "./category-words";
import { restoreUndoQuery, useUndoRestore } from "./queries";

interface DialogProps {
  restoreId: string;
  opened: boolean;
  onClose: () => void;
}

/** Shows what the undo of a restore would do, asks about records that were edited since, and begins it. */
export function RestoreUndoDialog({ restoreId, opened, onClose }: DialogProps) {
  const preview = useQuery({ ...restoreUndoQuery(restoreId), enabled: opened });
  const undo = useUndoRestore(restoreId);
  const fields = new Map(preview.data?.collections.map((one) => [one.importId, one.fields]));
  const fieldsOf = ({ importId }: ChangedRecord) => fields.get(importId ?? "") ?? [];
  return (
    <RunDialog
      title="Undo this restore"
      refused="It cannot be undone"
      opened={opened}
      onClose={onClose}
      preview={preview}
      asks={(preview.data?.changedSinceCount ?? 0) > 0}
    >
      <UndoForm undone="restore" preview={preview.data} fieldsOf={fieldsOf} undo={undo} onClose={onClose}>
        {preview.data ? <Summary preview={preview.data} /> : null}
      </UndoForm>
    </RunDialog>
  );
}

function Summary({ preview }: { preview: RestoreUndoPreview }) {
  const { toRemove, toRestore, toReinsert, changedSinceCount, collectionsToRemove, categories } = preview;
  return (
    <>
      <RunSummary
        lines={[
          toRemove > 0 ? `${countOf(toRemove, "record")} that came back will be removed again.` : "",
          toRestore > 0 ? `${countOf(toRestore, "record")} that it changed will be as before.` : "",
          toReinsert > 0 ? `${countOf(toReinsert, "record")} that it removed will be put back.` : "",
          collectionsToRemove.length > 0
            ? `Gone again, unless something was added: ${collectionsToRemove.map(({ name }) => name).join(", ")}.`
            : "",
          ...categoryLines(categories, "will be as before", "that came back will go again"),
        ]}
        otherwise={
          changedSinceCount > 0
            ? "Every record of this restore was edited since. What happens to them is up to you."
            : "No record has to change."
        }
      />
      <LaterImports title="Later imports built on this restore" imports={preview.laterImports}>
        They changed records of it, so those records count as edited. To go back all the way, undo the latest
        first.
      </LaterImports>
    </>
  );
}
