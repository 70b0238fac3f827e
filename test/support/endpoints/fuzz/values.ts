import * as fc from 'fast-check'

/** A schema as fixtures of the fuzz write it. */
export type FuzzSchema = Readonly<Record<string, unknown>>

const alphabet = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('\u00a0', '\u2028', '\r', '\n', '\t', 'é', '😀', '\ufeff', '\u0000', '"', '\\'),
  },
)

/** Values that a schema takes, most of them at its bounds. `root` has what it refers to. */
export function valuesOf(schema: FuzzSchema, root: FuzzSchema, depth = 0): fc.Arbitrary<unknown> {
  const inner = (child: unknown): fc.Arbitrary<unknown> => valuesOf(child as FuzzSchema, root, depth + 1)
  const reference = schema['$ref']
  if (typeof reference === 'string') {
    let part: unknown = root
    for (const step of reference.split('/').slice(1)) part = (part as FuzzSchema)[step]
    return valuesOf(part as FuzzSchema, root, depth)
  }
  if (schema['const'] !== undefined) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  const choice = (schema['oneOf'] ?? schema['anyOf']) as readonly unknown[] | undefined
  if (choice !== undefined) return fc.oneof(...choice.map(inner))
  const types = [schema['type']].flat()
  if (types.length > 1) return fc.oneof(...types.map((type) => inner({ ...schema, type })))
  const number = (name: string, otherwise: number): number => (schema[name] as number | undefined) ?? otherwise
  switch (types[0]) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer': {
      const step = number('multipleOf', 1)
      const [min, max] = [Math.ceil(number('minimum', -9_999) / step), Math.floor(number('maximum', 9_999) / step)]
      return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)).map((times) => times * step)
    }
    case 'number': {
      const [min, max] = [number('minimum', number('exclusiveMinimum', -1e9)), number('maximum', 1e9)]
      const minExcluded = schema['exclusiveMinimum'] !== undefined
      return fc.double({ min, max, minExcluded, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value))
    }
    case 'string':
      return texts(schema, number('minLength', 0), number('maxLength', 12))
    case 'array':
      return lists(schema, depth, inner)
    default:
      return objects(schema, depth, inner)
  }
}

function texts({ pattern }: FuzzSchema, minLength: number, maxLength: number): fc.Arbitrary<string> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
  // The bounds of JSON Schema count code points.
  return fc.array(alphabet, { minLength, maxLength }).map((characters) => characters.join(''))
}

type Inner = (child: unknown) => fc.Arbitrary<unknown>

function lists(schema: FuzzSchema, depth: number, inner: Inner): fc.Arbitrary<unknown[]> {
  const first = schema['prefixItems'] as readonly unknown[] | undefined
  if (first !== undefined) return fc.tuple(...first.map(inner))
  const minLength = (schema['minItems'] as number | undefined) ?? 0
  const maxLength = depth > 4 ? minLength : ((schema['maxItems'] as number | undefined) ?? 4)
  const make = schema['uniqueItems'] === true ? fc.uniqueArray : fc.array
  return make(inner(schema['items']), { minLength, maxLength })
}

function objects(schema: FuzzSchema, depth: number, inner: Inner): fc.Arbitrary<object> {
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as FuzzSchema)
  const [named] = patterns
  if (named !== undefined) {
    const names = fc.stringMatching(new RegExp(named[0], 'u'))
    return fc.dictionary(names, inner(named[1]), { minKeys: 1, maxKeys: 4, noNullPrototype: true })
  }
  const properties = Object.entries((schema['properties'] ?? {}) as FuzzSchema)
  const required = (schema['required'] ?? []) as string[]
  const kept = depth > 4 ? properties.filter(([name]) => required.includes(name)) : properties
  const needs = Object.entries((schema['dependentRequired'] ?? {}) as Record<string, readonly string[]>)
  const record = fc.record(Object.fromEntries(kept.map(([name, child]) => [name, inner(child)])), {
    requiredKeys: required,
    noNullPrototype: true,
  }) as fc.Arbitrary<Record<string, unknown>>
  return record.map((value) => {
    for (const [name, others] of needs) if (others.some((other) => !(other in value))) delete value[name]
    return value
  })
}

/** One place of a value changed into something that its schema may not take. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value)
  const strange: fc.Arbitrary<unknown> = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      null,
      -1,
      0,
      1e21,
      1e308,
      -0.5,
      101,
      2 ** 53,
      '',
      'x'.repeat(40),
      'A',
      'a\u00a0',
      '\u2028',
      'a\r',
      'a\n',
      '\ufeffa',
      [],
      {},
      true,
      '1',
    ),
  )
  const names = fc.constantFrom('__proto__', 'constructor', 'toString', 'admin', '', 'pixels', 'kind', '0', 'é')
  return fc.record({ place: fc.constantFrom(...places), put: strange, how: fc.nat(3), name: names }).map((change) => {
    const copy: unknown = structuredClone(value)
    return changedAt(copy, change.place, (old) => {
      if (change.how === 1 && Array.isArray(old)) return [...(old as unknown[]), change.put]
      if (typeof old !== 'object' || old === null || Array.isArray(old) || change.how === 0) return change.put
      const members = Object.entries(old)
      if (change.how === 2) return Object.fromEntries(members.slice(1))
      return Object.fromEntries([...members, [change.name, change.put]])
    })
  })
}

type Path = readonly (string | number)[]

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...children.flatMap(([step, child]) => placesIn(child, [...path, step]))]
}

function changedAt(value: unknown, [step, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (step === undefined) return change(value)
  const holder = value as Record<string | number, unknown>
  const put = changedAt(holder[step], rest, change)
  Object.defineProperty(holder, step, { value: put, enumerable: true, writable: true, configurable: true })
  return holder
}
