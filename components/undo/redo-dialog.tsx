"use client";

import { Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { redoPreviewQuery, useRedoImport } from "./queries";

/** Shows what taking an undo back would do, and begins it. The page behind shows how far it is. */
export function RedoDialog({ importId, onClose }: { importId: string; onClose: () => void }) {
  const preview = useQuery(redoPreviewQuery(importId));
  const redo = useRedoImport(importId);
  const lines = preview.data
    ? [
        preview.data.toReinsert > 0
          ? `${countOf(preview.data.toReinsert, "record")} will be added again.`
          : "",
        preview.data.toUpdate > 0
          ? `${countOf(preview.data.toUpdate, "record")} will have the values again that they had before the undo.`
          : "",
        preview.data.toRemove > 0 ? `${countOf(preview.data.toRemove, "record")} will be removed again.` : "",
        preview.data.kept > 0
          ? `${countOf(preview.data.kept, "record")} edited since the undo will stay as they are.`
          : "",
      ].filter((line) => line !== "")
    : [];
  return (
    <Modal opened onClose={onClose} title="Bring this import back" size="md">
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={70} aria-label="Looking at what would change" /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title="It cannot be brought back" /> : null}
        {preview.data ? (
          lines.length > 0 ? (
            <List size="sm" spacing={4}>
              {lines.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          ) : (
            <Text size="sm">No record has to change; the import counts as done again.</Text>
          )
        ) : null}
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
