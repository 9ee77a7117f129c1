"use client";

import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { collectionsQuery } from "@/components/collections/queries";
import type { RestoreCollection, RestoreSample } from "@/lib/contracts/restores";
import type { Field } from "@/lib/core/fields/types";
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
  const fields = useFields(collection.collectionId);
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
              <SampleTable key={sample.recordId} sample={sample} fields={fields} title={title} />
            ))}
          </Stack>
        );
      })}
    </Stack>
  );
}

interface SampleTableProps {
  sample: RestoreSample;
  fields: readonly Field[];
  title: string;
}

function SampleTable({ sample, fields, title }: SampleTableProps) {
  const { before, after } = sample;
  const labels = new Map(fields.map(({ name, label }) => [name, label]));
  const order = fields.map(({ name }) => name);
  const names = namesOf(sample, order);
  const shown = names.slice(0, FIELDS_SHOWN_MAX);
  return (
    <Table className={classes.sample} layout="fixed" verticalSpacing={4} withTableBorder>
      <Table.Caption className={classes.caption}>
        <VisuallyHidden>{title}: </VisuallyHidden>
        {titleOf(sample, order)}
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

/** Of a record that changes, the fields in which it does; of any other one, those that it has, in their order. */
function namesOf({ before, after }: RestoreSample, order: readonly string[]): string[] {
  const all = inOrder([...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])], order);
  if (before === null || after === null) return all;
  return all.filter((name) => before[name] !== after[name]);
}

/** A record by the first of its texts. */
function titleOf({ before, after, recordId }: RestoreSample, order: readonly string[]): string {
  const values = after ?? before ?? {};
  const name = inOrder(Object.keys(values), order).find((one) => typeof values[one] === "string");
  return name === undefined ? `Record ${recordId.slice(0, 8)}` : String(values[name]);
}

/** As the collection has them; what it does not have (any more) last. */
function inOrder(names: readonly string[], order: readonly string[]): string[] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.toSorted((a, b) => place(a) - place(b));
}

function useFields(collectionId: string): readonly Field[] {
  const { data } = useQuery(collectionsQuery);
  return data?.find(({ id }) => id === collectionId)?.fields ?? [];
}
