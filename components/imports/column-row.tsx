"use client";

import { Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { memo } from "react";
import type { MappingEntry } from "@/lib/contracts/imports";
import { FIELD_TYPES, type Field, type FieldType } from "@/lib/core/fields/types";
import { CHOICE_CREATE, CHOICE_IGNORE, choiceValue } from "./mapping-edits";
import classes from "./imports.module.css";

const TYPE_LABELS: Record<FieldType, string> = {
  text: "Text",
  integer: "Whole number",
  decimal: "Number",
  boolean: "Yes or no",
  date: "Date",
  datetime: "Date and time",
  enum: "One of a list",
  reference: "Reference",
  url: "Web address",
  media: "Media file",
};
/** A list's values and a reference's collection cannot be told here. */
const CREATABLE: readonly FieldType[] = FIELD_TYPES.filter((type) => type !== "enum" && type !== "reference");

interface ColumnRowProps {
  column: string;
  samples: readonly string[];
  entry: MappingEntry | undefined;
  fields: readonly Field[];
  problem?: string;
  onChoose: (column: string, value: string) => void;
  onType: (column: string, type: FieldType) => void;
}

/** One column of the file: its name and samples on the left, what becomes of it on the right. */
export const ColumnRow = memo(function ColumnRow(props: ColumnRowProps) {
  const { column, samples, entry, fields } = props;
  const value = choiceValue(entry);
  const create = entry && "create" in entry ? entry.create : undefined;
  return (
    <li className={classes.column} data-ignored={value === CHOICE_IGNORE || undefined}>
      <Stack gap={0} className={classes.columnSource}>
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {column}
        </Text>
        <Text size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
          {samples.length > 0 ? samples.join(" · ") : "empty in the first rows"}
        </Text>
      </Stack>
      <IconArrowRight size={18} className={classes.columnArrow} aria-hidden />
      <Group gap="xs" className={classes.columnTarget} align="flex-start">
        <NativeSelect
          aria-label={`Field for column ${column}`}
          value={value}
          onChange={(event) => props.onChoose(column, event.currentTarget.value)}
          error={props.problem}
          flex="1 1 11rem"
          data={[
            ...(fields.length > 0
              ? [{ group: "Fields", items: fields.map((f) => ({ value: f.name, label: labelOf(f) })) }]
              : []),
            {
              group: "Other",
              items: [
                {
                  value: CHOICE_CREATE,
                  label: create ? `New field “${create.label ?? create.name}”` : "New field",
                },
                { value: CHOICE_IGNORE, label: "Leave out" },
              ],
            },
          ]}
        />
        {create ? (
          <NativeSelect
            aria-label={`Type of the new field for column ${column}`}
            value={create.type}
            onChange={(event) => props.onType(column, event.currentTarget.value as FieldType)}
            flex="1 1 8rem"
            data={typesFor(create.type)}
          />
        ) : null}
      </Group>
    </li>
  );
});

function labelOf(field: Field): string {
  return field.required ? `${field.label} *` : field.label;
}

function typesFor(current: FieldType): { value: FieldType; label: string }[] {
  const types = CREATABLE.includes(current) ? CREATABLE : [current, ...CREATABLE];
  return types.map((type) => ({ value: type, label: TYPE_LABELS[type] }));
}
