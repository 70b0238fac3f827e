import type { JsonValue } from '../../core/json.ts'
import { stem, tokensOf } from '../words/tokens.ts'
import { dateOfCell } from '../figures/dates.ts'
import { numberOfCell } from './cell-number.ts'
import { unitOfName } from './column-name.ts'

export type ColumnKind = 'number' | 'date' | 'text'

/** The lowest and the highest number, NaN where there is none, and whether all are integers. */
interface Span {
  readonly low: number
  readonly high: number
  readonly isWhole: boolean
}

/** One column, with what its cells are. */
export class Column {
  readonly name: string
  readonly index: number
  /** Stems of the words of its name, without its unit. */
  readonly words: readonly string[]
  /** What its name says that a number counts: a million for "viewers (millions)". */
  readonly scale: number
  #unit: string | null
  readonly #rows: readonly (readonly JsonValue[])[]
  #kind: ColumnKind | undefined
  #numbers: Float64Array | undefined
  #ends: Float64Array | undefined
  #filled: Float64Array | undefined
  #sorted: Float64Array | undefined
  #sum: number | undefined
  #extent: Span | undefined
  #distinct: number | undefined
  #yearRows: ReadonlyMap<string, readonly number[]> | undefined

  constructor(name: string, index: number, rows: readonly (readonly JsonValue[])[]) {
    this.name = name
    this.index = index
    this.#rows = rows
    const { plain, unit, scale } = unitOfName(name)
    const words = tokensOf(plain.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')).map(({ text }) => stem(text))
    this.words = words
    this.#unit = unit
    this.scale = scale
  }

  get kind(): ColumnKind {
    this.#kind ??= this.#read()
    return this.#kind
  }

  /** `%`, a currency or a measure, by its name or by the signs in its cells; null where nothing says one. */
  get unit(): string | null {
    void this.kind
    return this.#unit
  }

  /** The numbers of the cells; days since 1970 for dates; NaN where a cell has none. Empty for texts. */
  get numbers(): Float64Array {
    void this.kind
    return this.#numbers ?? new Float64Array(0)
  }

  /** For dates, the last day that a cell means. */
  get ends(): Float64Array {
    void this.kind
    return this.#ends ?? this.numbers
  }

  /** The numbers by their rows, without those that are none. */
  get filled(): Float64Array {
    this.#filled ??= withoutMissing(this.numbers)
    return this.#filled
  }

  /** The numbers in order, without those that are none. */
  get sorted(): Float64Array {
    this.#sorted ??= this.filled.toSorted()
    return this.#sorted
  }

  get sum(): number {
    if (this.#sum === undefined) {
      let sum = 0
      for (const value of this.filled) sum += value
      this.#sum = sum
    }
    return this.#sum
  }

  /** Are its values parts of one, which people say in percent? */
  get isFraction(): boolean {
    const { low, high, isWhole } = this.#span()
    return low >= -1 && high <= 1 && !isWhole
  }

  /** Are its values years? */
  get isYears(): boolean {
    const { low, high, isWhole } = this.#span()
    return this.kind === 'number' && low >= 1000 && high <= 2100 && isWhole
  }

  cell(row: number): JsonValue {
    return this.#rows[row]?.[this.index] ?? null
  }

  textOf(row: number): string {
    const cell = this.cell(row)
    if (typeof cell === 'string') return cell
    return cell === null ? '' : typeof cell === 'number' ? String(cell) : JSON.stringify(cell)
  }

  /** How many different texts its cells have. */
  get distinct(): number {
    this.#distinct ??= this.#countDistinct()
    return this.#distinct
  }

  /** Rows with a short text in which a number of four digits stands: "2004-05". */
  rowsOfYear(year: string): readonly number[] {
    this.#yearRows ??= this.#findYears()
    return this.#yearRows.get(year) ?? []
  }

  #countDistinct(): number {
    const numbers = new Set<number>()
    const texts = new Set<string>()
    for (let row = 0; row < this.#rows.length; row += 1) {
      const cell = this.cell(row)
      if (typeof cell === 'number') numbers.add(cell)
      else texts.add(this.textOf(row))
    }
    texts.delete('')
    let count = numbers.size + texts.size
    if (numbers.size > 0) for (const text of texts) if (isTextOf(text, numbers)) count -= 1
    return count
  }

