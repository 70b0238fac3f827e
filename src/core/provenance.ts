export const provenances = ['operator', 'user', 'model', 'tool', 'row', 'file'] as const

/**
 * Where a piece of text came from. Everything a model, a tool, a row or a file produced is untrusted, and what is
 * computed from it stays so.
 */
export type Provenance = (typeof provenances)[number]
