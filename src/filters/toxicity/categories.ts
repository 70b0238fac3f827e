/** What the detector tells apart, in the order in which its model has them. */
export const toxicityKinds = ['harassment', 'hate', 'sexual', 'self-harm', 'violence', 'profanity'] as const

export type ToxicityKind = (typeof toxicityKinds)[number]

export const kindCount = toxicityKinds.length

export const toxicityCategories: readonly string[] = toxicityKinds.map((kind) => `toxicity/${kind}`)

export const categoryOf = (kind: number): string => toxicityCategories[kind] as string
