"use client";

import { Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { RedoPreviewView } from "@/lib/contracts/redo";
import { LaterImports } from "./later-imports";
import { redoPreviewQuery, useRedoImport } from "./queries";

interface RedoDialogProps {
  importId: string;
  opened: boolean;
  onClose: () => void;
}

/** Shows what taking an undo back would do, and begins it. The page behind shows how far it is. */
export function RedoDialog({ importId, opened, onClose }: RedoDialogProps) {
  const preview = useQuery({ ...redoPreviewQuery(importId), enabled: opened });
  const redo = useRedoImport(importId);
  return (
    <Modal opened={opened} onClose={onClose} title="Bring this import back" size="md">
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={70} aria-label="Looking at what would change" /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title="It cannot be brought back" /> : null}
        {preview.data ? <RedoSummary preview={preview.data} /> : null}
        <ProblemAlert error={redo.error} title="It was not brought back" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it undone
          </Button>
          <Button
            disabled={!preview.data}
            loading={redo.isPending}
            onClick={() => redo.mutate(undefined, { onSuccess: onClose })}
          >
            Bring it back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function RedoSummary({ preview }: { preview: RedoPreviewView }) {
  const { toReinsert, toRestore, toRemove, changedSinceCount } = preview;
  const lines = [
    preview.remakesCollection ? "The collection comes back." : "",
    toReinsert > 0 ? `${countOf(toReinsert, "record")} will be there again.` : "",
    toRestore > 0 ? `${countOf(toRestore, "record")} will have the import’s values again.` : "",
    toRemove > 0 ? `${countOf(toRemove, "record")} will be removed again.` : "",
    changedSinceCount > 0 ? `${countOf(changedSinceCount, "record")} edited since the undo will stay.` : "",
  ].filter((line) => line !== "");
  return (
    <>
      {lines.length > 0 ? (
        <List size="sm" spacing={4}>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      ) : (
        <Text size="sm">No record has to change; the import counts as done again.</Text>
      )}
      <LaterImports title="Imports since the undo" imports={preview.laterImports}>
        If one of them brought the same rows, they will be there twice.
      </LaterImports>
    </>
  );
}
