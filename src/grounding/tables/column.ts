import type { JsonValue } from '../../core/json.ts'
import { atOnce, type Steps } from '../steps.ts'
import { stem, tokensOf } from '../words/tokens.ts'
import { readColumn, type ColumnCells, type ColumnKind } from './column-cells.ts'
import { unitOfName } from './column-name.ts'
import { sortNumbers } from './sort-numbers.ts'

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
  readonly #unit: string | null
  readonly #rows: readonly (readonly JsonValue[])[]
  #cells: ColumnCells | undefined
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

  /** Finds out what its cells are, step by step. Whoever asks for it before it is done has it done at once. */
  *reading(): Steps<void> {
    if (this.#cells !== undefined) return
    const cells = yield* readColumn(this.#rows, this.index)
    this.#cells ??= cells
  }

  /** Puts its numbers in order, step by step, like `reading`. */
  *sorting(): Steps<void> {
    if (this.#sorted !== undefined) return
    const sorted = yield* sortNumbers(this.filled)
    this.#sorted ??= sorted
  }

  get kind(): ColumnKind {
    return this.#read().kind
  }

  /** `%`, a currency or a measure, by its name or by the signs in its cells; null where nothing says one. */
  get unit(): string | null {
    return this.#unit ?? this.#read().unit
  }

  /** The numbers of the cells; days since 1970 for dates; NaN where a cell has none. Empty for texts. */
  get numbers(): Float64Array {
    return this.#read().numbers
  }

  /** For dates, the last day that a cell means. */
  get ends(): Float64Array {
    return this.#read().ends
  }

  /** The numbers by their rows, without those that are none. */
  get filled(): Float64Array {
    this.#filled ??= withoutMissing(this.numbers)
    return this.#filled
  }

  /** The numbers in order, without those that are none. */
  get sorted(): Float64Array {
    this.#sorted ??= atOnce(sortNumbers(this.filled))
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
    // 1,030 to 1,615 signups are no years, whatever their size.
    const first = yearNames.test(this.name) ? 1000 : 1800
    return this.kind === 'number' && low >= first && high <= 2100 && isWhole && this.unit === null
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

  #read(): ColumnCells {
    this.#cells ??= atOnce(readColumn(this.#rows, this.index))
    return this.#cells
  }
}

const yearNames = /year|yr|season|jahr|ann[eé]e|date|founded|built|born|died|opened|since|launch|reign|elect/i
const fourDigits = /(?<!\d)\d{4}(?!\d)/g

function isTextOf(text: string, numbers: ReadonlySet<number>): boolean {
  const value = Number(text)
  return numbers.has(value) && String(value) === text
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
