"use client";

import { Tooltip, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Field, FieldValue } from "@/lib/core/fields/types";
import { FieldInput } from "./field-input";
import { inputText } from "./field-values";
import classes from "./record-grid.module.css";

/** Where the person wants to be after an edit. */
export type AfterEdit = "stay" | "down" | "right" | "left";

interface CellEditorProps {
  field: Field;
  value: FieldValue | undefined;
  error: string | null;
  onSave: (text: string, after: AfterEdit) => void;
  onCancel: () => void;
}

/** Edits one cell in its place: Enter and Tab keep, Escape gives up, leaving the cell keeps as well. */
export function CellEditor({ field, value, error, onSave, onCancel }: CellEditorProps) {
  const [text, setText] = useState(() => inputText(value));
  const input = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const over = useRef(false);

  useEffect(() => {
    const element: HTMLElement | null = input.current;
    element?.focus();
    if (element instanceof HTMLInputElement && element.type === "text") element.select();
  }, []);
  // After an error the same editor goes on.
  useEffect(() => {
    if (error === null) return;
    over.current = false;
    input.current?.focus();
  }, [error]);

  function finish(after: AfterEdit) {
    if (over.current) return;
    over.current = true;
    if (text === inputText(value) && after === "stay") onCancel();
    else onSave(text, after);
  }

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === "Escape") {
      over.current = true;
      onCancel();
      return;
    }
    const after =
      event.key === "Enter" ? "down" : event.key === "Tab" ? (event.shiftKey ? "left" : "right") : undefined;
    if (after === undefined) return;
    event.preventDefault();
    finish(after);
  }

  return (
    <Tooltip
      label={error}
      opened={error !== null}
      color="red"
      position="bottom-start"
      withinPortal
      multiline
      maw={320}
    >
      <div className={classes.editor}>
        <FieldInput
          bare
          field={field}
          value={text}
          onChange={setText}
          onBlur={() => finish("stay")}
          onKeyDown={onKeyDown}
          error={error !== null}
          inputRef={input}
        />
        <VisuallyHidden role="alert">{error}</VisuallyHidden>
      </div>
    </Tooltip>
  );
}
