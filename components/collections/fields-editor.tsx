"use client";

import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { FieldInput } from "@/lib/contracts/collections";
import { fieldNamesOf } from "@/lib/core/fields/field-names";
import type { FieldType } from "@/lib/core/fields/types";

export interface DraftField {
  key: string;
  label: string;
  type: FieldType;
  required: boolean;
  personal: boolean;
  values: string[];
}

const TYPES: { value: FieldType; label: string }[] = [
  { value: "text", label: "Text" },
  { value: "integer", label: "Whole number" },
  { value: "decimal", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "datetime", label: "Date and time" },
  { value: "enum", label: "One of a list" },
  { value: "url", label: "Web address" },
];

let fieldsMade = 0;

export function newField(): DraftField {
  fieldsMade += 1;
  return {
    key: `field-${fieldsMade}`,
    label: "",
    type: "text",
    required: false,
    personal: false,
    values: [],
  };
}

/** The fields as the API takes them; those without a name are left out. */
export function fieldInputs(fields: readonly DraftField[]): FieldInput[] {
  const named = fields.filter((field) => field.label.trim() !== "");
  const names = fieldNamesOf(named.map((field) => field.label));
  return named.map((field, index) => ({
    name: names[index] ?? `column${index + 1}`,
    label: field.label.trim(),
    type: field.type,
    required: field.required,
    ...(field.personal ? { personal: true } : {}),
    ...(field.type === "enum" ? { values: field.values } : {}),
  }));
}

interface FieldsEditorProps {
  fields: readonly DraftField[];
  onChange: (fields: DraftField[]) => void;
}

export function FieldsEditor({ fields, onChange }: FieldsEditorProps) {
  const change = (key: string, part: Partial<DraftField>) =>
    onChange(fields.map((field) => (field.key === key ? { ...field, ...part } : field)));
  return (
    <Fieldset legend="Fields" radius="lg">
      <Stack gap="sm">
        {fields.map((field, index) => (
          <Stack key={field.key} gap={6}>
            <Group gap="sm" align="center">
              <TextInput
                aria-label={`Name of field ${index + 1}`}
                placeholder="Name"
                value={field.label}
                onChange={(event) => change(field.key, { label: event.currentTarget.value })}
                maxLength={200}
                flex="2 1 12rem"
              />
              <NativeSelect
                aria-label={`Type of field ${index + 1}`}
                value={field.type}
                onChange={(event) => change(field.key, { type: event.currentTarget.value as FieldType })}
                data={TYPES}
                flex="1 1 9rem"
              />
              <Checkbox
                label="Required"
                checked={field.required}
                onChange={(event) => change(field.key, { required: event.currentTarget.checked })}
              />
              <Checkbox
                label="Personal"
                checked={field.personal}
                onChange={(event) => change(field.key, { personal: event.currentTarget.checked })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                c="dimmed"
                size="lg"
                aria-label={`Remove field ${index + 1}`}
                disabled={fields.length === 1}
                onClick={() => onChange(fields.filter((other) => other.key !== field.key))}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            </Group>
            {field.type === "enum" ? (
              <TagsInput
                aria-label={`Allowed values of field ${index + 1}`}
                placeholder="Allowed values, each with Enter"
                value={field.values}
                onChange={(values) => change(field.key, { values })}
              />
            ) : null}
          </Stack>
        ))}
        <Group>
          <Button
            variant="subtle"
            size="sm"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => onChange([...fields, newField()])}
          >
            Add a field
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
