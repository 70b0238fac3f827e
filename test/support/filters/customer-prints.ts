import { createRandom } from '../random.ts'

/** A customer's values, each valid by its own rules and of nobody. */
export interface Customer {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly card: string
  readonly ssn: string
  readonly iban: string
}

type Random = () => number
const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('')
const oneOf = <Item>(random: Random, items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item

function withLuhn(body: string): string {
  for (let check = 0; check < 10; check += 1) {
    const whole = `${body}${check}`
    let sum = 0
    for (const [index, digit] of whole.split('').reverse().entries()) {
      const doubled = index % 2 === 0 ? Number(digit) : Number(digit) * 2
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    if (sum % 10 === 0) return whole
  }
  return body
}

function withMod97(country: string, account: string): string {
  const numbers = `${account}${country}00`
    .split('')
    .map((character) => Number.parseInt(character, 36))
    .join('')
  let rest = 0
  for (const digit of numbers) rest = (rest * 10 + Number(digit)) % 97
  return `${country}${`${98 - rest}`.padStart(2, '0')}${account}`
}

const grouped = (text: string, mark: string) => text.replace(/(.{4})(?=.)/g, `$1${mark}`)

function customer(random: Random, style: number): Customer {
  const name = `${oneOf(random, ['Anna', 'Bo', 'Chioma', 'Dmitri', 'Eva'])} ${oneOf(random, ['Berg', 'Li', 'Okafor', 'Petrov'])}`
  const area = `${2 + Math.floor(random() * 8)}${digits(random, 2)}`
  const exchange = `${2 + Math.floor(random() * 8)}${digits(random, 2)}`
  const phones = [
    `${area}-${exchange}-${digits(random, 4)}`,
    `(${area}) ${exchange}-${digits(random, 4)}`,
    `+49 30 ${digits(random, 6)}`,
    `+1 202-555-${digits(random, 4)}`,
  ]
  return {
    name,
    email: `${name.toLowerCase().replace(' ', '.')}${digits(random, 3)}@example.com`,
    phone: phones[style % phones.length] as string,
    card: grouped(withLuhn(`4${digits(random, 14)}`), ['', ' ', '-'][style % 3] as string),
    ssn: `${100 + Math.floor(random() * 500)}-${10 + Math.floor(random() * 89)}-${1_000 + Math.floor(random() * 8_999)}`,
    iban: grouped(withMod97('DE', digits(random, 18)), ['', ' '][style % 2] as string),
  }
}

const fields = ['name', 'email', 'phone', 'card', 'ssn', 'iban'] as const

/** Lines of a frame: columns right-aligned, two blanks apart. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')).join('\n')
}

/** Ways in which code prints rows of customers; headers say `c0`, `c1`, … so that only the values tell. */
const prints: Readonly<Record<string, (customers: readonly Customer[]) => string>> = {
  'comma-separated rows': (customers) => customers.map((row) => fields.map((field) => row[field]).join(',')).join('\n'),
  semicolons: (customers) =>
    customers.map((row, at) => [at, ...fields.map((field) => row[field])].join(';')).join('\n'),
  tabs: (customers) => customers.map((row) => fields.map((field) => row[field]).join('\t')).join('\n'),
  'a Markdown table': (customers) =>
    [
      '| c0 | c1 | c2 | c3 | c4 | c5 |',
      '|---|---|---|---|---|---|',
      ...customers.map((row) => `| ${fields.map((field) => row[field]).join(' | ')} |`),
    ].join('\n'),
  'a frame': (customers) =>
    aligned([
      ['', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5'],
      ...customers.map((row, at) => [`${at}`, ...fields.map((field) => row[field])]),
    ]),
  'one column after another': (customers) =>
    fields
      .map((field) => customers.map((row, at) => `${`${at}`.padEnd(5)}${row[field]}`).join('\n'))
      .join('\ndtype: object\n'),
  'a list for each column': (customers) =>
    fields.map((field) => `[${customers.map((row) => `'${row[field]}'`).join(', ')}]`).join('\n'),
  'JSON records': (customers) => JSON.stringify(customers.map((row) => fields.map((field) => row[field]))),
  'indented JSON': (customers) =>
    JSON.stringify(
      customers.map((row) => fields.map((field) => row[field])),
      null,
      2,
    ),
  'an array of objects': (customers) =>
    customers.map((row) => `[${fields.map((field) => `'${row[field]}'`).join(' ')}]`).join('\n'),
}

export interface CustomerPrint {
  readonly shape: string
  readonly text: string
  readonly values: readonly string[]
}

/** `count` prints of one to eight customers each, in every shape in turn. */
export function sampleCustomerPrints(count: number, seed: number): CustomerPrint[] {
  const random = createRandom(seed)
  const shapes = Object.entries(prints)
  return Array.from({ length: count }, (_, at) => {
    const [shape, print] = shapes[at % shapes.length] as (typeof shapes)[number]
    const style = Math.floor(random() * 12)
    const customers = Array.from({ length: 1 + Math.floor(random() * 8) }, () => customer(random, style))
    const values = customers.flatMap((row) => [row.email, row.phone, row.card, row.ssn, row.iban])
    return { shape, text: print(customers), values }
  })
}
