"use client";

import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots, IconPencil, IconShieldLock, IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { countOf } from "@/components/format";
import { PersonalFieldsDialog } from "@/components/exports/personal-fields";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import { useDeleteCollection, useRenameCollection } from "./queries";

/** What can be done to a collection as a whole. */
export function CollectionMenu({ collection }: { collection: Collection }) {
  const [open, setOpen] = useState<"rename" | "personal" | "delete" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setOpen("rename")}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<IconShieldLock size={16} aria-hidden />}
            onClick={() => setOpen("personal")}
          >
            Personal data
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setOpen("delete")}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === "rename" ? <RenameDialog collection={collection} onClose={close} /> : null}
      {open === "personal" ? <PersonalFieldsDialog collection={collection} onClose={close} /> : null}
      {open === "delete" ? <DeleteDialog collection={collection} onClose={close} /> : null}
    </>
  );
}

function RenameDialog({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const [name, setName] = useState(collection.name);
  const rename = useRenameCollection(collection.id);
  function submit(event: FormEvent) {
    event.preventDefault();
    rename.mutate(name.trim(), { onSuccess: onClose });
  }
  return (
    <Modal opened onClose={onClose} title="Rename the collection">
      <form onSubmit={submit}>
        <Stack gap="md">
          <ProblemAlert error={rename.error} title="It was not renamed" />
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={200}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending} disabled={name.trim() === ""}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function DeleteDialog({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const remove = useDeleteCollection(collection.id);
  const router = useRouter();
  return (
    <Modal opened onClose={onClose} title={`Delete “${collection.name}”?`}>
      <Stack gap="md">
        <Text size="sm">
          The collection and its {countOf(collection.recordCount, "record")} will be removed for good. Export
          it first if you may want it back.
        </Text>
        <ProblemAlert error={remove.error} title="It was not deleted" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(undefined, {
                onSuccess: () => {
                  notifications.show({ message: `“${collection.name}” was deleted.` });
                  router.push("/collections");
                },
              })
            }
          >
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
