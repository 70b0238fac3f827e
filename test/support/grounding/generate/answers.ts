import { shuffled, type Random } from '../../random.ts'
import { changeClaim, wideChangeClaim } from './change-claims.ts'
import { cellClaim, dayClaim, differenceClaim, germanCellClaim } from './cell-claims.ts'
import type { Claim, ClaimMaker, MutantKind } from './claim.ts'
import {
  countClaim,
  extremeClaim,
  groupMeanClaim,
  meanClaim,
  rankClaim,
  shareClaim,
  totalClaim,
} from './column-claims.ts'
import type { SourceTable } from './source-table.ts'
import { pick, sentence } from './written.ts'

/** A true answer over one table or several. */
export interface GeneratedAnswer {
  readonly tables: readonly SourceTable[]
  readonly text: string
  readonly claims: readonly PlacedClaim[]
}

export interface PlacedClaim {
  readonly form: string
  readonly start: number
  readonly end: number
  readonly figures: number
}

/** The same answer with one sentence that is false. */
export interface Mutant {
  readonly answer: GeneratedAnswer
  readonly kind: MutantKind
  readonly form: string
  readonly text: string
  /** Where the false sentence stands. */
  readonly start: number
  readonly end: number
}

/** As often as it stands here, so often is a form tried. */
const makers: readonly ClaimMaker[] = [
  cellClaim, cellClaim, cellClaim, germanCellClaim, differenceClaim, differenceClaim, dayClaim, dayClaim, totalClaim, meanClaim,
  extremeClaim, extremeClaim, rankClaim, rankClaim, rankClaim, shareClaim, shareClaim, countClaim, groupMeanClaim, changeClaim, changeClaim,
  changeClaim, changeClaim, wideChangeClaim, wideChangeClaim, wideChangeClaim,
] // prettier-ignore

const openings = ['', '', '', 'Here is what the data show. ', 'In short: ', 'The main findings are these.\n\n']
const links = ['', '', '', '', 'Also, ', 'By contrast, ', 'Beyond that, ', 'Note that ']

/** What begins a sentence and is no name. */
const ownWord = /^(?:Across|Altogether|At|Between|By|For|From|In|Mean|On|Rows|Sorted|The|Total|Where|With)(?= )/

/** So many true answers, and up to `mutants` false ones of each, of kinds that are rare so far first. */
export function generateAnswers(
  tables: readonly SourceTable[],
  options: { count: number; mutants: number; random: Random },
): { answers: readonly GeneratedAnswer[]; mutants: readonly Mutant[] } {
  const { random } = options
  const rich = tables.filter(isRich)
  const answers: GeneratedAnswer[] = []
  const mutants: Mutant[] = []
  const seen = new Map<MutantKind, number>()
  for (let attempt = 0; attempt < options.count * 20 && answers.length < options.count; attempt += 1) {
    const made = makeAnswer(rich, random)
    if (made === null) continue
    answers.push(made.answer)
    const byRarity = shuffled(made.mutants, random).toSorted(
      (one, other) => (seen.get(one.kind) ?? 0) - (seen.get(other.kind) ?? 0),
    )
    for (const mutant of byRarity.slice(0, options.mutants)) {
      seen.set(mutant.kind, (seen.get(mutant.kind) ?? 0) + 1)
      mutants.push(mutant)
    }
  }
  return { answers, mutants }
}

/** Whether more can be said of a table than how much its columns are together. */
function isRich({ keys, numbers, groups, times, days }: SourceTable): boolean {
  return (
    (numbers.length > 0 && (keys !== null || times !== null || groups.length > 0)) || (keys !== null && days.length > 0)
  )
}

function makeAnswer(
  tables: readonly SourceTable[],
  random: Random,
): { answer: GeneratedAnswer; mutants: Mutant[] } | null {
  const origins = Object.values(Object.groupBy(tables, ({ origin }) => origin))
  const chosen = [
    ...new Set(Array.from({ length: pick([1, 1, 1, 2, 2, 3], random) }, () => pick(pick(origins, random), random))),
  ]
  const wanted = 1 + Math.floor(random() * 5)
  const claims: Claim[] = []
  for (let attempt = 0; attempt < 30 && claims.length < wanted; attempt += 1) {
    const made = pick(makers, random)(pick(chosen, random), random)
    if (made !== null && made.mutants.length > 0 && claims.every(({ text }) => text !== made.text)) claims.push(made)
  }
  if (claims.length === 0) return null
  const list = claims.length > 2 && random() < 0.25
  const opening = pick(openings, random)
  const before = claims.map((_, at) => (list ? '- ' : at === 0 ? '' : pick(links, random)))
  const [first, ...rest] = claims.map(({ text }) => text)
  if (first === undefined) return null
  const whole = compose([first, ...rest], { opening, before, list })
  const placed = claims.map(({ form, figures }, at) => ({
    form,
    figures,
    ...(whole.places[at] ?? { start: 0, end: 0 }),
  }))
  const answer = { tables: chosen, text: whole.text, claims: placed }
  const mutants = claims.flatMap((one, at) =>
    one.mutants.map(({ kind, text }): Mutant => {
      const other = compose(
        claims.map((each, place) => (place === at ? text : each.text)),
        { opening, before, list },
      )
      return {
        answer,
        kind,
        form: one.form,
        text: other.text,
        start: other.places[at]?.start ?? 0,
        end: other.places[at]?.end ?? 0,
      }
    }),
  )
  return { answer, mutants }
}

function compose(
  sentences: readonly string[],
  { opening, before, list }: { opening: string; before: readonly string[]; list: boolean },
): { text: string; places: readonly { start: number; end: number }[] } {
  let text = opening
  const places = sentences.map((one, at) => {
    if (at > 0) text += list ? '\n' : ' '
    const start = text.length
    const link = before[at] ?? ''
    text +=
      link === '' || link === '- '
        ? `${link}${sentence(one)}`
        : `${link}${one.replace(ownWord, (word) => word.toLowerCase())}`
    return { start, end: text.length }
  })
  return { text, places }
}
