import { Alert, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import type { Field } from "@/lib/core/fields/types";
import type { MatchRule } from "@/lib/core/matching/types";
import { FieldRule } from "./field-rule";
import classes from "./matching.module.css";
import { problemsOf, shareOf, withAddedField, withField, withoutField } from "./rule-edits";
import { ThousandthsInput } from "./thousandths-input";

interface RuleFormProps {
  fields: readonly Field[];
  rule: MatchRule;
  onChange: (rule: MatchRule) => void;
}

/** A matching rule as a form: the fields with their weights, and the limits from which something happens. */
export function RuleForm({ fields, rule, onChange }: RuleFormProps) {
  const problems = problemsOf(rule, fields);
  const byName = new Map(fields.map((field) => [field.name, field]));
  const free = fields.filter((field) => rule.fields.every((used) => used.field !== field.name));
  const whole = problems.get("");
  return (
    <Stack gap="md">
      {rule.fields.length > 0 ? (
        <ul className={classes.fields} aria-label="Fields that are compared">
          {rule.fields.map((used) => (
            <li key={used.field}>
              <FieldRule
                field={
                  byName.get(used.field) ?? {
                    name: used.field,
                    label: used.field,
                    type: "text",
                    required: false,
                  }
                }
                value={used}
                share={shareOf(rule, (f) => f.weight, used.field)}
                problem={problems.get(used.field)}
                onChange={(part) => onChange(withField(rule, used.field, part))}
                onRemove={() => onChange(withoutField(rule, used.field))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {free.length > 0 ? (
        <NativeSelect
          aria-label="Compare another field"
          value=""
          onChange={(event) => {
            const field = byName.get(event.currentTarget.value);
            if (field) onChange(withAddedField(rule, field));
          }}
          data={[
            { value: "", label: "Compare another field…" },
            ...free.map((field) => ({ value: field.name, label: field.label })),
          ]}
          maw={280}
        />
      ) : null}
      {whole ? (
        <Alert color="red" role="alert">
          {whole}
        </Alert>
      ) : null}
      <Limits rule={rule} problems={problems} onChange={onChange} />
    </Stack>
  );
}

interface LimitsProps {
  rule: MatchRule;
  problems: ReadonlyMap<string, string>;
  onChange: (rule: MatchRule) => void;
}

function Limits({ rule, problems, onChange }: LimitsProps) {
  const { suggest } = rule;
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md">
      <ThousandthsInput
        label="A match from"
        description="Of the whole score"
        error={problems.get("threshold")}
        value={rule.threshold}
        suffix=" %"
        onChange={(threshold) => onChange({ ...rule, threshold })}
      />
      <ThousandthsInput
        label="Suggest keeping mine from"
        description="Confidence: surely the same"
        value={suggest.skipFrom}
        suffix=" %"
        onChange={(skipFrom) => onChange({ ...rule, suggest: { ...suggest, skipFrom } })}
      />
      <ThousandthsInput
        label="Suggest a look from"
        description="Below: taking the file’s values"
        error={problems.get("suggest")}
        value={suggest.askFrom}
        suffix=" %"
        onChange={(askFrom) => onChange({ ...rule, suggest: { ...suggest, askFrom } })}
      />
    </SimpleGrid>
  );
}
