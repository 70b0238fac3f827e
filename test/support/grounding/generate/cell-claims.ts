import type { Random } from '../../random.ts'
import { another, claim, namedCells, textOf, type ClaimMaker } from './claim.ts'
import { dayOf, writeDay } from './source-table.ts'
import { differ, formFor, otherValue, pick, sentence, titled, write, type Form, type Written } from './written.ts'

/** "Kuwait has a population of 3.4 million." */
export const cellClaim: ClaimMaker = (table, random) => {
  if (table.numbers.length === 0) return null
  const column = pick(table.numbers, random)
  const cells = namedCells(table, column)
  if (cells.length < 4) return null
  const cell = pick(cells, random)
  const form = formFor(cell.value, column, { random })
  const figure = write(cell.value, form)
  const row = another(cells, ({ value }) => differ(value, cell.value, figure.step), random)
  const columns = table.numbers.filter((one) => one.place !== column.place && one.unit === column.unit)
  const neighbours = columns.flatMap((one) => namedCells(table, one).filter((found) => found.row === cell.row))
  const neighbour = another(neighbours, ({ value }) => differ(value, cell.value, figure.step), random)
  return claim('cell', random, {
    figures: 1,
    ways: [
      ({ name, of, value }) => `${name} has ${of} of ${value}.`,
      ({ name, of, value }) => `The ${of} of ${name} is ${value}.`,
      ({ name, of, value }) => `For ${name}, ${of} is ${value}.`,
      ({ name, of, value }) => `${name} comes to ${value} in ${of}.`,
      ({ name, of, value }) => `${name}: ${of} ${value}.`,
      ({ name, of, value }) => `In terms of ${of}, ${name} stands at ${value}.`,
      ({ name, of, value }) => `${name}'s ${of} is given as ${value}.`,
      ({ name, of, value }) => `The data put ${of} at ${value} for ${name}.`,
    ],
    slots: { name: cell.name, of: column.spoken, value: figure.text },
    others: [
      ['value', valueOf(otherValue(figure, form, random))],
      ['row', row && { value: write(row.value, form).text }],
      ['row', row && { name: row.name }],
      ['column', neighbour && { value: write(neighbour.value, form).text }],
      ['sign', cell.value > 0 ? { value: `-${figure.text}` } : null],
      ['precision', moreDecimals(figure, form, random)],
      ['unit', otherUnit(figure, form, cell.value)],
    ],
  })
}

export const valueOf = (written: Written | null) => written && { value: written.text }

/** Decimals that the cell does not have. */
function moreDecimals(figure: Written, form: Form, random: Random): { value: string } | null {
  if (form.scale !== 1 || form.decimals > 2) return null
  const more = `${1 + Math.floor(random() * 9)}${1 + Math.floor(random() * 9)}`
  const digits = form.decimals === 0 ? `${figure.digits}.${more}` : `${figure.digits}${more}`
  return { value: `${figure.value < 0 ? '-' : ''}${figure.before}${digits}${figure.after}` }
}

/** Another currency, or a thousand or a million times as much. */
function otherUnit(figure: Written, form: Form, value: number): { value: string } | null {
  if (form.before !== '' || form.after.includes('euros')) {
    return { value: figure.text.replace('€', '$').replace('EUR', 'USD').replace('euros', 'dollars') }
  }
  if (form.scale === 1e6) return { value: figure.text.replace('million', 'billion') }
  if (form.scale === 1e3 || value === 0 || form.after !== '') return null
  return { value: `${figure.text} ${Math.abs(value) > 1000 ? 'million' : 'thousand'}` }
}

