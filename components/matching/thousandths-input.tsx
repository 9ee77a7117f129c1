import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";

interface ThousandthsInputProps {
  label?: string;
  /** In place of a visible label. */
  ariaLabel?: string;
  description?: ReactNode;
  error?: ReactNode;
  /** 0 … 1000; shown as 0 … 100. */
  value: number;
  suffix?: string;
  onChange: (value: number) => void;
}

/** A number in thousandths, as people write it: in hundredths with a decimal. What is no number yet changes nothing. */
export function ThousandthsInput({
  label,
  ariaLabel,
  description,
  error,
  value,
  suffix,
  onChange,
}: ThousandthsInputProps) {
  return (
    <NumberInput
      label={label}
      aria-label={ariaLabel}
      description={description}
      error={error}
      value={value / 10}
      suffix={suffix}
      min={0}
      max={100}
      step={5}
      decimalScale={1}
      clampBehavior="strict"
      stepHoldDelay={400}
      stepHoldInterval={120}
      onChange={(next) => {
        if (typeof next === "number") onChange(Math.round(next * 10));
      }}
    />
  );
}
