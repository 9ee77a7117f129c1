"use client";

import { Button, Group, Modal, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "@/components/problem-alert";
import type { InputData, RecordView } from "@/lib/contracts/records";
import type { Field } from "@/lib/core/fields/types";
import { recordQuery, useChangeRecord, useReplaceRecord, type RecordChange } from "./queries";
import { valueText } from "./value-text";

interface EditConflictDialogProps {
  collectionId: string;
  fields: readonly Field[];
  /** What the person wanted to store, and the version they saw. */
  change: RecordChange;
  onClose: () => void;
}

/** Somebody (or an import) changed the record meanwhile: shows what, and lets the person choose. */
export function EditConflictDialog({ collectionId, fields, change, onClose }: EditConflictDialogProps) {
  const current = useQuery(recordQuery(collectionId, change.record.id));
  const save = useChangeRecord(collectionId);
  const replace = useReplaceRecord(collectionId);

  function keepTheirs(record: RecordView) {
    replace(record);
    onClose();
  }

  const shown = current.data ? differing(fields, change, current.data) : [];
  return (
    <Modal opened onClose={onClose} title="This record was changed meanwhile" size="lg">
      <Stack gap="md">
        <Text size="sm">Your change was not stored yet. Compare, then choose which values stay.</Text>
        {current.isPending ? <Skeleton height={80} /> : null}
        <ProblemAlert error={current.error ?? save.error} title="The record could not be loaded or stored" />
        {shown.length > 0 ? (
          <Table.ScrollContainer minWidth={420}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Field</Table.Th>
                  <Table.Th>As you saw it</Table.Th>
                  <Table.Th>Now stored</Table.Th>
                  <Table.Th>Yours</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map(({ field, before, now, mine }) => (
                  <Table.Tr key={field.name}>
                    <Table.Td>{field.label}</Table.Td>
                    <Table.Td>{before}</Table.Td>
                    <Table.Td>{now}</Table.Td>
                    <Table.Td>{mine}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={!current.data}
            onClick={() => current.data && keepTheirs(current.data)}
          >
            Keep what is stored
          </Button>
          <Button
            disabled={!current.data}
            loading={save.isPending}
            onClick={() =>
              current.data && save.mutate({ record: current.data, data: change.data }, { onSuccess: onClose })
            }
          >
            Store mine
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function differing(fields: readonly Field[], change: RecordChange, now: RecordView) {
  return fields
    .filter((field) => field.name in change.data || change.record.data[field.name] !== now.data[field.name])
    .map((field) => ({
      field,
      before: valueText(field, change.record.data[field.name]),
      now: valueText(field, now.data[field.name]),
      mine: field.name in change.data ? mineText(change.data[field.name]) : "(not changed)",
    }));
}

function mineText(value: InputData[string] | undefined): string {
  if (value === null || value === undefined) return "(empty)";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return String(value);
}
