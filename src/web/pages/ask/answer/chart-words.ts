import { cellText } from '../../../components/visible-text.ts'

/** A chart as the service gives it, as far as it is told in words. */
interface Chart {
  readonly columns: readonly { readonly name: string; readonly title: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Columns by which the service keeps the parts of a figure apart; where there is one part they tell nobody anything. */
const partNames: ReadonlySet<string> = new Set(['layer', 'series'])

/** Names of the columns that a reader of a chart is shown. */
export function namesOfItsOwn({ columns, rows }: Chart): readonly string[] {
  const isOfOnePart = (name: string, place: number): boolean =>
    partNames.has(name) && new Set(rows.map((row) => row[place])).size <= 1
  return columns.filter(({ name }, place) => !isOfOnePart(name, place)).map(({ name }) => name)
}

/** A row of a chart as one would name it: by its first word, or its first number where it has no words; null for one that has neither. */
export function pointInWords(chart: Chart, row: Readonly<Record<string, unknown>>): string | null {
  const own = new Set(namesOfItsOwn(chart))
  const known = chart.columns.filter(({ name }) => own.has(name) && row[name] !== undefined && row[name] !== null)
  const words = known.filter(({ name }) => typeof row[name] === 'string')
  const named = words.find(({ name }) => !partNames.has(name)) ?? words[0] ?? known[0]
  if (named === undefined) return null
  return `${named.title} ${cellText(row[named.name])}`
}
