"use client";

import { NativeSelect, Textarea, TextInput, type TextInputProps } from "@mantine/core";
import type { KeyboardEvent, ReactNode, Ref } from "react";
import type { Field } from "@/lib/core/fields/types";
import { isNumeric } from "./value-text";

interface FieldInputProps {
  field: Field;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  error?: ReactNode;
  /** A quiet line under the input. */
  hint?: string;
  /** Within a cell: no label of its own, one line. */
  bare?: boolean;
  inputRef?: Ref<HTMLInputElement & HTMLSelectElement>;
}

const ORDER: TextInputProps["inputWrapperOrder"] = ["label", "input", "description", "error"];

/** The input that fits a field's type. */
export function FieldInput({ field, value, onChange, bare = false, inputRef, ...rest }: FieldInputProps) {
  const shared = {
    ...(bare
      ? { "aria-label": field.label, size: "sm" as const }
      : { label: field.label, required: field.required, description: rest.hint, inputWrapperOrder: ORDER }),
    value,
    onBlur: rest.onBlur,
    onKeyDown: rest.onKeyDown,
    error: rest.error,
  };
  const choices = choicesOf(field);
  if (choices) {
    return (
      <NativeSelect
        {...shared}
        ref={inputRef}
        data={choices}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (field.type === "text" && !bare) {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={1}
        maxRows={8}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      {...inputKind(field)}
      ref={inputRef}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function choicesOf(field: Field): { value: string; label: string }[] | undefined {
  const none = { value: "", label: "–" };
  if (field.type === "boolean")
    return [none, { value: "true", label: "Yes" }, { value: "false", label: "No" }];
  if (field.type === "enum" && field.values) {
    return [none, ...field.values.map((value) => ({ value, label: value }))];
  }
  return undefined;
}

function inputKind(field: Field): Partial<TextInputProps> {
  if (field.type === "date") return { type: "date" };
  if (field.type === "url") return { inputMode: "url", placeholder: "https://" };
  if (field.type === "datetime") return { placeholder: "2024-05-31 14:30" };
  if (isNumeric(field)) return { inputMode: field.type === "integer" ? "numeric" : "decimal" };
  return {};
}
