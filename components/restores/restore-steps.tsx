import { Stepper } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";

const STEPS = ["choose", "look", "restore", "result"] as const;
export type RestoreStep = (typeof STEPS)[number];

const LABELS: Record<RestoreStep, string> = {
  choose: "Choose",
  look: "Look",
  restore: "Restore",
  result: "Result",
};

/** Where the person is on the road of a restore. The steps follow its state, so they are not links. */
export function RestoreSteps({ step }: { step: RestoreStep }) {
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
