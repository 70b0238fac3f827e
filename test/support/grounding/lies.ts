/** What is asked of the sample shop, and answered with lies. */
export const liedQuestion = 'How many orders of each status are there, and what is their revenue?'
export const liedStatement =
  'SELECT status, count(*) AS orders, sum(total) AS revenue FROM orders GROUP BY status ORDER BY revenue DESC'

interface Row {
  readonly status: string
  readonly orders: number
  readonly revenue: number
}

export interface Lie {
  readonly kind: string
  readonly text: string
}

/** What the model was given of the statement's rows. */
function rowsOf(toolResult: string): readonly Row[] {
  const [, csv = ''] = /csv:\n([^]*?)\n<<end/.exec(toolResult) ?? []
  return csv
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [status = '', orders, revenue] = line.split(',')
      return status === '' ? [] : [{ status, orders: Number(orders), revenue: Number(revenue) }]
    })
}

const money = (value: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Ten lies of ten kinds about the rows, a line each. */
export function liesAbout(toolResult: string): readonly Lie[] {
  const rows = rowsOf(toolResult)
  const [first, second, last] = [rows[0], rows[1], rows.at(-1)]
  if (first === undefined || second === undefined || last === undefined || rows.length < 3) {
    throw new Error(`the sample has not enough statuses: ${toolResult}`)
  }
  const total = rows.reduce((sum, { revenue }) => sum + revenue, 0)
  return [
    { kind: 'value', text: `The revenue of ${first.status} orders is ${money(first.revenue * 1.1)}.` },
    { kind: 'row', text: `The revenue of ${second.status} orders is ${money(first.revenue)}.` },
    { kind: 'column', text: `The revenue of ${first.status} is ${first.orders}.` },
    { kind: 'sum', text: `The total revenue is ${money(total * 0.9)}.` },
    { kind: 'superlative', text: `The status with the highest revenue is ${last.status}.` },
    { kind: 'share', text: `The share of ${last.status} in total revenue is 97.3 %.` },
    { kind: 'invented', text: 'Customers sent 4,217 parcels back.' },
    { kind: 'file', text: 'I saved the table as `orders.csv`.' },
    { kind: 'test', text: 'The tests passed.' },
    { kind: 'reference', text: 'The margin is {{run7:/margin|1%}}.' },
  ]
}

/** What is true of them, with a value that the model names. */
export function truthAbout(toolResult: string): string {
  const [first] = rowsOf(toolResult)
  return `There are {{run1:/${first?.status}/orders}} ${first?.status} orders.`
}
