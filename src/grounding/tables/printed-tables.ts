import type { JsonValue } from '../../core/json.ts'
import type { EvidenceTable, PrintedText } from './evidence.ts'

const mostPrinted = 200_000
const mostTables = 12
const mostColumns = 40

interface Block {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly JsonValue[])[]
}

/**
 * The tables that a program has printed: frames, counts and series as pandas prints them, tables between bars (Markdown,
 * `psql`, DuckDB), and lines of `label: number`. What is printed in another form is found digit by digit alone.
 */
export function tablesOfText({ id, title, text }: PrintedText): readonly EvidenceTable[] {
  const lines = text.slice(0, mostPrinted).split('\n')
  const blocks = [...framesIn(lines), ...barredIn(lines), ...linesIn(lines)].slice(0, mostTables)
  const named = title === undefined ? { id } : { id, title }
  return blocks.map(({ columns, rows }) => Object.assign({ columns: columns.map((name) => ({ name })), rows }, named))
}

const number = /^[-−+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?%?$/i
const isCell = (text: string): boolean =>
  number.test(text) || /^(?:nan|none|null|<na>|nat|inf|-inf|true|false|-)$/i.test(text)
const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/)

/** A head that begins behind blanks, and lines that have as many cells behind a label as it has names. */
function framesIn(lines: readonly string[]): readonly Block[] {
  const found: Block[] = []
  for (let at = 0; at < lines.length - 1; at += 1) {
    const head = lines[at] ?? ''
    if (!/^\s+\S/.test(head) || /[|│:=]/.test(head)) continue
    const names = wordsOf(head)
    if (names.length > mostColumns || names.some((name) => number.test(name) && !/^(?:19|20)\d\d$/.test(name))) continue
    const named = indexNames(lines[at + 1] ?? '')
    const rows: (readonly string[])[] = []
    let next = named === null ? at + 1 : at + 2
    for (; next < lines.length; next += 1) {
      const row = rowOf(lines[next] ?? '', names.length, named?.length ?? 1, rows.at(-1))
      if (row === null) break
      rows.push(row)
    }
    if (rows.length === 0) continue
    const labels = named ?? ['index']
    found.push({ columns: [...labels, ...names], rows: rows.map((row) => row.map(valueOf)) })
    at = next - 1
  }
  return found
}

/** The names of the index, which pandas prints on a line of their own below the head. */
function indexNames(line: string): readonly string[] | null {
  return /^\S/.test(line) &&
    /^\p{L}/u.test(line) &&
    wordsOf(line).length <= 3 &&
    !/\d/.test(line) &&
    !/[:=|]/.test(line)
    ? wordsOf(line)
    : null
}

/** A label, or several that are not printed again below themselves, and the cells behind it. */
function rowOf(
  line: string,
  width: number,
  labels: number,
  above: readonly string[] | undefined,
): readonly string[] | null {
  const words = wordsOf(line)
  if (words.length < width || line.trim() === '') return null
  const cells = words.slice(words.length - width)
  if (!cells.some(isCell) || !cells.every((cell) => isCell(cell) || /^[\p{L}_-]+$/u.test(cell))) return null
  const label = words.length === width ? '' : leadOf(line, cells)
  if (label === '' && labels < 2) return null
  const parts = label === '' ? [] : labels === 1 ? [label] : label.split(/\s{2,}|\s+(?=\S+$)/)
  const missing = Math.max(0, labels - parts.length)
  return [
    ...(above ?? []).slice(0, missing),
    ...Array.from({ length: missing - Math.min(missing, above?.length ?? 0) }, () => ''),
    ...parts.slice(0, labels),
    ...cells,
  ]
}

/** What stands before the last so many cells of a line. */
function leadOf(line: string, cells: readonly string[]): string {
  let end = line.trimEnd().length
  for (const cell of cells.toReversed()) end = line.lastIndexOf(cell, end - 1)
  return line.slice(0, Math.max(0, end)).trim()
}

function valueOf(text: string): JsonValue {
  return /^[-+]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)
    ? Number(text)
    : /^(?:nan|none|null|<na>|nat)$/i.test(text)
      ? null
      : text
}

/** Lines with bars between their cells; what has neither letters nor digits rules them off. */
function barredIn(lines: readonly string[]): readonly Block[] {
  const found: Block[] = []
  let table: (readonly string[])[] = []
  const close = (): void => {
    const [columns, ...rows] = table.filter((row) => row.length === table[0]?.length)
    if (columns !== undefined && columns.length > 1 && rows.length > 0 && columns.length <= mostColumns)
      found.push({ columns, rows: rows.map((row) => row.map(valueOf)) })
    table = []
  }
  for (const line of [...lines, '']) {
    if (!/[|│]/.test(line)) {
      if (!/^[\s┌┐└┘├┤┬┴┼─+=-]+$/.test(line) || line.trim() === '') close()
      continue
    }
    if (!/[\p{L}\p{N}]/u.test(line)) continue
    const cells = line
      .trim()
      .replaceAll(/^[|│]|[|│]$/g, '')
      .split(/[|│]/)
      .map((cell) => cell.trim())
    table.push(cells)
  }
  return found
}

const labelled =
  /^\s*['"]?(\p{L}[^:=|\n]{0,80}?)['"]?\s*(?:[:=]|\s{2,})\s*([$€£]?[-−+]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?\s*%?)(?![\w.,]*\d)/iu
const nameOfSeries = /^Name: ([^,]+), (?:Length: \d+, )?dtype:/

/** `label: number`, and counts as pandas prints them, whose own names are told above and behind. */
function linesIn(lines: readonly string[]): readonly Block[] {
  const rows: (readonly string[])[] = []
  let [label, value] = ['label', 'value']
  for (const [at, line] of lines.entries()) {
    const [, name, digits] = labelled.exec(line) ?? []
    if (name !== undefined && digits !== undefined) {
      const above = indexNames(lines[at - 1] ?? '')
      if (rows.length === 0 && above?.length === 1 && !/[:=]/.test(line)) label = above[0] ?? label
      rows.push([name.trim(), digits.trim()])
    }
    value = nameOfSeries.exec(line)?.[1] ?? value
  }
  return rows.length === 0 ? [] : [{ columns: [label, value], rows }]
}
