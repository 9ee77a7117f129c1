import { Badge, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { valueText } from "@/components/records/value-text";
import type { ConflictView, Resolution } from "@/lib/contracts/review";
import type { Field } from "@/lib/core/fields/types";
import { DiffText } from "./diff-text";
import { outcomeOf, type Outcome } from "./outcome";
import { useReviewWords } from "./review-of";
import classes from "./review.module.css";

interface ComparisonTableProps {
  conflict: ConflictView;
  fields: readonly Field[];
  /** What holds for conflicts without a decision of their own. */
  rule: Resolution | null;
  /** Also the fields in which nothing differs, and long values whole. */
  all: boolean;
  labelledBy: string;
}

/** The record and the row side by side. The side that will hold, once it is decided, has a tick. */
export function ComparisonTable({ conflict, fields, rule, all, labelledBy }: ComparisonTableProps) {
  const words = useReviewWords();
  const differing = new Set(conflict.differingFields);
  const shown = fields.filter(
    (field) => differing.has(field.name) || (all && isFilled(conflict, field.name)),
  );
  const sorted = shown.toSorted((a, b) => rank(conflict, a.name) - rank(conflict, b.name));
  return (
    <table
      role="table"
      className={classes.table}
      data-base={conflict.base !== null || undefined}
      aria-labelledby={labelledBy}
    >
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader">Field</th>
          <th role="columnheader">In Ferry</th>
          <th role="columnheader">{words.side}</th>
          {conflict.base ? <th role="columnheader">{words.base}</th> : null}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sorted.map((field) => (
          <FieldRow
            key={field.name}
            conflict={conflict}
            field={field}
            differs={differing.has(field.name)}
            outcome={outcomeOf(conflict, field.name, rule)}
            whole={all}
          />
        ))}
      </tbody>
    </table>
  );
}

interface FieldRowProps {
  conflict: ConflictView;
  field: Field;
  differs: boolean;
  outcome: Outcome | null;
  whole: boolean;
}

function FieldRow({ conflict, field, differs, outcome, whole }: FieldRowProps) {
  const words = useReviewWords();
  const clashes = conflict.clashingFields.includes(field.name);
  const mine = valueText(field, conflict.existing.data[field.name]);
  const theirs = valueText(field, conflict.incoming[field.name]);
  const isStated = field.name in conflict.incoming || differs;
  const marked = differs && mine !== "" && theirs !== "";
  return (
    <tr role="row" data-clash={clashes || undefined} data-same={!differs || undefined}>
      <th role="rowheader" scope="row">
        <span>{field.label}</span>
        {differs && !clashes ? <SilentNote conflict={conflict} name={field.name} /> : null}
      </th>
      <td
        role="cell"
        data-chosen={(differs && outcome?.from === "existing") || undefined}
        data-whole={whole || undefined}
      >
        <span className={classes.side}>In Ferry</span>
        <div className={classes.value}>
          <DiffText text={mine} against={marked ? theirs : null} side="existing" short={!whole} />
        </div>
        {differs && outcome?.from === "existing" ? <Holds /> : null}
        {outcome?.from === "typed" ? <Typed field={field} outcome={outcome} /> : null}
      </td>
      <td
        role="cell"
        data-chosen={(differs && outcome?.from === "incoming") || undefined}
        data-whole={whole || undefined}
      >
        <span className={classes.side}>{words.side}</span>
        <div className={classes.value}>
          {isStated ? (
            <DiffText text={theirs} against={marked ? mine : null} side="incoming" short={!whole} />
          ) : (
            <span className={classes.empty}>(no column)</span>
          )}
        </div>
        {differs && outcome?.from === "incoming" ? <Holds /> : null}
      </td>
      {conflict.base ? (
        <td role="cell" data-whole={whole || undefined}>
          <span className={classes.side}>{words.base}</span>
          <div className={classes.value}>
            <DiffText text={valueText(field, conflict.base[field.name])} against={null} side="existing" />
          </div>
        </td>
      ) : null}
    </tr>
  );
}

/** Why a difference needs no decision. */
function SilentNote({ conflict, name }: { conflict: ConflictView; name: string }) {
  const words = useReviewWords();
  const taken = conflict.merged[name] === conflict.incoming[name];
  return (
    <Text size="xs" c="dimmed" fw={400}>
      {taken ? words.onlyTheirs : "only you changed it"}
    </Text>
  );
}

function Holds() {
  return (
    <span className={classes.holds}>
      <IconCheck size={14} stroke={2.4} aria-hidden />
      <VisuallyHidden>this value will be kept</VisuallyHidden>
    </span>
  );
}

function Typed({ field, outcome }: { field: Field; outcome: Outcome }) {
  const text = valueText(field, outcome.value);
  return (
    <div className={classes.typed}>
      <Badge size="sm" color="harbour">
        Typed
      </Badge>
      <span>{text === "" ? <span className={classes.empty}>(empty)</span> : text}</span>
    </div>
  );
}

function isFilled(conflict: ConflictView, name: string): boolean {
  return name in conflict.incoming || name in conflict.existing.data || name in (conflict.base ?? {});
}

/** What needs a decision comes first, then what merges by itself, then what is the same. */
function rank(conflict: ConflictView, name: string): number {
  if (conflict.clashingFields.includes(name)) return 0;
  return conflict.differingFields.includes(name) ? 1 : 2;
}
