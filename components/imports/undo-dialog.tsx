"use client";

import { Button, Group, List, Modal, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { undoPreviewQuery, useUndoImport } from "./queries";

/** Shows what an undo would do, asks about records that were edited since, and begins it. */
export function UndoDialog({ importId, onClose }: { importId: string; onClose: () => void }) {
  const preview = useQuery(undoPreviewQuery(importId));
  const undo = useUndoImport(importId);
  const [changedSince, setChangedSince] = useState<"keep" | "revert">("keep");
  const edited = preview.data?.changedSinceCount ?? preview.data?.changedSince.length ?? 0;
  return (
    <Modal opened onClose={onClose} title="Undo this import" size="md">
      <Stack gap="md">
        {preview.isPending ? <Skeleton height={90} /> : null}
        {preview.isError ? <ProblemAlert error={preview.error} title="It cannot be undone" /> : null}
        {preview.data ? (
          <>
            <List size="sm" spacing={4}>
              <List.Item>{countOf(preview.data.toRemove, "record")} that it added will be removed.</List.Item>
              <List.Item>
                {countOf(preview.data.toRestore, "record")} that it updated will be as before.
              </List.Item>
            </List>
            {edited > 0 ? (
              <Radio.Group
                label={`${countOf(edited, "record")} ${edited === 1 ? "was" : "were"} edited since the import`}
                value={changedSince}
                onChange={(value) => setChangedSince(value === "revert" ? "revert" : "keep")}
              >
                <Stack gap="xs" mt="xs">
                  <Radio value="keep" label="Keep them as they are now" />
                  <Radio value="revert" label="Take them back too; the edits are lost" />
                </Stack>
              </Radio.Group>
            ) : (
              <Text size="sm" c="dimmed">
                No record was edited since.
              </Text>
            )}
          </>
        ) : null}
        <ProblemAlert error={undo.error} title="The undo did not begin" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep the import
          </Button>
          <Button
            color="red"
            disabled={!preview.data}
            loading={undo.isPending}
            onClick={() => undo.mutate(changedSince, { onSuccess: onClose })}
          >
            Undo
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
