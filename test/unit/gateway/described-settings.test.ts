import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { privacyOptions } from '../../../src/gateway/privacy/profiles/options.ts'

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** Every setting below a schema that does not say what it is, by its path. */
function* silentIn(schema: Schema, path: string): Generator<string> {
  for (const { properties = {}, additionalProperties, items } of [schema, ...(schema.anyOf ?? [])]) {
    for (const [name, setting] of Object.entries(properties)) {
      if (setting.description === undefined || setting.description === '') yield `${path}.${name}`
      yield* silentIn(setting, `${path}.${name}`)
    }
    if (typeof additionalProperties === 'object') yield* silentIn(additionalProperties, `${path}.*`)
    if (items !== undefined) yield* silentIn(items, `${path}[]`)
  }
}

describe('the settings of the gateway', () => {
  it.each([
    // Each part of a budget says what it is; presidio and recognizers are those of the filters.
    ['gateway', gatewayOptions, ['gateway.groups.*.budget']],
    ['privacy', privacyOptions, ['privacy.presidio', 'privacy.profiles.*.recognizers[].name']],
  ] as const)('say each what it is for: %s', (name, options, others) => {
    const schema = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Schema
    expect([...silentIn(schema, name)]).toEqual(others)
  })
})
