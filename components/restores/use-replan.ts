import { useRouter } from "next/navigation";
import { ProblemError } from "@/components/api";
import type { RestoreView } from "@/lib/contracts/restores";
import { NEW_DRAFT, sameAgain, type PlanChange } from "./draft";
import { useRestoreDraft } from "./draft-context";
import { usePlanRestore } from "./queries";

/**
 * Looks at the backup again, with the same choices or at some of its collections only. Where a key is needed that this
 * page does not have any more, the first step asks for it.
 */
export function useReplan(view: Pick<RestoreView, "source" | "scope" | "globalStrategy">) {
  const of = view.source.backupId ?? "file";
  const [draft, setDraft] = useRestoreDraft(of);
  const plan = usePlanRestore();
  const router = useRouter();

  const replan = (change: PlanChange = {}) =>
    plan.mutate(sameAgain(view, draft.key, change), {
      onSuccess: ({ planId }) => router.push(`/backups/restores/${planId}`),
      onError: (error) => {
        if (!(error instanceof ProblemError) || view.source.backupId === null) return;
        if (error.code !== "key-needed" && error.code !== "wrong-key") return;
        const wanted = change.collections ?? view.scope.collections;
        setDraft({
          ...NEW_DRAFT,
          what: view.scope.search !== null ? "search" : wanted === "all" ? "everything" : "collections",
          collections: wanted === "all" ? [] : wanted,
          search: view.scope.search ?? "",
          strategy: view.globalStrategy,
        });
        router.push(`/backups/${view.source.backupId}/restore`);
      },
    });

  return { replan, isPending: plan.isPending, error: plan.error };
}
