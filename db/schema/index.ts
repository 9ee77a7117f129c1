export * from "./accounts";
export * from "./collections";
export * from "./engine";
export * from "./exports";
export * from "./idempotency";
export * from "./imports";
export * from "./jobs";
export * from "./uploads";
