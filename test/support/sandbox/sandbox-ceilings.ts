import { defaultCeilings } from '../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../src/sandbox/options.ts'

/** What a group may ask of a sandbox where nothing is configured. */
export const sandboxCeilings = defaultCeilings(sandboxLimitOptions.parse({}))
