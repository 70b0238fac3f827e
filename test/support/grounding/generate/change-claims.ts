import { another, claim, namedCells, textOf, type ClaimMaker } from './claim.ts'
import { differ, formFor, otherValue, percentForm, pick, write, type Form } from './written.ts'

/** "From 2026-05 to 2026-06, visitors rose from 360,000 to 382,500, by 6.3 %." */
export const changeClaim: ClaimMaker = (table, random) => {
  const { times } = table
  if (times === null || table.numbers.length === 0) return null
  const column = pick(table.numbers, random)
  const points = table.rows.flatMap((row) => {
    const value = row[column.place]
    return typeof value === 'number' && value > 0 ? [{ time: textOf(row[times]), value }] : []
  })
  const at = Math.floor(random() * (points.length - 1))
  const [first, last] = [points[at], pick(points.slice(at + 1), random)]
  if (first === undefined || first.value === last.value) return null
  const form: Form = { ...formFor(first.value, column, { random }), scale: 1, decimals: Math.min(column.decimals, 2) }
  if (form.after.includes('million') || form.after.startsWith('k')) return null
  const growth = (last.value / first.value - 1) * 100
  const change = write(Math.abs(growth), percentForm(random))
  if (change.value < 0.5 || column.unit === 'percent') return null
  const wrong = otherValue(change, percentForm(random), random)
  const backward = Math.abs(1 - first.value / last.value) * 100
  const step = write(first.value, form).step
  const elsewhere = another(points, (one) => one.time !== last.time && one.time !== first.time && differ(one.value, last.value, step), random) // prettier-ignore
  const rose = growth > 0
  return claim('change', random, {
    figures: 3,
    ways: [
      (s) => `From ${s.from} to ${s.to}, ${s.of} ${s.way} from ${s.one} to ${s.other}, by ${s.change}.`,
      (s) => `Between ${s.from} and ${s.to}, ${s.of} ${s.way} by ${s.change}, from ${s.one} to ${s.other}.`,
      (s) => `${s.of} ${s.way} ${s.change} from ${s.from} (${s.one}) to ${s.to} (${s.other}).`,
    ],
    slots: {
      from: first.time,
      to: last.time,
      of: column.spoken,
      one: write(first.value, form).text,
      other: write(last.value, form).text,
      change: change.text,
      way: rose ? 'rose' : 'fell',
    },
    others: [
      ['direction', { way: rose ? 'fell' : 'rose' }],
      ['date', elsewhere && { to: elsewhere.time }],
      ['value', wrong && { change: wrong.text }],
      [
        'denominator',
        differ(backward, change.value, change.step) ? { change: write(backward, percentForm(random)).text } : null,
      ],
      ['unit', { change: `${change.digits} percentage points` }],
      ['row', elsewhere && { other: write(elsewhere.value, form).text }],
    ],
  })
}

/** "Japan's gdpPercap rose from 3,217 in 1952 to 31,656 in 2007": the years are in the names of columns. */
export const wideChangeClaim: ClaimMaker = (table, random) => {
  const years = table.numbers.flatMap((column) => {
    const parts = /^(.*?)[\s_(]*((?:19|20)\d\d)\)?$/.exec(column.name)
    return parts === null ? [] : [{ column, stem: (parts[1] ?? '').replaceAll('_', ' ').trim(), year: parts[2] ?? '' }]
  })
  if (years.length < 2) return null
  const first = pick(years, random)
  const last = another(years, (one) => one.stem === first.stem && one.year > first.year, random)
  const cells = namedCells(table, first.column)
  if (last === null || cells.length === 0) return null
  const cell = pick(cells, random)
  const after = namedCells(table, last.column).find(({ row }) => row === cell.row)
  if (after === undefined || after.value === cell.value) return null
  const form: Form = { decimals: Math.min(first.column.decimals, 1), scale: 1, separated: true, before: '', after: '' }
  const [one, other] = [write(cell.value, form), write(after.value, form)]
  const wrong = otherValue(other, form, random)
  const neighbour = another(
    namedCells(table, last.column),
    ({ value }) => differ(value, after.value, other.step),
    random,
  )
  const third = another(
    years,
    ({ stem, year }) => stem === first.stem && year !== first.year && year !== last.year,
    random,
  )
  const rose = after.value > cell.value
  if (one.text === other.text) return null
  return claim('change over columns', random, {
    figures: 2,
    ways: [
      (s) => `${s.name}'s ${s.of} ${s.way} from ${s.one} in ${s.from} to ${s.other} in ${s.to}.`,
      (s) => `In ${s.name}, ${s.of} ${s.way} between ${s.from} (${s.one}) and ${s.to} (${s.other}).`,
      (s) => `${s.of} of ${s.name}: ${s.one} in ${s.from}, ${s.other} in ${s.to}; it ${s.way}.`,
    ],
    slots: { name: cell.name, of: first.stem, from: first.year, to: last.year, one: one.text, other: other.text, way: rose ? 'rose' : 'fell' }, // prettier-ignore
    others: [
      ['direction', { way: rose ? 'fell' : 'rose' }],
      ['date', { from: last.year, to: first.year }],
      ['date', third && { to: third.year }],
      ['value', wrong && { other: wrong.text }],
      ['row', neighbour && { other: write(neighbour.value, form).text }],
    ],
  })
}
