/** What a name is of; the order is that of the model. */
export const nameKinds = ['person', 'organization', 'address', 'location'] as const
export type NameKind = (typeof nameKinds)[number]

/** No name; then for each kind the label that begins one and the label that goes on with it. */
export const labelCount = 1 + 2 * nameKinds.length

/** The kind that a label is of, by its place in `nameKinds`; −1 for none. */
export const kindOf = (label: number): number => (label === 0 ? -1 : (label - 1) >> 1)
export const isBegin = (label: number): boolean => label % 2 === 1
export const beginOf = (kind: number): number => 1 + 2 * kind

/** A label that goes on with a name follows only one of the same kind. */
export const mayFollow = (before: number, label: number): boolean =>
  label === 0 || isBegin(label) || kindOf(before) === kindOf(label)
