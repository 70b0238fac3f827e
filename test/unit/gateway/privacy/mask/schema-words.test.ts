import { expect, it } from 'vitest'
import { schemaKind } from '../../../../../src/gateway/privacy/mask/schema-words.ts'

it('members of a schema are words where people write them for people, and names of the schema elsewhere', () => {
  for (const name of ['description', 'title', '$comment', 'examples', 'default']) expect(schemaKind(name)).toBe('text')
  for (const name of ['enum', 'const', 'properties', 'type', 'descriptions', ''])
    expect(schemaKind(name)).toBe('schema')
})
