"use client";

import { Button, DataList, Drawer, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { ProblemError } from "@/components/api";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import type { InputData, RecordView } from "@/lib/contracts/records";
import { EditConflictDialog } from "./edit-conflict-dialog";
import { FieldInput } from "./field-input";
import { inputText, inputValue } from "./field-values";
import { useAddRecord, useChangeRecord, type RecordChange } from "./queries";

interface RecordDrawerProps {
  collection: Collection;
  /** The record to edit; a new one when left out. */
  record?: RecordView;
  onClose: () => void;
  onDelete?: (record: RecordView) => void;
}

/** A whole record as a form: to add one, or to see and change all of one's fields. */
export function RecordDrawer({ collection, record, onClose, onDelete }: RecordDrawerProps) {
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(collection.fields.map((field) => [field.name, inputText(record?.data[field.name])])),
  );
  const [conflict, setConflict] = useState<RecordChange | null>(null);
  const add = useAddRecord(collection.id);
  const change = useChangeRecord(collection.id);
  const failure = record ? change.error : add.error;
  const { byField, rest } = splitErrors(failure, collection);

  function submit(event: FormEvent) {
    event.preventDefault();
    const data = changedData(collection, texts, record);
    const done = { onSuccess: onClose };
    if (!record) {
      add.mutate(data, {
        onSuccess: () => {
          notifications.show({ message: "The record was added." });
          onClose();
        },
      });
    } else if (Object.keys(data).length === 0) onClose();
    else {
      change.mutate(
        { record, data },
        {
          ...done,
          onError: (error) => {
            if (error instanceof ProblemError && error.status === 412) setConflict({ record, data });
          },
        },
      );
    }
  }

  return (
    <Drawer opened onClose={onClose} position="right" title={record ? "Record" : "Add a record"} size="md">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {conflict ? null : <ProblemAlert error={rest} title="The record was not stored" />}
          {collection.fields.map((field) => (
            <FieldInput
              key={field.name}
              field={field}
              value={texts[field.name] ?? ""}
              onChange={(text) => setTexts((before) => ({ ...before, [field.name]: text }))}
              error={byField.get(field.name)}
            />
          ))}
          {record ? <Facts record={record} /> : null}
          <Group justify="space-between">
            {record && onDelete ? (
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => onDelete(record)}
              >
                Delete
              </Button>
            ) : (
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            )}
            <Button type="submit" loading={add.isPending || change.isPending}>
              {record ? "Save" : "Add record"}
            </Button>
          </Group>
        </Stack>
      </form>
      {conflict ? (
        <EditConflictDialog
          collectionId={collection.id}
          fields={collection.fields}
          change={conflict}
          onClose={onClose}
        />
      ) : null}
    </Drawer>
  );
}

function Facts({ record }: { record: RecordView }) {
  return (
    <DataList size="sm" gap={4}>
      <DataList.Item>
        <DataList.ItemLabel>Source</DataList.ItemLabel>
        <DataList.ItemValue>{record.source.kind === "import" ? "Import" : "By hand"}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>Added</DataList.ItemLabel>
        <DataList.ItemValue>{formatMoment(record.createdAt)}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>Changed</DataList.ItemLabel>
        <DataList.ItemValue>{formatMoment(record.updatedAt)}</DataList.ItemValue>
      </DataList.Item>
    </DataList>
  );
}

function changedData(collection: Collection, texts: Record<string, string>, record?: RecordView): InputData {
  const changed = collection.fields.filter(
    (field) => (texts[field.name] ?? "") !== inputText(record?.data[field.name]),
  );
  return Object.fromEntries(changed.map((field) => [field.name, inputValue(field, texts[field.name] ?? "")]));
}

/** Errors of `data.<field>` stand at their field; whatever else there is stands above the form. */
function splitErrors(
  error: unknown,
  collection: Collection,
): { byField: Map<string, string>; rest: unknown } {
  const byField = new Map<string, string>();
  if (!(error instanceof ProblemError)) return { byField, rest: error };
  const names = new Set(collection.fields.map((field) => field.name));
  for (const detail of error.errors) {
    const name = detail.path.replace(/^data\./, "");
    if (names.has(name)) byField.set(name, detail.message);
  }
  return { byField, rest: byField.size > 0 || error.status === 412 ? null : error };
}
