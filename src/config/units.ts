interface Quantity {
  readonly kind: 'time' | 'size'
  /** The ending of a setting's name. */
  readonly suffix: string
  readonly spellings: readonly string[]
}

/** What the end of a name may mean. The names of settings end in `ms`, `days`, `kb` and `mb` and in nothing else. */
const quantities: readonly Quantity[] = [
  { kind: 'time', suffix: 'ms', spellings: ['ms', 'msec', 'msecs', 'millis', 'millisecond', 'milliseconds'] },
  { kind: 'time', suffix: 's', spellings: ['s', 'sec', 'secs', 'second', 'seconds'] },
  { kind: 'time', suffix: 'min', spellings: ['min', 'mins', 'minute', 'minutes'] },
  { kind: 'time', suffix: 'h', spellings: ['h', 'hour', 'hours'] },
  { kind: 'time', suffix: 'days', spellings: ['d', 'day', 'days'] },
  { kind: 'size', suffix: 'bytes', spellings: ['b', 'byte', 'bytes'] },
  { kind: 'size', suffix: 'kb', spellings: ['k', 'kb', 'kib', 'kilobytes', 'kibibytes'] },
  { kind: 'size', suffix: 'mb', spellings: ['m', 'mb', 'mib', 'megabytes', 'mebibytes'] },
  { kind: 'size', suffix: 'gb', spellings: ['g', 'gb', 'gib', 'gigabytes', 'gibibytes'] },
]

const words: Readonly<Record<string, string>> = { ms: 'milliseconds', days: 'days', kb: 'KiB', mb: 'MiB' }

interface Measured {
  /** The name without its unit. */
  readonly stem: string
  /** null where the name ends in no unit. */
  readonly quantity: Quantity | null
}

function measure(name: string): Measured {
  const [whole, stem = name, unit = ''] = /^(.+)_([a-z]+)$/.exec(name.toLowerCase()) ?? []
  const quantity = whole === undefined ? undefined : quantities.find(({ spellings }) => spellings.includes(unit))
  return quantity === undefined ? { stem: name.toLowerCase(), quantity: null } : { stem, quantity }
}

/** The names that measure the same as a word whose unit is spelled otherwise, or left out: `timeout_seconds`, `timeout`. */
export function sameMeasure(word: string, names: readonly string[]): readonly string[] {
  const meant = measure(word)
  return names.filter((name) => {
    const { stem, quantity } = measure(name)
    if (quantity === null || stem !== meant.stem) return false
    return meant.quantity === null || meant.quantity.kind === quantity.kind
  })
}

/** The names with a unit of the same kind, time or size; none for a word without one. */
export function sameKind(word: string, names: readonly string[]): readonly string[] {
  const { quantity } = measure(word)
  return quantity === null ? [] : names.filter((name) => measure(name).quantity?.kind === quantity.kind)
}

/** ` (in milliseconds)` where a value written for the word would mean something else under the name; else nothing. */
export function unitNote(word: string, name: string): string {
  const { quantity } = measure(name)
  if (quantity === null || quantity === measure(word).quantity) return ''
  return ` (in ${words[quantity.suffix] ?? quantity.suffix})`
}
