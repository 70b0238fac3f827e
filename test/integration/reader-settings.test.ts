import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formatsByEnding, othersByEnding } from '../../src/core/table-format.ts'
import { readingOptions, readingShape } from '../../src/databases/reading/options.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { vettedPython } from '../support/vetted.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal

const tellAll = `
import dataclasses, json
from sallyport import settings, told_types
fields = dataclasses.fields(settings.Settings)
found = {
    'types': {field.name: field.type.__name__ if type(field.type) is type else str(field.type) for field in fields},
    'defaults': dataclasses.asdict(settings.Settings()),
    'allowed': settings.ALLOWED,
    'endings': settings._FORMATS,
    'others': settings._OTHERS,
    'columns': list(told_types.TYPES),
}
open('/mnt/data/told.json', 'w').write(json.dumps(found))
`

interface Told {
  readonly types: Readonly<Record<string, string>>
  readonly defaults: Readonly<Record<string, unknown>>
  readonly allowed: Readonly<Record<string, readonly string[]>>
  readonly endings: Readonly<Record<string, string>>
  readonly others: Readonly<Record<string, string>>
  readonly columns: readonly string[]
}

/** JSON schemas of the settings, as they may be written. */
const schemas = (z.toJSONSchema(readingOptions, { io: 'input' }).properties ?? {}) as Readonly<Record<string, Schema>>

interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
}

const pythonTypes: Readonly<Record<string, string>> = {
  string: 'str',
  integer: 'int',
  boolean: 'bool',
  array: 'tuple[str, ...]',
  object: 'dict[str, str]',
  null: 'None',
}

function pythonType({ type, anyOf }: Schema): string {
  return anyOf === undefined ? (pythonTypes[type ?? ''] ?? `${type}`) : anyOf.map(pythonType).join(' | ')
}

function allowedValues({ enum: values, anyOf = [] }: Schema): readonly string[] {
  return values ?? anyOf.flatMap(allowedValues)
}

describe('the settings of the reader in the image', () => {
  const engine = createTestEngine()
  let sandbox: Sandbox
  let told: Told

  beforeAll(async () => {
    sandbox = await engine.claim({ tenant: 'settings', language: 'python' }, never)
    const cell = await sandbox.run(await vettedPython(tellAll), { timeoutMilliseconds: 60_000 }, never)
    if (cell.outcome !== 'ok' || cell.error !== null) throw new Error(JSON.stringify(cell.error))
    const parts: Uint8Array[] = []
    for await (const part of sandbox.files.get('told.json', never)) parts.push(part)
    told = JSON.parse(Buffer.concat(parts).toString()) as Told
  })
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  it('have the names and types of the settings of a source', () => {
    verifies('files.settings')
    expect(told.types).toEqual(
      Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, pythonType(schema)])),
    )
    expect(Object.keys(told.types)).toEqual(Object.keys(readingShape))
  })

  it('have the same defaults', () => {
    verifies('files.settings')
    expect(told.defaults).toEqual(readingOptions.parse({}))
  })

  it('allow the same values where they are few', () => {
    const few = Object.entries(schemas).map(([name, schema]) => [name, allowedValues(schema)] as const)
    expect(told.allowed).toEqual(Object.fromEntries(few.filter(([, values]) => values.length > 0)))
  })

  it('give columns the same types', () => {
    const isKnown = (type: string) => readingOptions.safeParse({ types: { column: type } }).success
    expect(told.columns.filter((type) => !isKnown(type))).toEqual([])
    const message = readingOptions.safeParse({ types: { column: 'none of them' } }).error?.issues[0]?.message
    expect(message).toBe(`must be one of ${told.columns.join(', ')}, decimal(width,scale)`)
  })

  it('take the same format from the ending of a name', () => {
    expect(told.endings).toEqual(formatsByEnding)
    expect(told.others).toEqual(othersByEnding)
  })
})
