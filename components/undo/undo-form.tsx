"use client";

import { Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { countOf, formatCount } from "@/components/format";
import type { Field } from "@/lib/core/fields/types";
import { ChangedRecords } from "./changed-records";
import { RunActions } from "./run-dialog";
import {
  chooseForAll,
  NOTHING_CHOSEN,
  revertedCount,
  undoBody,
  type ChangedRecord,
  type UndoBody,
  type UndoChoices,
} from "./undo-choices";
import { UNDO_WORDS, type Undone } from "./words";

interface EditedRecords {
  changedSince: readonly ChangedRecord[];
  changedSinceCount: number;
}

interface UndoFormProps {
  undone: Undone;
  /** Undefined until it is known what would change. */
  preview: EditedRecords | undefined;
  /** Undefined until the fields are known. */
  fieldsOf: ((record: ChangedRecord) => readonly Field[]) | undefined;
  undo: {
    error: Error | null;
    isPending: boolean;
    mutate: (body: UndoBody, options: { onSuccess: () => void }) => void;
  };
  onClose: () => void;
  /** What the undo does to records that nobody has touched since. */
  children: ReactNode;
}

/** Asks about records that were edited since, and begins the undo. The page behind shows how far it is. */
export function UndoForm({ undone, preview, fieldsOf, undo, onClose, children }: UndoFormProps) {
  const [choices, setChoices] = useState<UndoChoices>(NOTHING_CHOSEN);
  return (
    <>
      {preview ? (
        <>
          {children}
          {preview.changedSinceCount > 0 ? (
            <EditedSince
              undone={undone}
              preview={preview}
              fieldsOf={fieldsOf}
              choices={choices}
              onChange={setChoices}
            />
          ) : null}
          <Text size="sm" c="dimmed">
            The undo can itself be taken back.
          </Text>
        </>
      ) : null}
      <RunActions
        error={undo.error}
        failed="The undo did not begin"
        leave={UNDO_WORDS[undone].keep}
        go="Undo"
        color="red"
        isReady={preview !== undefined}
        isPending={undo.isPending}
        onLeave={onClose}
        onGo={() => undo.mutate(undoBody(choices), { onSuccess: onClose })}
      />
    </>
  );
}

interface EditedSinceProps extends Pick<UndoFormProps, "undone" | "fieldsOf"> {
  preview: EditedRecords;
  choices: UndoChoices;
  onChange: (choices: UndoChoices) => void;
}

function EditedSince({ undone, preview, fieldsOf, choices, onChange }: EditedSinceProps) {
  const { changedSince, changedSinceCount } = preview;
  const reverted = revertedCount(choices, changedSinceCount);
  const mixed = Object.keys(choices.records).length > 0;
  return (
    <Stack gap="sm">
      <Radio.Group
        label={`${countOf(changedSinceCount, "record")} ${changedSinceCount === 1 ? "was" : "were"} edited since the ${undone}`}
        value={mixed ? "" : choices.all}
        onChange={(value) => onChange(chooseForAll(value === "revert" ? "revert" : "keep"))}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="keep" label="Keep them all as they are now" />
          <Radio value="revert" label="Take them all back too; the edits are lost" />
        </Stack>
      </Radio.Group>
      {changedSince.length < changedSinceCount ? (
        <Text size="sm" c="dimmed">
          The first {formatCount(changedSince.length)} are listed. The others are{" "}
          {choices.all === "keep" ? "kept" : "taken back"}, as chosen for all.
        </Text>
      ) : null}
      {fieldsOf ? (
        <ChangedRecords
          undone={undone}
          records={changedSince}
          fieldsOf={fieldsOf}
          choices={choices}
          onChange={onChange}
        />
      ) : (
        <Skeleton height={120} />
      )}
      <Text size="sm" aria-live="polite" className="tabular">
        {formatCount(changedSinceCount - reverted)} kept, {formatCount(reverted)} taken back.
      </Text>
    </Stack>
  );
}
