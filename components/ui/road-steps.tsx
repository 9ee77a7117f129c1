import { Stepper } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";

interface RoadStepsProps<Step extends string> {
  /** Every step by its name, in order; the last is the end of the road. */
  labels: Readonly<Record<Step, string>>;
  step: Step;
}

/** Where the person is on the road of a piece of work. The steps follow its state, so they are not links. */
export function RoadSteps<Step extends string>({ labels, step }: RoadStepsProps<Step>) {
  const phone = useMediaQuery("(max-width: 36em)");
  const steps = Object.keys(labels) as Step[];
  const active = steps.indexOf(step);
  return (
    <Stepper
      active={active === steps.length - 1 ? steps.length : active}
      size={phone ? "xs" : "sm"}
      iconSize={phone ? 24 : 30}
      aria-label={`Step ${active + 1} of ${steps.length}: ${labels[step]}`}
      role="group"
    >
      {steps.map((name) => (
        <Stepper.Step
          key={name}
          label={phone && name !== step ? undefined : labels[name]}
          aria-label={labels[name]}
          aria-current={name === step ? "step" : undefined}
          allowStepSelect={false}
        />
      ))}
    </Stepper>
  );
}
