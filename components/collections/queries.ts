import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, query } from "@/components/api";
import type { Collection, FieldInput } from "@/lib/contracts/collections";
import type { TemplateId } from "@/lib/core/templates/types";

interface CollectionPage {
  items: Collection[];
  nextCursor: string | null;
}

const LISTED_MAX = 1_000;

export const collectionsQuery = queryOptions({
  queryKey: ["collections", "list"],
  queryFn: ({ signal }) =>
    api<CollectionPage>(`/api/v1/collections${query({ limit: LISTED_MAX })}`, { signal }),
  select: (page) => page.items,
});

export const collectionQuery = (id: string) =>
  queryOptions({
    queryKey: ["collections", "one", id],
    queryFn: ({ signal }) => api<Collection>(`/api/v1/collections/${id}`, { signal }),
  });

export interface NewCollection {
  name: string;
  template?: TemplateId;
  fields?: FieldInput[];
}

export function useCreateCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCollection) => api<Collection>("/api/v1/collections", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["collections"] }),
  });
}

export function useRenameCollection(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api<Collection>(`/api/v1/collections/${id}`, { method: "PATCH", body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["collections"] }),
  });
}

/** Stores which fields tell the collection's records apart. */
export function useSaveKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (keyFields: string[]) =>
      api<Collection>(`/api/v1/collections/${id}`, { method: "PATCH", body: { keyFields } }),
    // The standard matching rule is made from the key.
    onSuccess: () => client.invalidateQueries({ queryKey: ["collections"] }),
  });
}

export function useDeleteCollection(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api<undefined>(`/api/v1/collections/${id}`, { method: "DELETE" }),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["collections", "one", id] });
      client.removeQueries({ queryKey: ["records", id] });
      return client.invalidateQueries({ queryKey: ["collections", "list"] });
    },
  });
}
