/** Kinds of values: always looked for, and masked where a profile has no rule. */
export const valueKinds = ['pii', 'secret', 'sql-leak', 'link'] as const

/** Kinds of content, which are looked for only where a profile has a rule. */
export const contentKinds = ['toxicity', 'leak', 'injection', 'groundedness', 'guard'] as const

const kinds: ReadonlySet<string> = new Set(contentKinds)

/** The kind of a category: `pii` of `pii/email`. */
export const kindOf = (category: string): string => category.replace(/\/.*/, '')

/** Is a category one of content, and not of values? */
export const isContent = (category: string): boolean => kinds.has(kindOf(category))

/** Kinds that only words hold: the names of programs are full of words that are names of people, too. */
export const ofWords: ReadonlySet<string> = new Set(['pii/person', 'pii/organization', 'pii/location', 'pii/address'])

/** A category as rules name it: a kind, or one of its own behind a slash; words of a-z with hyphens. */
export const categoryName = /^[a-z]+(?:-[a-z]+)*(?:\/[a-z]+(?:-[a-z]+)*)?$/
