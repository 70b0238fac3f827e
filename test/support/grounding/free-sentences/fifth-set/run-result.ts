import { FactTable } from '../../fact-table.ts'

/** What one call of a run has brought: rows of a query with `|` between cells, or what a program printed. */
export interface RunResult {
  readonly kind: 'rows' | 'frame' | 'lines' | 'json'
  readonly text: string
}

/**
 * The result as labels are computed from it, apart from what is measured. A frame is a table as pandas prints one, its index named by a
 * line of its own or `index`; lines (`name: value`, or blanks between) and the members of JSON are the columns `name` and `value`.
 */
export function factsOf(id: string, { kind, text }: RunResult): FactTable {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (kind === 'rows') return new FactTable(id, lines.map(cellsOf))
  if (kind === 'json') return new FactTable(id, [['name', 'value'], ...members('', JSON.parse(text))])
  if (kind === 'lines') {
    const pairs = lines.flatMap((line) => {
      const [, name, value] = /^(.+?)(?::\s+|\s{2,})(\S+)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    })
    return new FactTable(id, [['name', 'value'], ...pairs])
  }
  const [head = '', ...rows] = lines
  const index = rows[0]?.trim() ?? ''
  const isNamed = !/\s/.test(index)
  const cells = rows.slice(isNamed ? 1 : 0).map((line) => line.trim().split(/\s+/))
  return new FactTable(id, [[isNamed ? index : 'index', ...head.trim().split(/\s+/)], ...cells])
}

/** The cells of a line of a query's rows. */
export function cellsOf(line: string): readonly string[] {
  return line.split('|').map((cell) => cell.trim())
}

function members(path: string, value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]]
  return Object.entries(value).flatMap(([name, inner]) => members(path === '' ? name : `${path}.${name}`, inner))
}
