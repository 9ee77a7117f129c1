import { ActionIcon, Checkbox, Group, NativeSelect, NumberInput, Slider, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { percentText } from "@/components/review/words";
import type { Field } from "@/lib/core/fields/types";
import type { Comparator, MatchField } from "@/lib/core/matching/types";
import classes from "./matching.module.css";
import { comparatorOf, comparatorsFor, type ComparatorKind } from "./rule-edits";
import { ThousandthsInput } from "./thousandths-input";

/** Short enough for a select beside its tolerance. */
const COMPARATOR_LABELS: Record<ComparatorKind, string> = {
  exact: "Exactly",
  folded: "Case, accents ignored",
  days: "Date",
  number: "Number",
  text: "Likeness of text",
};

interface FieldRuleProps {
  field: Field;
  value: MatchField;
  /** The weight's part of the whole, 0 … 1. */
  share: number;
  problem: string | undefined;
  onChange: (part: Partial<MatchField>) => void;
  onRemove: () => void;
}

/** How one field is compared, and how much it counts. */
export function FieldRule({ field, value, share, problem, onChange, onRemove }: FieldRuleProps) {
  const { label } = field;
  return (
    <div className={classes.field} role="group" aria-label={label}>
      <Stack gap={6} className={classes.name}>
        <Text fw={600}>{label}</Text>
        <Checkbox
          size="xs"
          label="Required"
          checked={value.required}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
      </Stack>
      <ComparatorInput
        field={field}
        value={value.comparator}
        problem={problem}
        onChange={(comparator) => onChange({ comparator })}
      />
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          Weight{" "}
          <Text span size="sm" c="dimmed" className="tabular">
            {percentText(share)} of the score
          </Text>
        </Text>
        <div className={classes.weight}>
          <Slider
            thumbLabel={`Weight of ${label}`}
            value={value.weight / 10}
            min={0}
            max={100}
            step={5}
            label={null}
            onChange={(weight) => onChange({ weight: Math.round(weight * 10) })}
          />
          <ThousandthsInput
            ariaLabel={`Weight of ${label} in numbers`}
            value={value.weight}
            onChange={(weight) => onChange({ weight })}
          />
        </div>
      </Stack>
      <ThousandthsInput
        label="In confidence"
        value={value.confidenceWeight}
        onChange={(confidenceWeight) => onChange({ confidenceWeight })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        size="lg"
        aria-label={`Do not compare ${label}`}
        onClick={onRemove}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </div>
  );
}

interface ComparatorInputProps {
  field: Field;
  value: Comparator;
  problem: string | undefined;
  onChange: (comparator: Comparator) => void;
}

function ComparatorInput({ field, value, problem, onChange }: ComparatorInputProps) {
  const offered = new Set([...comparatorsFor(field), value.kind]);
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <NativeSelect
        label="Compared as"
        value={value.kind}
        onChange={(event) => onChange(comparatorOf(event.currentTarget.value as ComparatorKind))}
        data={[...offered].map((kind) => ({ value: kind, label: COMPARATOR_LABELS[kind] }))}
        flex={1}
        miw={0}
      />
      {"tolerance" in value ? (
        <NumberInput
          label={value.kind === "days" ? "± days" : "±"}
          value={value.tolerance}
          min={0}
          max={value.kind === "days" ? 366 : undefined}
          allowDecimal={value.kind !== "days"}
          error={problem}
          w={92}
          onChange={(tolerance) => {
            if (typeof tolerance === "number") onChange({ ...value, tolerance });
          }}
        />
      ) : null}
    </Group>
  );
}
