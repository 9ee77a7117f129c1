"use client";

import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { collectionQuery } from "@/components/collections/queries";
import { MatchingEditor } from "./matching-editor";

interface EditRuleButtonProps {
  collectionId: string;
  /** The import whose rows the rule is tried on, when they are read already. */
  importId?: string;
  onSaved?: () => void;
}

/** Opens the collection's matching rule over the page that somebody is on. */
export function EditRuleButton({ collectionId, importId, onSaved }: EditRuleButtonProps) {
  const [open, dialog] = useDisclosure(false);
  const collection = useQuery({ ...collectionQuery(collectionId), enabled: open });
  const close = () => {
    dialog.close();
    onSaved?.();
  };
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={dialog.open}>
        Edit the matching rule
      </Button>
      <Modal opened={open} onClose={dialog.close} title="How records are compared" size="75rem">
        {collection.data ? (
          <MatchingEditor collection={collection.data} importId={importId} onSaved={close} />
        ) : null}
      </Modal>
    </>
  );
}
