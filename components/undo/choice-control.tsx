import { SegmentedControl } from "@mantine/core";
import type { UndoChoice } from "./undo-choices";

interface ChoiceControlProps {
  /** What is chosen about, for screen readers: a record's or a field's name. */
  label: string;
  value: UndoChoice | "mixed";
  /** What "revert" means here: a value goes back, a record that the import made is removed. */
  revertLabel: string;
  onChange: (choice: UndoChoice) => void;
  size?: "xs" | "sm";
}

/** Keep mine, or take it back. */
export function ChoiceControl({ label, value, revertLabel, onChange, size = "xs" }: ChoiceControlProps) {
  return (
    <SegmentedControl
      aria-label={label}
      size={size}
      value={value}
      onChange={(chosen) => onChange(chosen === "revert" ? "revert" : "keep")}
      data={[
        { value: "keep", label: "Keep mine" },
        { value: "revert", label: revertLabel },
      ]}
    />
  );
}
