import { RoadSteps } from "@/components/ui/road-steps";

const LABELS = { choose: "Choose", look: "Look", restore: "Restore", result: "Result" };
export type RestoreStep = keyof typeof LABELS;

/** Where the person is on the road of a restore. */
export function RestoreSteps({ step }: { step: RestoreStep }) {
  return <RoadSteps labels={LABELS} step={step} />;
}
