import { readXml } from './read-xml.ts'
import { UnreadableWorkbook, type Cell, type NumberForm } from './workbook.ts'

/** Cells and characters that may still be read of a workbook; what is empty before a value counts as a cell. */
export interface ReadBudget {
  cells: number
  characters: number
}

const [mostRows, mostColumns] = [1_048_576, 16_384]

/** What Excel reads in the place of `_x0041_`. */
const escaped = /_x([0-9A-Fa-f]{4})_/g

function spend(budget: ReadBudget, cells: number, characters: number): void {
  budget.cells -= cells
  budget.characters -= characters
  if (budget.cells < 0) throw new UnreadableWorkbook('it has too many cells')
  if (budget.characters < 0) throw new UnreadableWorkbook('it has more text than is checked of a file')
}

const unescape = (text: string): string =>
  text.replaceAll(escaped, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

/** Gathers the text of `t` elements that is shown; how it is pronounced (`rPh`) is left out. */
class ShownText {
  text = ''
  #isText = false
  #isPronounced = false

  open(name: string): void {
    if (name === 'rPh') this.#isPronounced = true
    this.#isText = name === 't' && !this.#isPronounced
  }

  close(name: string): void {
    if (name === 'rPh') this.#isPronounced = false
    if (name === 't') this.#isText = false
  }

  add(text: string): void {
    if (this.#isText) this.text += text
  }
}

/** The texts that cells name by their place in the list. */
export async function readSharedStrings(pieces: AsyncIterable<string>, budget: ReadBudget): Promise<readonly string[]> {
  const strings: string[] = []
  let shown = new ShownText()
  await readXml(pieces, {
    open(name) {
      if (name === 'si') shown = new ShownText()
      shown.open(name)
    },
    close(name) {
      shown.close(name)
      if (name !== 'si') return
      spend(budget, 1, shown.text.length)
      strings.push(unescape(shown.text))
    },
    text: (text) => shown.add(text),
  })
  return strings
}

export interface SheetParts {
  readonly strings: readonly string[]
  readonly forms: readonly NumberForm[]
  readonly budget: ReadBudget
}

/** The rows of a sheet, and how many of its formulas have no value. */
export async function readSheet(
  pieces: AsyncIterable<string>,
  parts: SheetParts,
): Promise<{ readonly rows: Cell[][]; readonly formulasWithoutValue: number }> {
  const rows: Cell[][] = []
  let formulasWithoutValue = 0
  let [row, column] = [0, 0]
  let cell: SheetCell | null = null
  await readXml(pieces, {
    open(name, attributes) {
      if (name === 'row') {
        row = placeOf(attributes['r'], row + 1, mostRows)
        column = 0
      } else if (name === 'c') {
        column = placeOf(columnOf(attributes['r']), column + 1, mostColumns)
        cell = new SheetCell(attributes['t'] ?? 'n', parts.forms[Number(attributes['s'] ?? 0)] ?? 'plain')
      } else cell?.open(name)
    },
    close(name) {
      cell?.close(name)
      if (name !== 'c' || cell === null) return
      const value = cell.value(parts.strings)
      if (value === null && cell.hasFormula) formulasWithoutValue += 1
      if (value !== null) put(rows, { row, column, value }, parts.budget)
      cell = null
    },
    text: (text) => cell?.add(text),
  })
  return { rows, formulasWithoutValue }
}

class SheetCell {
  hasFormula = false
  readonly #type: string
  readonly #form: NumberForm
  readonly #inline = new ShownText()
  #value = ''
  #isValue = false

  constructor(type: string, form: NumberForm) {
    this.#type = type
    this.#form = form
  }

  open(name: string): void {
    this.#inline.open(name)
    this.#isValue = name === 'v'
    if (name === 'f') this.hasFormula = true
  }

  close(name: string): void {
    this.#inline.close(name)
    if (name === 'v') this.#isValue = false
  }

  add(text: string): void {
    this.#inline.add(text)
    if (this.#isValue) this.#value += text
  }

  value(strings: readonly string[]): Cell {
    const text = this.#type === 'inlineStr' ? this.#inline.text : this.#value
    if (text === '') return null
    switch (this.#type) {
      case 's': {
        const shared = strings[Number(text)]
        if (shared === undefined) throw new UnreadableWorkbook('a cell of it names a text that is not there')
        return shared
      }
      case 'b':
        return text.trim() === '1'
      case 'n': {
        const number = Number(text)
        return Number.isFinite(number) ? { number, form: this.#form } : unescape(text)
      }
      default:
        return unescape(text)
    }
  }
}

interface Placed {
  readonly row: number
  readonly column: number
  readonly value: NonNullable<Cell>
}

function put(rows: Cell[][], { row, column, value }: Placed, budget: ReadBudget): void {
  const before = rows.length
  while (rows.length < row) rows.push([])
  const cells = rows[row - 1] as Cell[]
  spend(budget, Math.max(0, column - cells.length) + row - Math.min(row, before), sizeOf(value))
  while (cells.length < column) cells.push(null)
  cells[column - 1] = value
}

const sizeOf = (value: NonNullable<Cell>): number => (typeof value === 'string' ? value.length : 8)

/** Where a row or a cell says that it is, or else behind the one before. */
function placeOf(said: string | number | undefined, next: number, most: number): number {
  const place = said === undefined ? next : Number(said)
  if (Number.isInteger(place) && place >= 1 && place <= most) return place
  throw new UnreadableWorkbook('a cell of it is at no place that a sheet has')
}

/** 28 for `AB7`; not a number for what names no column. */
function columnOf(name: string | undefined): number | undefined {
  if (name === undefined) return undefined
  const letters = /^[A-Z]{1,3}(?=\d{1,7}$)/.exec(name)?.[0]
  if (letters === undefined) return Number.NaN
  return Array.from(letters, (letter) => letter.charCodeAt(0) - 64).reduce((sum, place) => sum * 26 + place, 0)
}
