import type { Provenance } from '../../core/provenance.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { sourceOf, sourceOfMember, sourceWithin, type TextSource } from '../authorize/payload/text-source.ts'

const provenanceOf: Readonly<Record<TextSource, Provenance>> = {
  system: 'operator',
  schema: 'operator',
  user: 'user',
  assistant: 'model',
  tool: 'tool',
  file: 'file',
  other: 'user',
}

/** Whose the text at a path of a body is: `messages[2].content[0].text`. What stands in JSON in a text is of whom that is. */
export function provenanceAt(body: JsonObject, path: string): Provenance {
  let value: unknown = body
  let source: TextSource = 'other'
  for (const [at, step] of (path.match(/[^.[\]]+/g) ?? []).entries()) {
    if (isObject(value)) {
      source = at === 0 ? sourceOfMember(step) : sourceWithin(value, step, source)
      value = Object.hasOwn(value, step) ? value[step] : undefined
    } else if (Array.isArray(value)) value = value[Number(step)] as unknown
    else break
    if (isObject(value)) source = sourceOf(value, source)
  }
  return provenanceOf[source]
}
