"use client";

import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { collectionsQuery } from "@/components/collections/queries";
import type { RestoreCollection, RestoreSample } from "@/lib/contracts/restores";
import classes from "./restores.module.css";

const KINDS: readonly { kind: RestoreSample["kind"]; title: string }[] = [
  { kind: "conflict", title: "To decide" },
  { kind: "delete", title: "Are removed" },
  { kind: "change", title: "Change" },
  { kind: "add", title: "Come back" },
];

const FIELDS_SHOWN_MAX = 8;

/** Examples of each kind, today's values beside the backup's. */
export function Samples({ collection }: { collection: RestoreCollection }) {
  const labels = useLabels(collection.collectionId);
  return (
    <Stack gap="md">
      {KINDS.map(({ kind, title }) => {
        const samples = collection.samples.filter((sample) => sample.kind === kind);
        if (samples.length === 0) return null;
        return (
          <Stack key={kind} gap={6}>
            <Text size="sm" fw={600} component="h4" m={0}>
              {title}
            </Text>
            {samples.map((sample) => (
              <SampleTable key={sample.recordId} sample={sample} labels={labels} title={title} />
            ))}
          </Stack>
        );
      })}
    </Stack>
  );
}

interface SampleTableProps {
  sample: RestoreSample;
  labels: ReadonlyMap<string, string>;
  title: string;
}

function SampleTable({ sample, labels, title }: SampleTableProps) {
  const { before, after } = sample;
  const names = fieldsOf(sample);
  const shown = names.slice(0, FIELDS_SHOWN_MAX);
  return (
    <Table className={classes.sample} layout="fixed" verticalSpacing={4} withTableBorder>
      <Table.Caption className={classes.caption}>
        <VisuallyHidden>{title}: </VisuallyHidden>
        {nameOf(sample)}
        {names.length > shown.length ? ` (${names.length - shown.length} more fields)` : ""}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Field</Table.Th>
          <Table.Th>Now</Table.Th>
          <Table.Th>{sample.kind === "conflict" ? "In the backup" : "Then"}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {shown.map((name) => {
          const differs = before?.[name] !== after?.[name];
          return (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {labels.get(name) ?? name}
              </Table.Th>
              <Value value={before?.[name]} gone={differs && after === null} />
              <Value value={after?.[name]} fresh={differs} />
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

interface ValueProps {
  value: string | number | boolean | undefined;
  fresh?: boolean;
  gone?: boolean;
}

function Value({ value, fresh = false, gone = false }: ValueProps) {
  const text =
    value === undefined || value === "" ? "" : typeof value === "boolean" ? yesNo(value) : String(value);
  return (
    <Table.Td data-fresh={fresh || undefined} data-gone={gone || undefined} className={classes.value}>
      {text === "" ? (
        <>
          <span aria-hidden>–</span>
          <VisuallyHidden>empty</VisuallyHidden>
        </>
      ) : (
        text
      )}
    </Table.Td>
  );
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** Of a record that changes, the fields in which it does; of any other one, those that it has. */
function fieldsOf({ before, after }: RestoreSample): string[] {
  const all = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  if (before === null || after === null) return all;
  return all.filter((name) => before[name] !== after[name]);
}

/** A record by the first of its texts. */
function nameOf({ before, after, recordId }: RestoreSample): string {
  const texts = Object.values(after ?? before ?? {}).filter((value) => typeof value === "string");
  return texts[0] ?? `record ${recordId.slice(0, 8)}`;
}

function useLabels(collectionId: string): ReadonlyMap<string, string> {
  const { data } = useQuery(collectionsQuery);
  const fields = data?.find(({ id }) => id === collectionId)?.fields ?? [];
  return new Map(fields.map(({ name, label }) => [name, label]));
}
