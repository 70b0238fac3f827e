/** What survives `JSON.stringify` unchanged. Everything that crosses a process boundary is one of these. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
