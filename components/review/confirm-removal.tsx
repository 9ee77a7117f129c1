"use client";

import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { countOf } from "@/components/format";

interface ConfirmRemovalProps {
  count: number;
  onClose: () => void;
  onConfirm: () => void;
}

/** Replacing removes records that the file does not have: nobody does that in passing. */
export function ConfirmRemoval({ count, onClose, onConfirm }: ConfirmRemovalProps) {
  const [sure, setSure] = useState(false);
  return (
    <Modal opened onClose={onClose} title={`Remove ${countOf(count, "record")}?`}>
      <Stack gap="md">
        <Text size="sm">
          You chose to replace the collection by the file. {countOf(count, "record")} that the file does not
          have will be removed. You can undo the import afterwards.
        </Text>
        <Checkbox
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
          label={`Yes, remove ${countOf(count, "record")}`}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button color="red" disabled={!sure} onClick={onConfirm}>
            Remove and import
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
