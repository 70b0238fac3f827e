import { z } from 'zod'

/** Keys and indexes from the root of the configuration to a value. */
export type SettingPath = readonly (string | number)[]

/** A place in the schema where a value is given as a whole: a number, a text, a list, a map with free keys. */
export interface Leaf {
  readonly path: readonly string[]
  /** `text` is taken as it is written; everything else is read as YAML. */
  readonly kind: 'text' | 'list' | 'yaml'
}

/** The schema below defaults, optionals, nullables and transforms. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in)
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap())
  }
  return schema
}

/** How a value at this place is written. */
export function kindOf(schema: z.core.$ZodType): Leaf['kind'] {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodArray) return 'list'
  return inner instanceof z.ZodString || inner instanceof z.ZodStringFormat || inner instanceof z.ZodEnum
    ? 'text'
    : 'yaml'
}

/** Every leaf of the schema, in its order. */
export function leavesOf(schema: z.core.$ZodType, path: readonly string[] = []): readonly Leaf[] {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, child]) => leavesOf(child as z.core.$ZodType, [...path, key]))
  }
  return [{ path, kind: kindOf(schema) }]
}

function alternatives(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const inner = unwrap(schema)
  return inner instanceof z.ZodUnion ? inner.options.flatMap((option) => alternatives(option)) : [inner]
}

function child(schema: z.core.$ZodType, key: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodRecord) return [schema.valueType]
  if (schema instanceof z.ZodArray) return [schema.element]
  if (!(schema instanceof z.ZodObject)) return []
  const shape = schema.shape as Readonly<Record<string, z.core.$ZodType>>
  const found = Object.hasOwn(shape, key) ? shape[key] : undefined
  return found === undefined ? [] : [found]
}

/** What the schema says about a path; several where a union leaves it open, none where the path is unknown. */
export function schemasAt(schema: z.core.$ZodType, path: SettingPath): readonly z.core.$ZodType[] {
  return path.reduce<readonly z.core.$ZodType[]>(
    (found, key) => found.flatMap((each) => child(each, key)).flatMap(alternatives),
    alternatives(schema),
  )
}

/** Is the value at this path a text? Only there may a file refer to a secret kept elsewhere. */
export function isText(schema: z.core.$ZodType, path: SettingPath): boolean {
  const found = schemasAt(schema, path)
  return found.length > 0 && found.every((each) => kindOf(each) === 'text')
}

/** Where a text is kept instead of being written out: the last name of a path like `model.api_key.env`. */
export type Place = 'file' | 'env'

export function isPlace(key: unknown): key is Place {
  return key === 'file' || key === 'env'
}

/** The keys known at a path. */
export function keysAt(schema: z.core.$ZodType, path: SettingPath): readonly string[] {
  return schemasAt(schema, path).flatMap((found) => (found instanceof z.ZodObject ? Object.keys(found.shape) : []))
}

/** `model.base_url`, `sources.shop.relations[2]`, `relations."public.orders"` as written in messages. */
export function formatPath(path: SettingPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    const name = key.includes('.') ? `"${key}"` : key
    return text === '' ? name : `${text}.${name}`
  }, '')
}
