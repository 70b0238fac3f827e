import { countWords, countOf } from '../figures/number-words.ts'
import type { Column } from '../tables/column.ts'
import type { ValueMention } from '../words/value-mentions.ts'
import type { Asked } from './asked.ts'
import { both, slotsOf, type Filter, type Spot } from './filters.ts'
import { mostRanked, ranked, rowsOf } from './ranked-rows.ts'
import { short } from './trial.ts'

/** Words that take what several names have as one: "A and B together". */
const together =
  /\b(?:together|combined|both|jointly|altogether|in (?:total|sum|all)|sum|add(?:s|ed|ing)?(?: up)?|these|those|the (?:two|three|four|five|six|seven|eight|nine|ten))\b/i
/** Words that take up names of sentences before. */
const anaphora = new RegExp(
  String.raw`\b(?:together|combined|both|they|jointly|in total|all of (?:them|these)|(?:these|those|the|all) (${countWords})\b|these|those)\b`,
  'i',
)
const others =
  /\b(?:the (?:other|remaining)|the rest|the remainder|others|all other|everyone else|everything else|remaining)\b/i
const joined =
  /^[*_"'”’)]*(?:\s*\([^()]{1,24}\))?\s*(?:,|;|\/|&|\+|,?\s*(?:and|plus|as well as|or))\s*(?:the\s+|in\s+)?[*_"'“‘]*$/i
const mostNames = 24

const knownJoint = new WeakMap<Asked, readonly Filter[]>()

/**
 * Rows that words name together: of names that stand in a list, of those of earlier sentences, and of none of them ("the
 * other three").
 */
export function jointFilters(asked: Asked): readonly Filter[] {
  let filters = knownJoint.get(asked)
  if (filters === undefined) knownJoint.set(asked, (filters = findJoint(asked)))
  return filters
}

function findJoint(asked: Asked): readonly Filter[] {
  const { view, figure, context } = asked
  const named = view.values.filter((value) => value.figure !== figure && (value.strong || value.isPart === true))
  const slots = slotsOf(named)
  const found: Filter[] = []
  for (const slot of slots) {
    const rest = slots
      .filter((other) => other !== slot && other.length === 1)
      .flatMap((other) => other[0]?.mentions.slice(0, 1) ?? [])
    for (const run of runsOf(asked, slot))
      found.push(
        unionOf(
          run.flatMap(({ mentions }) => mentions.slice(0, 1)),
          rest,
        ),
      )
    found.push(...spansOf(asked, slot))
    if (others.test(view.text))
      found.push(
        ...complementOf(
          asked,
          slot.flatMap(({ mentions }) => mentions.slice(0, 1)),
        ),
      )
  }
  if (slots.every((slot) => slot.every(({ mentions }) => mentions.every(({ figure: key }) => key !== undefined)))) {
    const rest = named.filter(({ figure: key }) => key !== undefined).slice(0, 1)
    for (const names of earlierNames(asked)) {
      if (anaphora.test(view.text) && names.length > 1) found.push(unionOf(names, rest))
      if (others.test(view.text)) found.push(...complementOf(asked, names))
    }
  }
  return found.filter(({ rows }) => rows !== null && rows.length > 0).slice(0, 6)

  function earlierNames({ view: { table } }: Asked): readonly (readonly ValueMention[])[] {
    const [, said = ''] = anaphora.exec(view.text) ?? []
    const count = countOf(said)
    const own = context.names.map((names) => names.filter(({ column }) => table.columns.includes(column)))
    const [last = []] = own
    const until = own.findIndex((names) => names.length === 0)
    const list = own
      .slice(0, until === -1 ? own.length : until)
      .toReversed()
      .flat()
    return [last, list]
      .map((names) => ofOneColumn(names))
      .map((names) => (count === null || others.test(view.text) ? names : names.slice(-count)))
      .filter((names, at, all) => names.length > 0 && (at === 0 || names.length !== all[0]?.length))
  }
}

/** "Grades D to F": the rows from one name to another, as they stand. */
function spansOf({ view }: Asked, slot: readonly Spot[]): readonly Filter[] {
  return slot.slice(1).flatMap((spot, at) => {
    const first = slot[at]
    const between = view.text.slice((first?.end ?? 0) - view.sentence.start, spot.start - view.sentence.start)
    const [from, to] = [first?.mentions[0]?.rows[0], spot.mentions[0]?.rows.at(-1)]
    if (from === undefined || to === undefined || to <= from || !/^\s*(?:to|through|–|-)\s*(?:the\s+)?$/i.test(between))
      return []
    const rows = rowsOf(view.table.rowCount).slice(from, to + 1)
    return [
      {
        rows,
        mentions: [],
        said: short(view.text.slice((first?.start ?? 0) - view.sentence.start, spot.end - view.sentence.start)),
      },
    ]
  })
}

/** Names of the column that most of them are of, each once. */
function ofOneColumn(names: readonly ValueMention[]): readonly ValueMention[] {
  const byColumn = [...Map.groupBy(names, ({ column }) => column).values()]
  const [most = []] = byColumn.toSorted((left, right) => right.length - left.length)
  return most.filter(({ rows }, at) => most.findIndex((other) => other.rows[0] === rows[0]) === at).slice(-mostNames)
}

/** Names of a slot that stand in a list, and all of them where words say that they are meant together. */
function runsOf({ view, figure }: Asked, slot: readonly Spot[]): readonly (readonly Spot[])[] {
  if (slot.length < 2) return []
  const runs: Spot[][] = []
  for (const spot of slot) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const between =
      last === undefined ? '' : view.text.slice(last.end - view.sentence.start, spot.start - view.sentence.start)
    if (run !== undefined && joined.test(between)) run.push(spot)
    else runs.push([spot])
  }
  const lists = runs.filter((run) => run.length > 1)
  if (together.test(view.text) && lists.every((run) => run.length < slot.length)) lists.push([...slot])
  const before = slot.filter(({ end }) => end <= figure.start)
  if (together.test(view.text) && before.length > 1 && before.length < slot.length) lists.push(before)
  return lists
}

