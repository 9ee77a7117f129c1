import type { FuzzyInput } from "@/db/bulk/fuzzy-input";
import { findFuzzyPairs, readContested, storeAssignment } from "@/db/bulk/fuzzy-match";
import type { SqlTransaction } from "@/db/client";
import { assign } from "@/lib/core/matching/assign";

/**
 * Finds the record that each staged row most likely is, by score (S5.2), one row to one record. Rows and records that
 * hold the same in everything the rule scores pair first, identical content before the rest and then in order; what is
 * left gets the assignment of the greatest total score. The outcome is the temporary table `fuzzy_pairs` (row_number
 * integer, record_id uuid, record_version integer, score integer, confidence integer: thousandths), which lives as long
 * as the transaction.
 * @throws ValidationError `matching-too-broad`, in words for the person, when the rule would compare too many pairs
 */
export async function matchFuzzily(tx: SqlTransaction, input: FuzzyInput): Promise<void> {
  await findFuzzyPairs(tx, input);
  const contested = await readContested(tx);
  if (contested.rows.length > 0) await storeAssignment(tx, assign(contested));
}