/** "Phil Taylor has 66 legs won, 21 more than Kevin McDine (45)." */
export const differenceClaim: ClaimMaker = (table, random) => {
  const columns = table.numbers.filter(({ decimals }) => decimals <= 2)
  if (columns.length === 0) return null
  const column = pick(columns, random)
  const cells = namedCells(table, column)
  const first = cells.length < 4 ? null : pick(cells, random)
  const second = first && another(cells, ({ value }) => value !== first.value, random)
  if (first === null || second === null) return null
  const form: Form = {
    ...formFor(first.value, column, { random }),
    scale: 1,
    decimals: column.decimals,
    separated: true,
  }
  if (form.after.includes('million') || form.after.startsWith('k')) return null
  const gap: Form = column.unit === 'percent' ? { ...form, after: ' percentage points' } : form
  const difference = write(Math.abs(first.value - second.value), gap)
  const [more, less] = ['more', 'less']
  const third = another(
    cells,
    ({ value }) => differ(value, second.value, difference.step) && value !== first.value,
    random,
  )
  const wrong = otherValue(difference, gap, random)
  return claim('difference', random, {
    figures: 3,
    ways: [
      (s) => `${s.first} has ${s.of} of ${s.one}, ${s.difference} ${s.way} than ${s.second} (${s.other}).`,
      (s) => `At ${s.one}, ${s.first} has ${s.difference} ${s.way} ${s.of} than ${s.second} at ${s.other}.`,
      (s) =>
        `In ${s.of}, ${s.first} (${s.one}) is ${s.difference} ${s.way === more ? 'above' : 'below'} ${s.second} (${s.other}).`,
      (s) =>
        `${s.first} with ${s.one} is ${s.way === more ? 'ahead of' : 'behind'} ${s.second} with ${s.other} in ${s.of}, a gap of ${s.difference}.`,
    ],
    slots: {
      first: first.name,
      second: second.name,
      of: column.spoken,
      one: write(first.value, form).text,
      other: write(second.value, form).text,
      difference: difference.text,
      way: first.value > second.value ? more : less,
    },
    others: [
      ['direction', { way: first.value > second.value ? less : more }],
      ['value', wrong && { difference: wrong.text }],
      ['row', third && { other: write(third.value, form).text }],
    ],
  })
}

/** "D-101 was delivered on 14 July 2026." */
export const dayClaim: ClaimMaker = (table, random) => {
  const { keys } = table
  const place = table.days.length === 0 ? null : pick(table.days, random)
  if (keys === null || place === null) return null
  const row = pick(table.rows, random)
  const day = dayOf(textOf(row[place]))
  const other = another(table.rows, (one) => dayOf(textOf(one[place])) !== day, random)
  if (day === null || other === null) return null
  const way = Math.floor(random() * 4)
  const moved = new Date(Date.parse(day) + pick([-1, 1, 7, -7, 31, -365], random) * 86_400_000)
    .toISOString()
    .slice(0, 10)
  return claim('day', random, {
    figures: 1,
    ways: [
      ({ name, of, date }) => `The ${of} of ${name} is ${date}.`,
      ({ name, of, date }) => `For ${name}, the ${of} was ${date}.`,
      ({ name, of, date }) => `${name} (${of}: ${date}) is among them.`,
    ],
    slots: {
      name: titled(textOf(row[keys])),
      of: (table.columns[place] ?? '').replaceAll('_', ' '),
      date: writeDay(day, way),
    },
    others: [
      ['date', { date: writeDay(moved, way) }],
      ['date', { date: writeDay(dayOf(textOf(other[place])) ?? '', way) }],
      ['row', { name: titled(textOf(other[keys])) }],
    ],
  })
}

/** The same of one cell in German, with its separators. */
export const germanCellClaim: ClaimMaker = (table, random) => {
  const columns = table.numbers.filter(({ unit, decimals }) => unit === null && decimals <= 2)
  if (columns.length === 0) return null
  const column = pick(columns, random)
  const cells = namedCells(table, column)
  if (cells.length < 4) return null
  const cell = pick(cells, random)
  const form: Form = { decimals: column.decimals, scale: 1, separated: true, before: '', after: '' }
  const figure = write(cell.value, form)
  const row = another(cells, ({ value }) => differ(value, cell.value, figure.step), random)
  const german = (written: Written | null) =>
    written && { value: written.text.replaceAll(',', '_').replace('.', ',').replaceAll('_', '.') }
  return claim('cell in German', random, {
    figures: 1,
    ways: [
      ({ name, of, value }) => `${sentence(name)} hat bei ${of} den Wert ${value}.`,
      ({ name, of, value }) => `Bei ${name} liegt ${of} bei ${value}.`,
      ({ name, of, value }) => `${of} beträgt für ${name} ${value}.`,
    ],
    slots: { name: cell.name, of: column.spoken, value: german(figure)?.value ?? '' },
    others: [
      ['value', german(otherValue(figure, form, random))],
      ['row', german(row && write(row.value, form))],
    ],
  })
}
