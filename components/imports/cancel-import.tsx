"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { PlanCounts } from "@/lib/contracts/imports";

interface CancelImportProps {
  counts: PlanCounts;
  onClose: () => void;
  onConfirm: () => void;
}

/** Cancelling throws away what was read, corrected and decided: asked once, so that no stray click does it. */
export function CancelImport({ counts, onClose, onConfirm }: CancelImportProps) {
  return (
    <Modal opened onClose={onClose} title="Cancel this import?">
      <Stack gap="md">
        <Text size="sm">
          Your records stay as they are. The rows that were read are removed
          {counts.clashes > 0 ? ", and with them what you decided about them" : ""}; to import them later, the
          file has to be read again.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Go on with it
          </Button>
          <Button color="red" onClick={onConfirm}>
            Cancel the import
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