  #findYears(): ReadonlyMap<string, readonly number[]> {
    const found = new Map<string, number[]>()
    for (let row = 0; row < this.#rows.length; row += 1) {
      const text = this.textOf(row)
      if (text.length < 4 || text.length > 12) continue
      for (const year of new Set(text.match(fourDigits))) {
        const rows = found.get(year)
        if (rows === undefined) found.set(year, [row])
        else rows.push(row)
      }
    }
    return found
  }

  #span(): Span {
    if (this.#extent === undefined) {
      let [low, high, isWhole] = [Infinity, -Infinity, true]
      for (const value of this.numbers) {
        if (value < low) low = value
        if (value > high) high = value
        if (isWhole && !Number.isNaN(value) && !Number.isInteger(value)) isWhole = false
      }
      this.#extent = { low: low === Infinity ? Number.NaN : low, high, isWhole }
    }
    return this.#extent
  }

  #read(): ColumnKind {
    const count = this.#rows.length
    const numbers = new Float64Array(count).fill(Number.NaN)
    let [filled, found] = [0, 0]
    let unit: string | null = null
    for (let row = 0; row < count; row += 1) {
      const cell = this.#rows[row]?.[this.index]
      if (typeof cell === 'number') {
        numbers[row] = cell
        filled += 1
        found += 1
      } else if (typeof cell === 'string' && cell !== '' && !isMissing(cell)) {
        filled += 1
        const read = numberOfCell(cell)
        if (read === null) {
          // Texts are known for what they are by their first rows.
          if (filled - found > 64 && found < filled / 4) return this.#readDates(count)
        } else {
          numbers[row] = read.value
          unit ??= read.unit
          found += 1
        }
      }
    }
    if (found === 0 || found < filled * 0.6) return this.#readDates(count)
    this.#unit ??= unit
    this.#numbers = numbers
    return 'number'
  }

  #readDates(count: number): ColumnKind {
    const starts = new Float64Array(count).fill(Number.NaN)
    const ends = new Float64Array(count).fill(Number.NaN)
    let [filled, found] = [0, 0]
    for (let row = 0; row < count; row += 1) {
      const cell = this.#rows[row]?.[this.index]
      if (typeof cell !== 'string' || cell === '' || isMissing(cell)) continue
      filled += 1
      const span = dateOfCell(cell)
      if (span === null) {
        if (filled - found > 16 && found < filled / 2) return 'text'
        continue
      }
      starts[row] = span.low
      ends[row] = span.high
      found += 1
    }
    if (found === 0 || found < filled * 0.6) return 'text'
    this.#numbers = starts
    this.#ends = ends
    return 'date'
  }
}

const fourDigits = /(?<!\d)\d{4}(?!\d)/g

function isTextOf(text: string, numbers: ReadonlySet<number>): boolean {
  const value = Number(text)
  return numbers.has(value) && String(value) === text
}

function isMissing(cell: string): boolean {
  return cell.length <= 7 && /^\s*(?:-+|–|—|n \/ a|n\/?a|nan|null|none|unknown|tba|tbd|\?)?\s*$/i.test(cell)
}

/** The same list where none is missing. */
function withoutMissing(numbers: Float64Array): Float64Array {
  if (numbers.every((value) => !Number.isNaN(value))) return numbers
  const kept = new Float64Array(numbers.length)
  let count = 0
  for (const value of numbers) {
    if (Number.isNaN(value)) continue
    kept[count] = value
    count += 1
  }
  return kept.subarray(0, count)
}
