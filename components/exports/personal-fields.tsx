"use client";

import { Button, Group, Modal, MultiSelect, Stack } from "@mantine/core";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import { isPersonal } from "@/lib/core/privacy/personal";
import { useMarkPersonal } from "./queries";

/** Which fields of a collection hold personal data; a change is kept at once. */
export function PersonalFields({ collection }: { collection: Collection }) {
  const mark = useMarkPersonal(collection.id);
  const marked = collection.fields.filter((f) => isPersonal(f, collection.template)).map(({ name }) => name);
  const change = (names: string[]) => {
    const changed = collection.fields
      .filter(({ name }) => names.includes(name) !== marked.includes(name))
      .map(({ name }) => ({ name, personal: names.includes(name) }));
    if (changed.length > 0) mark.mutate(changed);
  };
  return (
    <Stack gap="xs">
      <MultiSelect
        label="Fields with personal data"
        description="Kept with the collection. Exports can leave these fields out or replace what they say."
        placeholder={marked.length === 0 ? "None yet" : undefined}
        data={collection.fields.map(({ name, label }) => ({ value: name, label }))}
        value={marked}
        onChange={change}
        disabled={mark.isPending}
        searchable
        clearable
      />
      <ProblemAlert error={mark.error} title="The mark was not kept" />
    </Stack>
  );
}

/** The same in a dialog of its own, from the collection's menu. */
export function PersonalFieldsDialog({
  collection,
  onClose,
}: {
  collection: Collection;
  onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title="Personal data">
      <Stack gap="md">
        <PersonalFields collection={collection} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
