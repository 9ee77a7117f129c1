import { ListJobsQuery } from "@/lib/contracts/jobs";
import { route } from "@/lib/http/route";
import { listJobs } from "@/lib/services/jobs/list-jobs";

export const GET = route({ query: ListJobsQuery }, ({ ctx, query }) => listJobs(ctx, query));
