"use client";

import { Button, DataList, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { ProblemError } from "@/components/api";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import type { Collection } from "@/lib/contracts/collections";
import type { RecordHistory } from "@/lib/contracts/record-history";
import type { InputData, RecordView } from "@/lib/contracts/records";
import { SOURCES } from "./columns";
import { EditConflictDialog } from "./edit-conflict-dialog";
import { FieldInput } from "./field-input";
import { originText } from "./history/words";
import { useAddRecord, useChangeRecord, type RecordChange } from "./queries";

interface RecordFormProps {
  collection: Collection;
  /** The record to change; a new one when left out. */
  record?: RecordView;
  /** What is typed, by field. */
  texts: Record<string, string>;
  onType: (field: string, text: string) => void;
  /** What of it differs from the record. */
  changed: InputData;
  /** What set each value, once that is known. */
  setBy?: RecordHistory["setBy"];
  onClose: () => void;
  onDelete?: (record: RecordView) => void;
}

/** All fields of a record as inputs, and under each where its value comes from. */
export function RecordForm(props: RecordFormProps) {
  const { collection, record, texts, onType, changed, setBy, onClose, onDelete } = props;
  const [conflict, setConflict] = useState<RecordChange | null>(null);
  const now = useNow();
  const add = useAddRecord(collection.id);
  const change = useChangeRecord(collection.id);
  const failure = record ? change.error : add.error;
  const { byField, rest } = splitErrors(failure, collection);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!record) {
      add.mutate(changed, {
        onSuccess: () => {
          notifications.show({ message: "The record was added." });
          onClose();
        },
      });
    } else if (Object.keys(changed).length === 0) onClose();
    else {
      change.mutate(
        { record, data: changed },
        {
          onSuccess: onClose,
          onError: (error) => {
            if (error instanceof ProblemError && error.status === 412) setConflict({ record, data: changed });
          },
        },
      );
    }
  }

  const hintOf = (name: string): string | undefined => {
    if (record?.data[name] === undefined) return undefined;
    const origin = setBy?.[name];
    // A blank line until it is known keeps the fields from jumping.
    if (!origin) return setBy ? undefined : "\u00a0";
    return originText(origin, now);
  };

  return (
    <>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {conflict ? null : <ProblemAlert error={rest} title="The record was not stored" />}
          {collection.fields.map((field) => (
            <FieldInput
              key={field.name}
              field={field}
              value={texts[field.name] ?? ""}
              onChange={(text) => onType(field.name, text)}
              error={byField.get(field.name)}
              hint={hintOf(field.name)}
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
    </>
  );
}

function Facts({ record }: { record: RecordView }) {
  return (
    <DataList size="sm" gap={4}>
      <DataList.Item>
        <DataList.ItemLabel>Source</DataList.ItemLabel>
        <DataList.ItemValue>{SOURCES[record.source.kind]}</DataList.ItemValue>
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
