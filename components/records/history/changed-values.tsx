import { Button, VisuallyHidden } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useState } from "react";
import type { FieldChange } from "@/lib/contracts/record-history";
import type { Field, FieldValue } from "@/lib/core/fields/types";
import { valueText } from "../value-text";
import classes from "./history.module.css";

const SHOWN_FIRST = 6;

interface ChangedValuesProps {
  changes: readonly FieldChange[];
  fields: readonly Field[];
}

/** Field by field what a change replaced by what; of many the first few. */
export function ChangedValues({ changes, fields }: ChangedValuesProps) {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, SHOWN_FIRST);
  return (
    <>
      <dl className={classes.changes}>
        {shown.map((change) => (
          <div key={change.field} className={classes.change}>
            <dt>{labelOf(fields, change.field)}</dt>
            <dd>
              <FromTo change={change} field={fields.find((field) => field.name === change.field)} />
            </dd>
          </div>
        ))}
      </dl>
      {shown.length < changes.length ? (
        <Button size="compact-sm" variant="subtle" className={classes.more} onClick={() => setAll(true)}>
          Show all {changes.length} fields
        </Button>
      ) : null}
    </>
  );
}

function FromTo({ change, field }: { change: FieldChange; field: Field | undefined }) {
  if (change.from === null) return <Value field={field} value={change.to} />;
  return (
    <>
      <VisuallyHidden>from </VisuallyHidden>
      <del className={classes.from}>
        <Value field={field} value={change.from} />
      </del>
      <IconArrowRight size={14} className={classes.arrow} aria-hidden />
      <VisuallyHidden> to </VisuallyHidden>
      <Value field={field} value={change.to} />
    </>
  );
}

/** A stored value; that of a field which the collection has no more is shown as it is. */
export function Value({ field, value }: { field: Field | undefined; value: FieldValue | null }) {
  if (value === null) return <span className={classes.none}>(empty)</span>;
  return <>{field ? valueText(field, value) : String(value)}</>;
}

export function labelOf(fields: readonly Field[], name: string): string {
  return fields.find((field) => field.name === name)?.label ?? name;
}
