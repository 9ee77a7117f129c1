"use client";

import { Button, Group, Modal, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf, formatCount } from "@/components/format";
import { importQuery } from "@/components/imports/queries";
import { ProblemAlert } from "@/components/problem-alert";
import type { UndoPreviewView } from "@/lib/contracts/imports";
import { ChangedRecords } from "./changed-records";
import { undoPreviewQuery, useUndoImport } from "./queries";
import { chooseForAll, NOTHING_CHOSEN, revertedCount, undoBody, type UndoChoices } from "./undo-choices";
import { UndoSummary } from "./undo-summary";
import classes from "./undo.module.css";

interface UndoDialogProps {
  importId: string;
  opened: boolean;
  onClose: () => void;
}

/**
 * Shows what an undo would do, asks about records that were edited since, and begins it. The page behind shows how far
 * it is. Rendered also while closed: so the focus goes back to where it came from.
 */
export function UndoDialog({ importId, opened, onClose }: UndoDialogProps) {
  const preview = useQuery({ ...undoPreviewQuery(importId), enabled: opened });
  const phone = useMediaQuery("(max-width: 48em)");
  const asks = (preview.data?.changedSinceCount ?? 0) > 0;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Undo this import"
      size={asks ? "xl" : "md"}
      fullScreen={phone === true && asks}
    >
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={90} aria-label="Looking at what would change" /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title="It cannot be undone" /> : null}
        <UndoForm importId={importId} preview={preview.data} onClose={onClose} />
      </Stack>
    </Modal>
  );
}

interface UndoFormProps {
  importId: string;
  preview: UndoPreviewView | undefined;
  onClose: () => void;
}

function UndoForm({ importId, preview, onClose }: UndoFormProps) {
  const undo = useUndoImport(importId);
  const [choices, setChoices] = useState<UndoChoices>(NOTHING_CHOSEN);
  return (
    <>
      {preview ? (
        <>
          <UndoSummary preview={preview} />
          {preview.changedSinceCount > 0 ? (
            <EditedSince importId={importId} preview={preview} choices={choices} onChange={setChoices} />
          ) : null}
          <Text size="sm" c="dimmed">
            The undo can itself be taken back.
          </Text>
        </>
      ) : null}
      <ProblemAlert error={undo.error} title="The undo did not begin" />
      <Group justify="flex-end" className={classes.actions}>
        <Button variant="default" onClick={onClose}>
          Keep the import
        </Button>
        <Button
          color="red"
          disabled={!preview}
          loading={undo.isPending}
          onClick={() => undo.mutate(undoBody(choices), { onSuccess: onClose })}
        >
          Undo
        </Button>
      </Group>
    </>
  );
}

interface EditedSinceProps {
  importId: string;
  preview: UndoPreviewView;
  choices: UndoChoices;
  onChange: (choices: UndoChoices) => void;
}

function EditedSince({ importId, preview, choices, onChange }: EditedSinceProps) {
  const view = useQuery(importQuery(importId));
  const { changedSince, changedSinceCount } = preview;
  const reverted = revertedCount(choices, changedSinceCount);
  const mixed = Object.keys(choices.records).length > 0;
  return (
    <Stack gap="sm">
      <Radio.Group
        label={`${countOf(changedSinceCount, "record")} ${changedSinceCount === 1 ? "was" : "were"} edited since the import`}
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
      {view.data ? (
        <ChangedRecords
          records={changedSince}
          fields={view.data.fields}
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
