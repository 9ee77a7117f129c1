"use client";

import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Collection } from "@/lib/contracts/collections";
import type { RecordFilter } from "@/lib/contracts/records";
import { fieldsOf, needsValue, type DraftFilter, type ExportDraft } from "./draft";

interface RecordChoiceProps {
  draft: ExportDraft;
  collections: readonly Collection[];
  onChange: (part: Partial<ExportDraft>) => void;
}

const OPERATORS: readonly { value: RecordFilter["op"]; label: string }[] = [
  { value: "eq", label: "is" },
  { value: "ne", label: "is not" },
  { value: "contains", label: "contains" },
  { value: "gte", label: "is at least" },
  { value: "lte", label: "is at most" },
  { value: "gt", label: "is more than" },
  { value: "lt", label: "is less than" },
  { value: "empty", label: "is empty" },
  { value: "notEmpty", label: "is not empty" },
];

/** Which records: those of a time, and those that fit conditions. */
export function RecordChoice({ draft, collections, onChange }: RecordChoiceProps) {
  const { range, filters } = draft;
  const fields = fieldsOf(collections);
  const dates = fields.filter(({ type }) => type === "date" || type === "datetime");
  const setRange = (part: Partial<ExportDraft["range"]>) => onChange({ range: { ...range, ...part } });
  const setFilter = (key: number, part: Partial<DraftFilter>) =>
    onChange({ filters: filters.map((filter) => (filter.key === key ? { ...filter, ...part } : filter)) });
  const add = () => {
    const key = Math.max(0, ...filters.map((filter) => filter.key)) + 1;
    onChange({ filters: [...filters, { key, field: fields[0]?.name ?? "", op: "eq", value: "" }] });
  };
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label="Date"
          value={range.field}
          onChange={(event) => setRange({ field: event.currentTarget.value })}
          data={[
            { value: "", label: dates[0] ? "First date field" : "When the record was made" },
            ...dates.map(({ name, label }) => ({ value: name, label })),
            ...(dates.length > 0 ? [{ value: "createdAt", label: "When the record was made" }] : []),
          ]}
          flex="2 1 13rem"
        />
        <TextInput
          type="date"
          label="From"
          value={range.start}
          onChange={(event) => setRange({ start: event.currentTarget.value })}
          flex="1 1 9rem"
        />
        <TextInput
          type="date"
          label="Until"
          value={range.end}
          onChange={(event) => setRange({ end: event.currentTarget.value })}
          flex="1 1 9rem"
        />
      </Group>
      {filters.map((filter, index) => (
        <Group key={filter.key} gap="xs" align="center" role="group" aria-label={`Condition ${index + 1}`}>
          <NativeSelect
            aria-label="Field"
            value={filter.field}
            onChange={(event) => setFilter(filter.key, { field: event.currentTarget.value })}
            data={fields.map(({ name, label }) => ({ value: name, label }))}
            flex="2 1 9rem"
          />
          <NativeSelect
            aria-label="Comparison"
            value={filter.op}
            onChange={(event) => setFilter(filter.key, { op: operatorOf(event.currentTarget.value) })}
            data={[...OPERATORS]}
            flex="1 1 8rem"
          />
          {needsValue(filter.op) ? (
            <TextInput
              aria-label="Value"
              value={filter.value}
              onChange={(event) => setFilter(filter.key, { value: event.currentTarget.value })}
              flex="2 1 9rem"
            />
          ) : null}
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            size="lg"
            aria-label={`Remove condition ${index + 1}`}
            onClick={() => onChange({ filters: filters.filter((other) => other.key !== filter.key) })}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {collections.length > 1 && (filters.length > 0 || range.start || range.end) ? (
        <Text size="sm" c="dimmed">
          Collections without such a field are left out.
        </Text>
      ) : null}
      <Group>
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={add}
          disabled={fields.length === 0}
        >
          Add a condition
        </Button>
      </Group>
    </Stack>
  );
}

function operatorOf(text: string): RecordFilter["op"] {
  return OPERATORS.find(({ value }) => value === text)?.value ?? "eq";
}
