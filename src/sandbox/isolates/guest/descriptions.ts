export interface Descriptions {
  /** A value as a person reads it: `[ 1, 'a' ]`. Never throws. */
  readonly show: (value: unknown) => string
  /** A value as JSON, or null where JSON would say something else than the value. */
  readonly jsonOf: (value: unknown) => string | null
}

/**
 * Describes values of a program. It keeps its own references to what it needs, so that a program which replaces
 * `JSON.stringify` or a prototype changes only itself.
 */
export function createDescriptions(): Descriptions {
  const { stringify } = JSON
  const { apply, ownKeys, getPrototypeOf } = Reflect
  const { isArray, from } = Array
  const { isView } = ArrayBuffer
  const { isFinite } = Number
  const toStringTag = Object.prototype.toString
  const symbolToString = Symbol.prototype.toString
  const dateToIso = Date.prototype.toISOString
  const dateValue = Date.prototype.getTime
  const regExpToString = RegExp.prototype.toString
  const mapEntries = Map.prototype.entries
  const setValues = Set.prototype.values
  const StringOf = String
  const ObjectPrototype = Object.prototype
  const TypeErrorOf = TypeError
  const most = 100

  const tagOf = (value: unknown): string => apply(toStringTag, value, [])

  const showFunction = (value: { readonly name: unknown }) =>
    '[Function' + (typeof value.name === 'string' && value.name ? ' ' + value.name : '') + ']'

  const showItems = (kind: string, items: readonly unknown[], showItem: (item: never) => string) =>
    kind +
    '(' +
    items.length +
    ') {' +
    items
      .slice(0, most)
      .map((item) => ' ' + showItem(item as never))
      .join(',') +
    ' }'

  const showArray = (value: ArrayLike<unknown>, inner: (item: unknown) => string) => {
    const items: string[] = []
    for (let index = 0; index < value.length && index < most; index += 1) items.push(inner(value[index]))
    if (value.length > most) items.push('… ' + (value.length - most) + ' more')
    return items.length === 0 ? '[]' : '[ ' + items.join(', ') + ' ]'
  }

  const showRecord = (value: Record<string, unknown>, inner: (item: unknown) => string) => {
    const keys = ownKeys(value).filter((key) => typeof key === 'string')
    const shown = keys.slice(0, most).map((key) => key + ': ' + inner(value[key]))
    if (keys.length > most) shown.push('… ' + (keys.length - most) + ' more')
    const isPlain = getPrototypeOf(value) === ObjectPrototype || typeof value.constructor !== 'function'
    const name = isPlain ? '' : StringOf(value.constructor.name) + ' '
    return name + (shown.length === 0 ? '{}' : '{ ' + shown.join(', ') + ' }')
  }

  const showObject = (value: object, depth: number, seen: readonly unknown[]): string => {
    if (seen.includes(value)) return '[Circular]'
    if (value instanceof Error) return typeof value.stack === 'string' ? value.stack : StringOf(value)
    if (depth > 4) return isArray(value) ? '[Array]' : '[Object]'
    const inner = (item: unknown) => show(item, depth + 1, [...seen, value])
    const tag = tagOf(value)
    if (tag === '[object Date]') {
      const time: number = apply(dateValue, value, [])
      return time === time ? apply(dateToIso, value, []) : 'Invalid Date'
    }
    if (tag === '[object RegExp]') return apply(regExpToString, value, [])
    if (tag === '[object Map]') {
      const entries: [unknown, unknown][] = from(apply(mapEntries, value, []))
      return showItems('Map', entries, ([key, item]: [unknown, unknown]) => inner(key) + ' => ' + inner(item))
    }
    if (tag === '[object Set]') return showItems('Set', from(apply(setValues, value, [])), inner)
    if (isArray(value) || isView(value)) return showArray(value as unknown as ArrayLike<unknown>, inner)
    return showRecord(value as Record<string, unknown>, inner)
  }

  const show = (value: unknown, depth: number, seen: readonly unknown[]): string => {
    try {
      if (typeof value === 'string') return depth === 0 ? value : stringify(value)
      if (typeof value === 'bigint') return StringOf(value) + 'n'
      if (typeof value === 'symbol') return apply(symbolToString, value, [])
      if (typeof value === 'function') return showFunction(value)
      if (value === null || typeof value !== 'object') return value === 0 && 1 / value < 0 ? '-0' : StringOf(value)
      return showObject(value, depth, seen)
    } catch {
      return '[a value that cannot be shown]'
    }
  }

  // JSON would show these as an empty object or as null: only their text describes them.
  const kinds = ['Map', 'Set', 'WeakMap', 'WeakSet', 'Error', 'RegExp', 'ArrayBuffer', 'Promise', 'Generator']
  const opaque = [...kinds, 'AsyncGenerator'].map((kind) => '[object ' + kind + ']')
  const { includes } = opaque
  const fail = () => {
    throw new TypeErrorOf('JSON cannot say it')
  }

  // Throws where JSON would say something else than the value; large integers become their digits.
  const exactly = function (this: Record<string, unknown>, key: string, value: unknown) {
    const given = this[key]
    if (typeof value === 'bigint') return StringOf(value)
    if (typeof value === 'number' && !isFinite(value)) fail()
    if ((value === null && given !== null) || (value === undefined && isArray(this))) fail()
    if (typeof value === 'function' || typeof value === 'symbol') fail()
    if (isView(given) || apply(includes, opaque, [tagOf(given)])) fail()
    return value
  }

  const jsonOf = (value: unknown): string | null => {
    try {
      if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return null
      const json = (stringify(value, exactly) as string | undefined) ?? null
      return json === 'null' && value !== null ? null : json
    } catch {
      return null // circular or hostile: only its text describes the value
    }
  }

  return { show: (value) => show(value, 0, []), jsonOf }
}
