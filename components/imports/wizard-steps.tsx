import { RoadSteps } from "@/components/ui/road-steps";

const LABELS = { upload: "Upload", map: "Map", check: "Check", import: "Import", result: "Result" };
export type WizardStep = keyof typeof LABELS;

/** Where the person is on the road of an import. */
export function WizardSteps({ step }: { step: WizardStep }) {
  return <RoadSteps labels={LABELS} step={step} />;
}
