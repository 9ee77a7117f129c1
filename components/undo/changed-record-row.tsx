import { Badge, Text } from "@mantine/core";
import { valueText } from "@/components/records/value-text";
import type { Field, FieldValue } from "@/lib/core/fields/types";
import { ChoiceControl } from "./choice-control";
import {
  chooseField,
  chooseRecord,
  choiceOf,
  isMixed,
  keyOf,
  shownFields,
  type ChangedRecord,
  type UndoChoices,
} from "./undo-choices";
import classes from "./undo.module.css";
import { UNDO_WORDS, type Undone } from "./words";

interface ChangedRecordRowProps {
  undone: Undone;
  record: ChangedRecord;
  fields: readonly Field[];
  choices: UndoChoices;
  onChange: (choices: UndoChoices) => void;
}

/** One record that was edited since: kept or taken back as a whole, or field by field. */
export function ChangedRecordRow({ undone, record, fields, choices, onChange }: ChangedRecordRowProps) {
  const { kind, collectionName } = record;
  const key = keyOf(record);
  const words = UNDO_WORDS[undone];
  const byName = new Map(fields.map((field) => [field.name, field]));
  const name = nameOf(record, fields);
  const shown = shownFields(
    record,
    fields.map((field) => field.name),
  );
  return (
    <>
      <div className={classes.head}>
        <Text size="sm" fw={600} className={classes.name}>
          {name}{" "}
          <Badge size="sm" color="gray" component="span">
            {words[kind]}
          </Badge>
          {collectionName === undefined ? null : (
            <Text span size="xs" fw={400} c="dimmed">
              {" "}
              in {collectionName}
            </Text>
          )}
        </Text>
        <ChoiceControl
          label={`${name}: keep or ${kind === "inserted" ? "remove" : "revert"}`}
          value={isMixed(choices, key) ? "mixed" : choiceOf(choices, key)}
          revertLabel={kind === "inserted" ? "Remove" : "Revert"}
          onChange={(choice) => onChange(chooseRecord(choices, key, choice))}
        />
      </div>
      <ul className={classes.fields}>
        {shown.map((fieldName) => {
          const field = byName.get(fieldName) ?? unknownField(fieldName);
          const choice = choiceOf(choices, key, fieldName);
          return (
            <li key={fieldName} className={classes.field}>
              <Text size="sm" fw={500} className={classes.value}>
                {field.label}
              </Text>
              <Value
                caption="Before"
                field={field}
                value={record.before?.[fieldName]}
                wins={kind === "updated" && choice === "revert"}
                absent={record.before === null}
              />
              <Value caption={words.written} field={field} value={record.written?.[fieldName]} />
              <Value caption="Now" field={field} value={record.current[fieldName]} wins={choice === "keep"} />
              {kind === "updated" && !wouldEmpty(record, field) ? (
                <ChoiceControl
                  label={`${field.label} of ${name}: keep or revert`}
                  value={choice}
                  revertLabel="Revert"
                  onChange={(next) => onChange(chooseField(choices, key, fieldName, next))}
                />
              ) : (
                <span />
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

interface ValueProps {
  caption: string;
  field: Field;
  value: FieldValue | undefined;
  /** This is what stays. */
  wins?: boolean;
  /** There was no record at all. */
  absent?: boolean;
}

function Value({ caption, field, value, wins = false, absent = false }: ValueProps) {
  const text = valueText(field, value);
  return (
    <div className={classes.value}>
      <Text size="xs" c="dimmed">
        {caption}
        {wins ? " · stays" : ""}
      </Text>
      <Text size="sm" span className={wins ? classes.wins : undefined} c={text === "" ? "dimmed" : undefined}>
        {absent ? "(no record)" : text === "" ? "(empty)" : text}
      </Text>
    </div>
  );
}

/** A required field that had no value before cannot go back to that by itself. */
function wouldEmpty({ before }: ChangedRecord, { name, required }: Field): boolean {
  return required && before?.[name] === undefined;
}

/** How a person knows a record: its first filled fields. */
function nameOf({ current }: ChangedRecord, fields: readonly Field[]): string {
  const parts = fields
    .map((field) => valueText(field, current[field.name]))
    .filter((text) => text !== "")
    .slice(0, 2);
  return parts.length > 0 ? parts.join(", ").slice(0, 120) : "A record without values";
}

/** A field that was removed from the collection since: its values are still told. */
function unknownField(name: string): Field {
  return { name, label: name, type: "text", required: false };
}
