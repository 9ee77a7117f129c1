import { Table, Text } from "@mantine/core";
import type { ConflictView } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";
import { useReviewWords } from "./review-of";
import { comparatorText, KINDS, percentText, SUGGESTIONS } from "./words";
import classes from "./review.module.css";

interface EvidenceProps {
  conflict: ConflictView;
  fields: ReadonlyMap<string, Field>;
}

/** Why this row was taken for this record: each field's weight and likeness, and what they come to. */
export function Evidence({ conflict, fields }: EvidenceProps) {
  const { evidence } = conflict;
  const words = useReviewWords();
  // Without weights of its own, the confidence is the likeness.
  const separate = evidence.some((part) => part.confidenceWeight > 0);
  return (
    <div className={classes.evidence}>
      {words.hasRows ? (
        <Text size="sm">
          <b>{KINDS[conflict.kind].label}.</b> {KINDS[conflict.kind].meaning} Suggested:{" "}
          {SUGGESTIONS[conflict.suggestedAction]}.
        </Text>
      ) : null}
      {evidence.length > 0 ? (
        <Table aria-label="How alike they are" verticalSpacing={4} horizontalSpacing="xs" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th visibleFrom="sm">Compared as</Table.Th>
              <Table.Th ta="end">Likeness</Table.Th>
              <Table.Th ta="end">Weight</Table.Th>
              {separate ? <Table.Th ta="end">For confidence</Table.Th> : null}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="tabular">
            {evidence.map((part) => (
              <Table.Tr key={part.field}>
                <Table.Td>{fields.get(part.field)?.label ?? part.field}</Table.Td>
                <Table.Td visibleFrom="sm">{comparatorText(part.comparator)}</Table.Td>
                <Table.Td ta="end">{percentText(part.score)}</Table.Td>
                <Table.Td ta="end">{percentText(part.weight)}</Table.Td>
                {separate ? <Table.Td ta="end">{percentText(part.confidenceWeight)}</Table.Td> : null}
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot className="tabular">
            <Table.Tr>
              <Table.Th>
                {separate
                  ? "Likeness, and confidence by weights of its own"
                  : "Likeness, and so the confidence"}
              </Table.Th>
              <Table.Td visibleFrom="sm" />
              <Table.Td />
              <Table.Th ta="end">{percentText(likeness(evidence))}</Table.Th>
              {separate ? <Table.Th ta="end">{percentText(conflict.confidence)}</Table.Th> : null}
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      ) : (
        <Text size="sm" c="dimmed">
          {words.unlikened}
        </Text>
      )}
    </div>
  );
}

/** Σ weight × score ÷ Σ weight: what decides whether two records match. */
function likeness(evidence: ConflictView["evidence"]): number {
  const whole = evidence.reduce((sum, part) => sum + part.weight, 0);
  return whole === 0 ? 0 : evidence.reduce((sum, part) => sum + part.weight * part.score, 0) / whole;
}
