"use client";

import { Button, Group, MultiSelect, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useSaveKey } from "@/components/collections/queries";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";

/** Which fields make a row of a file and a record the same one when imports match exactly. */
export function KeyForm({ collection }: { collection: Pick<Collection, "id" | "fields" | "keyFields"> }) {
  const save = useSaveKey(collection.id);
  const [draft, setDraft] = useState<string[] | null>(null);
  const names = draft ?? collection.keyFields;
  const changed = names.join("\0") !== collection.keyFields.join("\0");
  const store = () =>
    save.mutate(names, {
      onSuccess: () => {
        setDraft(null);
        notifications.show({ message: "The key was stored." });
      },
    });
  return (
    <Stack gap="md" component="section" aria-labelledby="key-title">
      <Title order={2} size="h4" id="key-title">
        Key
      </Title>
      <Text size="sm" c="dimmed" maw={720}>
        Imports that match exactly take a row for the record that is equal in all fields of the key. Without a
        key, only a row that equals a record as a whole is taken for it; every other one is new.
      </Text>
      <MultiSelect
        label="Fields that tell records apart"
        placeholder={names.length === 0 ? "None: only whole rows are equal" : undefined}
        value={names}
        onChange={setDraft}
        data={collection.fields.map((field) => ({ value: field.name, label: field.label }))}
        clearButtonProps={{ "aria-label": "Remove all fields from the key" }}
        clearable
        maw={560}
      />
      <ProblemAlert error={save.error} title="The key was not stored" />
      <Group gap="xs" justify="flex-end">
        {changed ? (
          <Button variant="default" onClick={() => setDraft(null)}>
            Discard the change
          </Button>
        ) : null}
        <Button disabled={!changed} loading={save.isPending} onClick={store}>
          Store the key
        </Button>
      </Group>
    </Stack>
  );
}
