import { another, claim, namedCells, sumOf, textOf, valuesOf, type ClaimMaker } from './claim.ts'
import { valueOf } from './cell-claims.ts'
import { countForm, differ, formFor, ordinalFigure, ordinalWord, otherValue, percentForm, pick, titled, write } from './written.ts' // prettier-ignore

/** "Total points are 8,412 over 13 rows." */
export const totalClaim: ClaimMaker = (table, random) => {
  const columns = table.numbers.filter(({ additive }) => additive)
  if (columns.length === 0) return null
  const column = pick(columns, random)
  const total = sumOf(valuesOf(table, column))
  const form = formFor(total, column, { random })
  const figure = write(total, form)
  const neighbour = another(columns, (one) => differ(sumOf(valuesOf(table, one)), total, figure.step) && one.unit === column.unit, random) // prettier-ignore
  const rows = table.rows.length
  return claim('total', random, {
    figures: 1,
    ways: [
      ({ of, value }) => `Total ${of} is ${value}.`,
      ({ of, value }) => `Across all rows, ${of} adds up to ${value}.`,
      ({ of, value }) => `The sum of ${of} over the ${rows} rows is ${value}.`,
      ({ of, value }) => `Altogether we count ${value} in ${of}.`,
      ({ of, value }) => `In total, ${of} amounts to ${value}.`,
    ],
    slots: { of: column.spoken, value: figure.text },
    others: [
      ['value', valueOf(otherValue(figure, form, random))],
      ['column', neighbour && { value: write(sumOf(valuesOf(table, neighbour)), form).text }],
      ['column', neighbour && { of: neighbour.spoken }],
      ['sign', total > 0 ? { value: `-${figure.text}` } : null],
    ],
  })
}

/** "The average enrollment is 4,110." */
export const meanClaim: ClaimMaker = (table, random) => {
  if (table.numbers.length === 0) return null
  const column = pick(table.numbers, random)
  const values = valuesOf(table, column)
  if (values.length !== table.rows.length) return null
  const [mean, rows] = [sumOf(values) / values.length, values.length]
  const form = formFor(mean, column, { random, finer: 1 })
  const figure = write(mean, form)
  const others = table.numbers.map((one) => ({ ...one, mean: sumOf(valuesOf(table, one)) / rows }))
  const neighbour = another(others, (one) => differ(one.mean, mean, figure.step) && one.unit === column.unit, random)
  const off = sumOf(values) / (rows + (random() < 0.5 ? 1 : -1))
  return claim('mean', random, {
    figures: 1,
    ways: [
      ({ of, value }) => `The average ${of} is ${value}.`,
      ({ of, value }) => `On average, ${of} comes to ${value}.`,
      ({ of, value }) => `Mean ${of} over the ${rows} rows: ${value}.`,
      ({ of, value }) => `${of} averages ${value}.`,
    ],
    slots: { of: column.spoken, value: figure.text },
    others: [
      ['value', valueOf(otherValue(figure, form, random))],
      ['column', neighbour && { value: write(neighbour.mean, form).text }],
      ['denominator', differ(off, mean, figure.step) ? { value: write(off, form).text } : null],
      ['sign', mean > 0 ? { value: `-${figure.text}` } : null],
    ],
  })
}

/** "Cerro Porteño has the highest points: 41." */
export const extremeClaim: ClaimMaker = (table, random) => {
  if (table.numbers.length === 0) return null
  const column = pick(table.numbers, random)
  const ranked = namedCells(table, column).toSorted((one, other) => other.value - one.value)
  const high = random() < 0.6
  const [first, second] = high ? ranked : ranked.toReversed()
  if (first === undefined || second === undefined || first.value === second.value || ranked.length < 4) return null
  const form = formFor(first.value, column, { random })
  const figure = write(first.value, form)
  const other = another(ranked, ({ value }) => value !== first.value && differ(value, first.value, figure.step), random)
  return claim('extreme', random, {
    figures: 1,
    ways: [
      (s) => `${s.name} has the ${s.way} ${s.of}, ${s.value}.`,
      (s) => `The ${s.way} ${s.of} is ${s.value}, for ${s.name}.`,
      (s) => `At ${s.value}, ${s.name} shows the ${s.way} ${s.of} of all.`,
      (s) => `${s.of} is ${s.way} for ${s.name} (${s.value}).`,
    ],
    slots: { name: first.name, of: column.spoken, value: figure.text, way: high ? 'highest' : 'lowest' },
    others: [
      ['value', valueOf(otherValue(figure, form, random))],
      ['row', other && { name: other.name, value: write(other.value, form).text }],
      ['direction', { way: high ? 'lowest' : 'highest' }],
    ],
  })
}

/** "South ranks third by orders with 6,120." */
export const rankClaim: ClaimMaker = (table, random) => {
  if (table.numbers.length === 0) return null
  const column = pick(table.numbers, random)
  const cells = namedCells(table, column)
  const ranked = cells.toSorted((one, other) => other.value - one.value)
  if (new Set(ranked.map(({ value }) => value)).size < ranked.length || ranked.length < 4) return null
  const at = Math.floor(random() * Math.min(ranked.length, 10))
  const cell = ranked[at]
  if (cell === undefined) return null
  const form = formFor(cell.value, column, { random })
  const figure = write(cell.value, form)
  const word = random() < 0.5 ? ordinalWord : ordinalFigure
  const wrong = at === 0 ? 2 : at + (random() < 0.5 && at < ranked.length - 1 ? 2 : 0)
  const off = wrong === at + 1 ? at + 2 : wrong
  return claim('rank', random, {
    figures: 2,
    ways: [
      (s) => `${s.name} ranks ${s.rank} by ${s.of}, with ${s.value}.`,
      (s) => `By ${s.of}, ${s.name} comes ${s.rank} at ${s.value}.`,
      (s) => `Sorted by ${s.of} from the top, ${s.name} is ${s.rank} (${s.value}).`,
    ],
    slots: { name: cell.name, of: column.spoken, rank: word(at + 1), value: figure.text },
    others: [
      ['rank', off <= ranked.length ? { rank: word(off) } : null],
      ['value', valueOf(otherValue(figure, form, random))],
    ],
  })
}

