import type { Json } from './read-ledger.ts'

type Schema = Readonly<Record<string, Json>>

const deepest = 12
const mostPaths = 1_000

/** Which parameters a JSON Schema gives a tool. */
export interface ParameterPaths {
  /** In the form of declarations: `recipients[]`, `attachments[].file_id`. */
  readonly known: ReadonlySet<string>
  /** May this path be there? What the schema leaves open holds anything. */
  mayHold(path: string): boolean
}

export function parameterPaths(schema: Schema): ParameterPaths {
  const known = new Set<string>()
  const open = new Set<string>()
  const walk = (given: Json | undefined, path: string, depth: number): void => {
    const part = resolved(given, schema)
    if (depth > deepest || known.size > mostPaths || part === null) return void open.add(path)
    const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => listOf(part[name]))
    for (const branch of branches) walk(branch, path, depth + 1)
    const properties = objectOf(part['properties'])
    for (const [name, member] of Object.entries(properties ?? {})) {
      walk(member, path === '' ? name : `${path}.${name}`, depth + 1)
    }
    if (part['items'] !== undefined) walk(part['items'], `${path}[]`, depth + 1)
    const type = listOf(part['type']).length > 0 ? listOf(part['type']) : [part['type']]
    if (type.includes('array') && part['items'] === undefined) open.add(path)
    const isObject = type.includes('object') || (part['type'] === undefined && branches.length === 0)
    const isAny = isObject && properties === null && part['enum'] === undefined && part['const'] === undefined
    if (isAny || part['additionalProperties'] === true || objectOf(part['additionalProperties']) !== null) {
      open.add(path)
    }
    if (
      path !== '' &&
      part['type'] !== 'null' &&
      properties === null &&
      part['items'] === undefined &&
      branches.length === 0
    )
      known.add(path)
  }
  walk(schema, '', 0)
  return {
    known,
    mayHold: (path) =>
      known.has(path) ||
      [...open].some(
        (begun) => begun === '' || path === begun || path.startsWith(`${begun}.`) || path.startsWith(`${begun}[`),
      ),
  }
}

/** What a part of a schema says, also where it only points at another part; null for what says nothing. */
function resolved(given: Json | undefined, whole: Schema): Schema | null {
  let part = objectOf(given)
  for (let steps = 0; steps < deepest && part !== null; steps += 1) {
    const { $ref: reference } = part
    if (typeof reference !== 'string') return part
    if (!reference.startsWith('#/')) return null
    part = reference
      .slice(2)
      .split('/')
      .reduce<Schema | null>((at, name) => {
        const key = name.replaceAll('~1', '/').replaceAll('~0', '~')
        return at !== null && Object.hasOwn(at, key) ? objectOf(at[key]) : null
      }, whole)
  }
  return null
}

function objectOf(value: Json | undefined): Schema | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : null
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}
