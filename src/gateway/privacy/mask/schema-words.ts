import type { PositionKind } from '../positions/position.ts'

/** Members of a JSON Schema that people write for people. */
const words: ReadonlySet<string> = new Set(['description', 'title', '$comment', 'examples', 'default'])

/** What stands under this name in a JSON Schema. */
export function schemaKind(name: string): PositionKind {
  return words.has(name) ? 'text' : 'schema'
}
