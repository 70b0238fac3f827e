import { isObject, type JsonObject } from './document.ts'
import { membersAt, partAt } from './reference.ts'
import { checkedFormats, keywords } from './schema-keywords.ts'
import { below, UnfitDocument } from './unfit-document.ts'

const checked: ReadonlySet<unknown> = new Set([...checkedFormats, 'byte'])

/**
 * A body that is not JSON goes on without being held against a schema. Throws `UnfitDocument` where its schema asks for more than
 * that it is a text or bytes: a rule that is not applied is none.
 */
export function requireNoRules(media: unknown, place: string, root: JsonObject): void {
  if (!isObject(media)) return
  const { value, place: at } = partAt(root, media, place)
  const { schema } = value
  if (schema === undefined || schema === true) return
  const { value: said, place: schemaAt } = partAt(root, schema, below(at, 'schema'))
  for (const { name, value: rule, place: here } of membersAt(said, schemaAt)) {
    const isNote = name.startsWith('x-') || keywords.get(name) === 'note'
    const isText = name === 'type' && rule === 'string'
    const isName = name === 'format' && !checked.has(rule)
    if (!isNote && !isText && !isName) throw new UnfitDocument(here, 'is not checked in a body that is not JSON')
  }
}