function unionOf(names: readonly ValueMention[], rest: readonly ValueMention[]): Filter {
  const rows = [...new Set(names.flatMap((mention) => mention.rows))].toSorted((left, right) => left - right)
  const said = names.slice(0, 4).map(({ column, rows: [row = 0], figure }) => figure?.text ?? column.textOf(row))
  return {
    rows: rest.reduce<readonly number[]>((left, mention) => both(left, mention.rows), rows),
    mentions: [],
    said: `${short(said.join(', '))}${names.length > said.length ? ', …' : ''}`,
  }
}

function complementOf({ view: { table } }: Asked, names: readonly ValueMention[]): readonly Filter[] {
  const [first] = names
  if (first === undefined) return []
  const taken = new Set(names.flatMap(({ column, rows }) => (column === first.column ? rows : [])))
  const rows = rowsOf(table.rowCount).filter((row) => !taken.has(row) && first.column.textOf(row) !== '')
  return rows.length === 0
    ? []
    : [
        {
          rows,
          mentions: [],
          said: `others than ${short(names.map(({ column, rows: [row = 0] }) => column.textOf(row)).join(', '))}`,
        },
      ]
}

const places = new RegExp(
  String.raw`\b(?:(?:(top|leading|largest|biggest|highest|best|strongest|busiest|best-selling)|(bottom|smallest|lowest|worst|weakest)|(first|earliest)|(last|latest|final|most recent))[ -](${countWords})|(${countWords})[ -](?:(largest|biggest|highest|best|strongest|busiest|leading|best-selling|most \p{L}+)|(smallest|lowest|worst|weakest)))\b`,
  'giu',
)

/** "the top three", "the two smallest", "the last three weeks": rows by their place in a column, or in time. */
export function topFilters(asked: Asked, columns: readonly Column[]): readonly Filter[] {
  const { view } = asked
  const { table } = view
  if (!table.whole || table.rowCount > mostRanked) return []
  return [...view.text.matchAll(places)].flatMap((match) => {
    const [whole, up, down, first, last, behind, before, upAfter, downAfter] = match
    const count = countOf(behind ?? before ?? '')
    if (count === null || count < 2 || count >= table.rowCount) return []
    if (first !== undefined || last !== undefined) {
      const time = table.columns.find(({ kind, isYears }) => kind === 'date' || isYears)
      const rows = time === undefined ? rowsOf(table.rowCount) : ranked(time, table.rowCount, -1)
      return [{ rows: first === undefined ? rows.slice(-count) : rows.slice(0, count), mentions: [], said: whole }]
    }
    const sign = up !== undefined || upAfter !== undefined ? 1 : down !== undefined || downAfter !== undefined ? -1 : 1
    return columns.slice(0, 3).map((column) => {
      const rows = ranked(column, table.rowCount, sign).slice(0, count)
      return { rows, mentions: [], said: `${whole} by ${short(column.name)}` }
    })
  })
}
