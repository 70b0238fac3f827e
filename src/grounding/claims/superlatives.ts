import type { Column } from '../tables/column.ts'
import { highest, lowest, pick, type Picked } from '../readings/compute.ts'
import { everyRow, narrowed, slotsOf, type Filter, type Spot } from '../readings/filters.ts'
import { short } from '../readings/trial.ts'
import type { View } from '../readings/view.ts'
import { isReadAround } from '../readings/certain.ts'
import { turned, type Claim } from './claim-mark.ts'

const superlative =
  /\b(?:(highest|largest|biggest|greatest|most|maximum|longest|tallest|heaviest|oldest|leads|best-selling|top-selling)|(lowest|smallest|fewest|least|minimum|shortest|lightest|youngest))\b/gi

/** "Books has the highest revenue": the column and the rows are named, and by nothing else is it decided. */
export function superlativesOf(view: View): readonly Claim[] {
  if (!view.table.whole) return []
  return [...view.text.matchAll(superlative)].flatMap((match) => {
    const start = match.index + view.sentence.start
    const end = start + match[0].length
    const lead = view.text.slice(Math.max(0, match.index - 24), match.index)
    if (turned.test(lead) || /^\s+of\b/i.test(view.text.slice(match.index + match[0].length))) return []
    const column = columnAt(view, start, end)
    const claim = column === null ? null : claimOf(view, column, match[1] === undefined ? -1 : 1, { start, end })
    // Of groups it is left open whether their sums or their rows are compared, and a word that is not read may name other rows.
    const isOpen = claim !== null && !claim.holds && (claim.subjectRows > 1 || !isReadAround(view, { start, end }))
    return claim === null || isOpen ? [] : [claim]
  })
}

/** The column right behind the word, or the one before it; null where several could be meant. */
export function columnAt(view: View, start: number, end: number): Column | null {
  const usable = view.columns.filter(
    ({ columns, share }) =>
      share >= 0.5 && columns.length === 1 && columns[0]?.kind === 'number' && !columns[0].isYears,
  )
  const after = usable.find(
    (mention) =>
      mention.start >= end &&
      mention.start - end <= 20 &&
      !/[,;.:]/.test(view.text.slice(end - view.sentence.start, mention.start - view.sentence.start)),
  )
  const before = usable.findLast((mention) => mention.end <= start)
  const chosen = after ?? before ?? (usable.length === 1 ? usable[0] : undefined)
  return chosen?.columns[0] ?? null
}

function claimOf(
  view: View,
  column: Column,
  sign: 1 | -1,
  at: { readonly start: number; readonly end: number },
): (Claim & { readonly subjectRows: number }) | null {
  const slots = slotsOf(view.values.filter(({ strong, column: named }) => strong && named !== column))
  const subject = subjectOf(view, slots, at)
  if (subject === null) return null
  const rest = slots
    .filter((slot) => !slot.includes(subject) && slot.length === 1)
    .flatMap((slot) => slot[0]?.mentions.slice(0, 1) ?? [])
  const pools = poolsOf(rest)
  let firm: (Claim & { readonly subjectRows: number }) | null = null
  for (const mention of subject.mentions) {
    for (const pool of pools) {
      const found = compared(view, column, sign, narrowed(everyRow, mention), pool, at)
      const made = found === null ? null : { ...found, subjectRows: mention.rows.length }
      if (made?.holds === true) return made
      firm ??= made
    }
  }
  return firm
}

function poolsOf(rest: readonly Spot['mentions'][number][]): readonly Filter[] {
  const narrow = rest.map((mention) => narrowed(everyRow, mention))
  return rest.length > 1 ? [everyRow, ...narrow, rest.reduce(narrowed, everyRow)] : [everyRow, ...narrow]
}

/** The value before the word, or else the first behind it. A sentence that names several before it is about none alone. */
function subjectOf(
  view: View,
  slots: readonly (readonly Spot[])[],
  at: { readonly start: number; readonly end: number },
): Spot | null {
  // "highest in January and lowest in September": each has the name behind it.
  const behind = slots
    .filter((slot) => slot.length > 1)
    .flatMap((slot) => slot)
    .find(
      ({ start }) =>
        start >= at.end &&
        /^\s+(?:in|at|for|on|by)\s+(?:the\s+)?$/i.test(
          view.text.slice(at.end - view.sentence.start, start - view.sentence.start),
        ),
    )
  if (behind !== undefined) return behind
  const spots = slots.flat().filter(({ mentions }) => mentions.every(({ figure }) => figure === undefined))
  const times = slots.flat().filter((spot) => !spots.includes(spot))
  for (const some of [spots, times]) {
    const spot = some.findLast(({ end }) => end <= at.start) ?? some.find(({ start }) => start >= at.start)
    if (spot !== undefined) return spot
  }
  return null
}

function compared(
  view: View,
  column: Column,
  sign: 1 | -1,
  subject: Filter,
  pool: Filter,
  at: { readonly start: number; readonly end: number },
): Claim | null {
  const all = pick(column, pool.rows, view.table.rowCount)
  const inPool = pool.mentions.reduce(narrowed, subject)
  const own = pick(column, inPool.rows, view.table.rowCount)
  if (own.numbers.length === 0 || own.numbers.length >= all.numbers.length) return null
  const best = all.compute(sign === 1 ? highest : lowest)
  const holds = own.numbers.includes(best) || isBestSum(view, column, sign, { subject, pool })
  const row = all.rows[all.numbers.indexOf(best)] ?? 0
  const said = subject.mentions[0]?.column
  return {
    ...at,
    holds,
    table: view.table,
    column,
    rows: holds ? own.rows : [row],
    how: `${sign === 1 ? 'highest' : 'lowest'} ${short(column.name)} among ${all.numbers.length} rows of ${short(view.table.title)}`,
    expected: said === undefined ? String(best) : short(said.textOf(row)),
    chance: own.numbers.length / all.numbers.length,
  }
}

/** Where a value stands in several rows, their sums are compared, too. */
function isBestSum(
  view: View,
  column: Column,
  sign: 1 | -1,
  { subject, pool }: { readonly subject: Filter; readonly pool: Filter },
): boolean {
  const key = subject.mentions[0]?.column
  if (key === undefined || (subject.rows?.length ?? 0) < 2) return false
  const sums = sumsBy(key, pick(column, pool.rows, view.table.rowCount))
  const own = sums.get(key.textOf(subject.rows?.[0] ?? 0)) ?? 0
  return sums.values().every((sum) => (own - sum) * sign >= 0)
}

const knownSums = new WeakMap<Picked, Map<Column, ReadonlyMap<string, number>>>()

/** What the numbers come to for each value of another column; kept, since several sentences of an answer ask for it. */
function sumsBy(key: Column, picked: Picked): ReadonlyMap<string, number> {
  let byKey = knownSums.get(picked)
  if (byKey === undefined) knownSums.set(picked, (byKey = new Map()))
  const known = byKey.get(key)
  if (known !== undefined) return known
  const sums = new Map<string, number>()
  for (const [at, row] of picked.rows.entries()) {
    const of = key.textOf(row)
    sums.set(of, (sums.get(of) ?? 0) + (picked.numbers[at] ?? 0))
  }
  byKey.set(key, sums)
  return sums
}
