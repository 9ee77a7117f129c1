import { Stepper } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";

const STEPS = ["upload", "map", "check", "import", "result"] as const;
export type WizardStep = (typeof STEPS)[number];

const LABELS: Record<WizardStep, string> = {
  upload: "Upload",
  map: "Map",
  check: "Check",
  import: "Import",
  result: "Result",
};

/** Where the person is on the road of an import. The steps follow the import's state, so they are not links. */
export function WizardSteps({ step }: { step: WizardStep }) {
  const phone = useMediaQuery("(max-width: 36em)");
  const active = STEPS.indexOf(step);
  return (
    <Stepper
      active={step === "result" ? STEPS.length : active}
      size={phone ? "xs" : "sm"}
      iconSize={phone ? 24 : 30}
      aria-label={`Step ${active + 1} of ${STEPS.length}: ${LABELS[step]}`}
      role="group"
    >
      {STEPS.map((name) => (
        <Stepper.Step
          key={name}
          label={phone && name !== step ? undefined : LABELS[name]}
          aria-label={LABELS[name]}
          aria-current={name === step ? "step" : undefined}
          allowStepSelect={false}
        />
      ))}
    </Stepper>
  );
}
