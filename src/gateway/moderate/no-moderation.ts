import type { Moderation } from './moderation.ts'

/** Where no group has a profile for the content of its calls. */
export const noModeration: Moderation = { of: () => null }
