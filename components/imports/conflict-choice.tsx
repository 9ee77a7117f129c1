"use client";

import { Radio, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { countOf, formatCount } from "@/components/format";
import { valueText } from "@/components/records/value-text";
import type { Resolution } from "@/lib/contracts/review";
import classes from "./imports.module.css";
import { conflictsQuery } from "./queries";
import type { ImportView } from "./types";

const CHOICES: readonly { value: Resolution; label: string; description: string }[] = [
  {
    value: "overwrite",
    label: "Take the file’s values",
    description: "The records become what the file says.",
  },
  {
    value: "merge",
    label: "Fill gaps only",
    description: "Your values stay; empty ones are filled from the file.",
  },
  { value: "skip", label: "Keep mine", description: "These rows of the file are passed over." },
  { value: "keepBoth", label: "Keep both", description: "These rows are stored as further records." },
];

interface ConflictChoiceProps {
  view: ImportView;
  count: number;
  value: Resolution | null;
  onChange: (value: Resolution) => void;
}

/** One decision for all rows that clash, with the first of them side by side. */
export function ConflictChoice({ view, count, value, onChange }: ConflictChoiceProps) {
  const conflicts = useQuery(conflictsQuery(view.id));
  const fields = new Map(view.fields.map((field) => [field.name, field]));
  return (
    <Stack gap="sm" component="section" aria-labelledby="conflicts-title">
      <Title order={2} id="conflicts-title">
        {countOf(count, "row")} differ{count === 1 ? "s" : ""} from records you have
      </Title>
      <Radio.Group
        label="What shall happen to them?"
        value={value ?? ""}
        onChange={(chosen) => onChange(chosen as Resolution)}
      >
        <Stack gap="xs" mt="xs">
          {CHOICES.map((choice) => (
            <Radio
              key={choice.value}
              value={choice.value}
              label={choice.label}
              description={choice.description}
            />
          ))}
        </Stack>
      </Radio.Group>
      {conflicts.data && conflicts.data.items.length > 0 ? (
        <ScrollArea
          className={classes.preview}
          viewportProps={{ tabIndex: 0, role: "group", "aria-label": "The first of them" }}
        >
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Row</Table.Th>
                <Table.Th>Field</Table.Th>
                <Table.Th>Yours</Table.Th>
                <Table.Th>In the file</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {conflicts.data.items.flatMap((conflict) =>
                conflict.differingFields.map((name) => {
                  const field = fields.get(name);
                  if (!field) return null;
                  return (
                    <Table.Tr key={`${conflict.id} ${name}`}>
                      <Table.Td className="tabular">{formatCount(conflict.row)}</Table.Td>
                      <Table.Td>{field.label}</Table.Td>
                      <Table.Td>{valueText(field, conflict.existing.data[name]) || <Empty />}</Table.Td>
                      <Table.Td>{valueText(field, conflict.incoming[name]) || <Empty />}</Table.Td>
                    </Table.Tr>
                  );
                }),
              )}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      ) : null}
    </Stack>
  );
}

function Empty() {
  return (
    <Text span c="dimmed" size="sm">
      (empty)
    </Text>
  );
}