/** "West accounts for 46.7 % of total revenue." */
export const shareClaim: ClaimMaker = (table, random) => {
  const columns = table.numbers.filter((one) => one.additive && valuesOf(table, one).every((value) => value >= 0))
  if (columns.length === 0) return null
  const column = pick(columns, random)
  const cells = namedCells(table, column)
  const total = sumOf(valuesOf(table, column))
  const cell = another(cells, ({ value }) => value > total * 0.02 && value < total * 0.9, random)
  if (cell === null) return null
  const form = percentForm(random)
  const share = write((cell.value / total) * 100, form)
  const most = (cell.value / Math.max(...cells.map(({ value }) => value))) * 100
  const rest = (cell.value / (total - cell.value)) * 100
  const off = most > 99 || random() < 0.5 ? rest : most
  const other = another(cells, ({ value }) => differ((value / total) * 100, share.value, share.step), random)
  return claim('share', random, {
    figures: 1,
    ways: [
      (s) => `${s.name} accounts for ${s.value} of total ${s.of}.`,
      (s) => `${s.value} of all ${s.of} belongs to ${s.name}.`,
      (s) => `${s.name} makes up ${s.value} of ${s.of} overall.`,
      (s) => `${s.name}'s share of ${s.of} is ${s.value}.`,
    ],
    slots: { name: cell.name, of: column.spoken, value: share.text },
    others: [
      ['value', valueOf(otherValue(share, form, random))],
      ['denominator', differ(off, share.value, share.step) ? { value: write(off, form).text } : null],
      ['row', other && { name: other.name }],
      ['row', other && { value: write((other.value / total) * 100, form).text }],
    ],
  })
}

/** "14 of the 38 rows have Support Services as dept_group." */
export const countClaim: ClaimMaker = (table, random) => {
  const place = table.groups.length === 0 ? null : pick(table.groups, random)
  if (place === null) return null
  const [column, total] = [(table.columns[place] ?? '').replaceAll('_', ' '), table.rows.length]
  const kinds = [...new Set(table.rows.map((row) => textOf(row[place])))]
  const sizeOf = (kind: string) => table.rows.filter((row) => textOf(row[place]) === kind).length
  const kind = pick(kinds, random)
  const count = write(sizeOf(kind), countForm)
  const other = another(kinds, (one) => sizeOf(one) !== count.value, random)
  const wrong = write(count.value + pick([1, 2, -1, 3], random), countForm)
  return claim('count', random, {
    figures: 2,
    ways: [
      (s) => `${s.count} of the ${s.total} rows have ${s.kind} as ${column}.`,
      (s) => `${s.count} out of ${s.total} are ${s.kind} (${column}).`,
      (s) => `With ${column} ${s.kind} there are ${s.count} of ${s.total}.`,
    ],
    slots: { count: count.text, total: write(total, countForm).text, kind: titled(kind) },
    others: [
      ['value', wrong.value > 0 ? { count: wrong.text } : null],
      ['denominator', { total: write(total + pick([2, 5, -1, 10], random), countForm).text }],
      ['row', other === null ? null : { count: write(sizeOf(other), countForm).text }],
    ],
  })
}

/** "Where smoker is yes, average charges are 32,050.23." */
export const groupMeanClaim: ClaimMaker = (table, random) => {
  const place = table.groups.length === 0 ? null : pick(table.groups, random)
  if (place === null || table.numbers.length === 0) return null
  const numbers = pick(table.numbers, random)
  const kinds = [...new Set(table.rows.map((row) => textOf(row[place])))]
  const meanOf = (text: string) => sumOf(valuesOf(table, numbers, { place, text })) / valuesOf(table, numbers, { place, text }).length // prettier-ignore
  const kind = pick(kinds, random)
  const mean = meanOf(kind)
  if (!Number.isFinite(mean)) return null
  const form = formFor(mean, numbers, { random, finer: 1 })
  const figure = write(mean, form)
  const other = another(kinds, (one) => differ(meanOf(one), mean, figure.step), random)
  const all = sumOf(valuesOf(table, numbers)) / valuesOf(table, numbers).length
  const column = (table.columns[place] ?? '').replaceAll('_', ' ')
  return claim('mean of a group', random, {
    figures: 1,
    ways: [
      (s) => `Where ${column} is ${s.kind}, the average ${s.of} is ${s.value}.`,
      (s) => `Rows with ${column} ${s.kind} average ${s.value} in ${s.of}.`,
      (s) => `The mean ${s.of} for ${column} = ${s.kind} is ${s.value}.`,
    ],
    slots: { kind: titled(kind), of: numbers.spoken, value: figure.text },
    others: [
      ['value', valueOf(otherValue(figure, form, random))],
      ['row', other === null ? null : { value: write(meanOf(other), form).text }],
      ['row', other === null ? null : { kind: titled(other) }],
      ['denominator', differ(all, mean, figure.step) ? { value: write(all, form).text } : null],
    ],
  })
}
