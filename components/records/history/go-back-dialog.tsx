"use client";

import { Alert, Button, Group, List, Modal, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ProblemError } from "@/components/api";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Collection } from "@/lib/contracts/collections";
import type { HistoryData, HistoryItem, RevertedRecord } from "@/lib/contracts/record-history";
import type { RecordView } from "@/lib/contracts/records";
import { labelOf, Value } from "./changed-values";
import { useRevert } from "./queries";

interface GoBackDialogProps {
  collection: Collection;
  recordId: string;
  target: HistoryItem;
  /** What the record is now, as far as the page knows; the server refuses when it has become something else. */
  newest: HistoryItem;
  hasUnsaved: boolean;
  onReverted: (record: RecordView) => void;
  onClose: () => void;
}

/** Shows what going back would change, and does it. */
export function GoBackDialog(props: GoBackDialogProps) {
  const { collection, recordId, target, newest, hasUnsaved, onReverted, onClose } = props;
  const revert = useRevert(collection.id, recordId);
  const { shown, lost } = differences(collection, newest.data ?? {}, target.data ?? {});
  const meanwhile = revert.error instanceof ProblemError && revert.error.status === 412;

  function goBack() {
    revert.mutate(
      { to: target, seen: newest },
      {
        onSuccess: (record) => {
          tell(record, collection);
          onReverted(record);
          onClose();
        },
      },
    );
  }

  return (
    <Modal opened onClose={onClose} title="Go back to this?" size="lg">
      <Stack gap="md">
        <Text size="sm">
          The record becomes what it was on {formatMoment(target.at)}. That is a change like any other: you
          can go back from it, too.
        </Text>
        {meanwhile ? (
          <Alert role="alert" color="yellow" title="The record was changed meanwhile">
            Nothing has been done yet. Below is what would change now.
          </Alert>
        ) : (
          <ProblemAlert error={revert.error} title="The record was not set back" />
        )}
        {shown.length > 0 ? (
          <Table layout="fixed" aria-label="What will change" style={{ overflowWrap: "anywhere" }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Field</Table.Th>
                <Table.Th>Now</Table.Th>
                <Table.Th>Will be</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ field, now, then }) => (
                <Table.Tr key={field.name}>
                  <Table.Th scope="row">{field.label}</Table.Th>
                  <Table.Td>
                    <Value field={field} value={now} />
                  </Table.Td>
                  <Table.Td>
                    <Value field={field} value={then} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ) : (
          <Text size="sm" c="dimmed">
            The record is like that already: nothing will change.
          </Text>
        )}
        {lost.length > 0 ? (
          <Text size="sm">
            {lost.length === 1 ? "One value is" : `${lost.length} values are`} left out, because the
            collection has no such field now: {lost.join(", ")}.
          </Text>
        ) : null}
        {hasUnsaved ? (
          <Alert color="yellow">What you have typed and not saved yet will be lost.</Alert>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it as it is
          </Button>
          <Button loading={revert.isPending} disabled={shown.length === 0} onClick={goBack}>
            Go back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Fields in which the record is not what it was then, and those of then that the collection has no more. */
function differences(collection: Collection, now: HistoryData, then: HistoryData) {
  const shown = collection.fields
    .map((field) => ({ field, now: now[field.name] ?? null, then: then[field.name] ?? null }))
    .filter((row) => row.now !== row.then);
  const lost = Object.keys(then).filter((name) => !collection.fields.some((field) => field.name === name));
  return { shown, lost };
}

function tell(record: RevertedRecord, collection: Collection): void {
  if (record.leftOut.length === 0) {
    notifications.show({ message: "The record is as it was." });
    return;
  }
  notifications.show({
    title: "The record is as it was, but for these values",
    message: (
      <List size="sm">
        {record.leftOut.map(({ field, message }) => (
          <List.Item key={field}>
            {labelOf(collection.fields, field)}: {message}
          </List.Item>
        ))}
      </List>
    ),
    autoClose: 12_000,
  });
}
