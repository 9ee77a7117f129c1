import { Badge, Group, Table, Text } from "@mantine/core";
import { useRowName } from "@/components/imports/row-names";
import { valueText } from "@/components/records/value-text";
import { comparatorText, percentText, SUGGESTIONS } from "@/components/review/words";
import type { MatchingTrialView } from "@/lib/contracts/matching";
import type { Field } from "@/lib/core/fields/types";
import classes from "./matching.module.css";

interface TrialPairProps {
  pair: MatchingTrialView["pairs"][number];
  fields: ReadonlyMap<string, Field>;
}

/** A row and the record that it would be taken for, field by field: both values, and what each adds to the score. */
export function TrialPair({ pair, fields }: TrialPairProps) {
  const rowName = useRowName();
  const whole = pair.evidence.reduce((sum, part) => sum + part.weight, 0);
  return (
    <div className={classes.pair}>
      <Group gap="xs" mb={4}>
        <Text size="sm" fw={600} className="tabular">
          {rowName(pair.row)}
        </Text>
        <Badge className="tabular">Score {percentText(pair.score)}</Badge>
        <Badge color="gray" className="tabular">
          Confidence {percentText(pair.confidence)}: {SUGGESTIONS[pair.suggestedAction]}
        </Badge>
      </Group>
      <div
        className={classes.scroll}
        tabIndex={0}
        role="group"
        aria-label={`${rowName(pair.row)}, field by field`}
      >
        <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={480}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>In the file</Table.Th>
              <Table.Th>Yours</Table.Th>
              <Table.Th>Compared as</Table.Th>
              <Table.Th ta="end">Weight</Table.Th>
              <Table.Th ta="end">Likeness</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pair.evidence.map((part) => {
              const field = fields.get(part.field);
              return (
                <Table.Tr key={part.field}>
                  <Table.Td>{field?.label ?? part.field}</Table.Td>
                  <Table.Td>{field ? valueText(field, pair.incoming[part.field]) : ""}</Table.Td>
                  <Table.Td>{field ? valueText(field, pair.existing.data[part.field]) : ""}</Table.Td>
                  <Table.Td>{comparatorText(part.comparator)}</Table.Td>
                  <Table.Td ta="end" className="tabular">
                    {percentText(whole === 0 ? 0 : part.weight / whole)}
                  </Table.Td>
                  <Table.Td ta="end" className="tabular">
                    {percentText(part.score)}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
    </div>
  );
}
