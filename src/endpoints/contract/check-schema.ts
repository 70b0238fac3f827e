import { Ajv2020 } from 'ajv/dist/2020.js'
import { ecmaPattern } from './ecma-pattern.ts'
import { EffortMeter } from './effort.ts'
import { equalityKeywords } from './equal-values.ts'
import type { PlainSchema } from './plain-schema.ts'

let reader: Ajv2020 | null = null

/**
 * Throws for a schema that is none by the rules of JSON Schema 2020-12, and says where. Those rules are compiled once for all
 * documents, which takes longer than most documents do. Like those, they are held by patterns and sets in linear time.
 */
export function checkSchema(schema: PlainSchema): void {
  reader ??= newReader()
  void reader.validateSchema(schema, true)
}

function newReader(): Ajv2020 {
  const regExp = Object.assign((source: string) => linearPattern(source), { code: 'linearPattern' })
  const made = new Ajv2020({ ownProperties: true, logger: false, code: { regExp } })
  for (const keyword of equalityKeywords(new EffortMeter())) {
    made.removeKeyword(String(keyword.keyword))
    made.addKeyword(keyword)
  }
  return made
}

function linearPattern(source: string): { test: (text: string) => boolean; toString: () => string } {
  const pattern = ecmaPattern(source)
  return { test: (text) => pattern.test(text), toString: () => source }
}
