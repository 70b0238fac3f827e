/**
 * PostgreSQL's syntax tree as libpg-query prints it: a node is an object with one member, its type's name, whose value
 * is a struct of fields. Absent fields have their default value.
 */
export type Struct = { [field: string]: unknown }

export function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `{Type: {...}}` as its parts; null for anything else. */
export function unwrap(value: unknown): { readonly type: string; readonly struct: Struct } | null {
  if (!isStruct(value)) return null
  const [type, ...more] = Object.keys(value)
  if (type === undefined || more.length > 0 || !/^[A-Z]/.test(type)) return null
  const struct = value[type]
  return isStruct(struct) ? { type, struct } : null
}

/** The struct of a node of this type, else null. */
export function asNode(value: unknown, type: string): Struct | null {
  const node = unwrap(value)
  return node?.type === type ? node.struct : null
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The structs of a list's nodes of one type. */
export function nodesOf(value: unknown, type: string): Struct[] {
  return asList(value)
    .map((item) => asNode(item, type))
    .filter((struct) => struct !== null)
}

/** A list of String nodes as texts: names of functions, operators, types and columns. A star is not among them. */
export function stringList(value: unknown): string[] {
  return asList(value).flatMap((item) => {
    const text = asNode(item, 'String')?.['sval']
    return typeof text === 'string' ? [text] : []
  })
}

export function textField(struct: Struct, field: string): string | null {
  const value = struct[field]
  return typeof value === 'string' ? value : null
}

/** Byte offset of a struct in the parsed text; 0 is left out by the printer. */
export function locationOf(struct: Struct): number {
  const location = struct['location']
  return typeof location === 'number' && location >= 0 ? location : 0
}

/** Fields that say where in the text something stood; they carry no meaning. */
export function isLocationField(field: string): boolean {
  return (
    field === 'location' ||
    field === 'name_location' ||
    field === 'list_start' ||
    field === 'list_end' ||
    field === 'rexpr_list_start' ||
    field === 'rexpr_list_end' ||
    field === 'stmt_location' ||
    field === 'stmt_len'
  )
}

/** Do two trees say the same, wherever in the text it stood? */
export function sameTree(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameTree(item, right[index]))
  }
  if (isStruct(left) && isStruct(right)) {
    const keys = Object.keys(left).filter((key) => !isLocationField(key))
    const others = Object.keys(right).filter((key) => !isLocationField(key))
    return keys.length === others.length && keys.every((key) => key in right && sameTree(left[key], right[key]))
  }
  return left === right
}
