import { mostSources, type CellSource, type GroundingMark } from '../grounding.ts'
import { fits, type Figure } from '../figures/figure.ts'
import type { Asked } from './asked.ts'
import { anyOf } from './coincidence.ts'
import { isCertain } from './certain.ts'
import { readAcross } from './read-across.ts'
import { readAggregates } from './read-aggregates.ts'
import { readCells } from './read-cells.ts'
import { readColumns } from './read-columns.ts'
import { readCounts } from './read-counts.ts'
import { readDates } from './read-dates.ts'
import { readDifferences } from './read-differences.ts'
import { readExtremes } from './read-extremes.ts'
import { readJoint } from './read-joint.ts'
import { readLabels } from './read-labels.ts'
import { readRanges } from './read-ranges.ts'
import { readRanks } from './read-ranks.ts'
import { readRates } from './read-rates.ts'
import { readShares } from './read-shares.ts'
import { readStatistics } from './read-statistics.ts'
import { readTexts } from './read-texts.ts'
import { readWholes } from './read-wholes.ts'
import type { Threshold } from './thresholds.ts'
import { sayNumber, short, type Trial } from './trial.ts'

/** What became of the ways to read a figure. */
export interface Judgement {
  readonly figure: Figure
  readonly found: Trial | null
  /** What the words leave no way around, where it has another value or another unit. */
  readonly against: Trial | null
  /** Null where the figure names rows, and claims nothing of them. */
  readonly chance: number | null
}

const mostTrials = 240

/** Reads the words about a figure in each way that they leave open, until one gives its value. */
export function judge(asked: Asked, thresholds: readonly Threshold[]): Judgement {
  const { figure } = asked
  const chances: (() => number)[] = []
  let against: Trial | null = null
  for (const trial of readings(asked, thresholds)) {
    chances.push(trial.chance)
    if (trial.fits) return { figure, found: trial, against, chance: anyOf(chances.map((chance) => chance())) }
    if (
      against === null &&
      (trial.firm || (trial.conflict !== undefined && (trial.column?.unit ?? null) !== null)) &&
      isAlone(asked, trial)
    )
      against = trial
    if (chances.length >= mostTrials) break
  }
  return { figure, found: null, against, chance: 0 }
}

/** May another value of this reading speak against the figure, or do the words leave other readings? */
function isAlone(asked: Asked, { column, mentions, value }: Trial): boolean {
  const { view, figure, after, from } = asked
  // "12 of 18" counts, and "136 thousand" of a column of thousands is 136 there.
  if (/^\s*(?:out )?of\s+(?:the |all |its |their )?$/i.test(after)) return false
  if ([1e3, 1e6, 1e9, 1e-3, 1e-6, 100, 0.01].some((scale) => fits(figure, value * scale))) return false
  return mentions !== undefined && isCertain(view, { figure, column, mentions, start: from, end: endOf(asked) })
}

/** Where the part of a sentence ends that a figure stands in: at a sign, or before the next figure that is a claim by itself. */
function endOf({ view, figure, to }: Asked): number {
  const offset = view.sentence.start
  const [{ index } = { index: view.text.length }] = view.text
    .slice(figure.end - offset)
    .matchAll(/[,;:()\n]|\s[-–—]\s/g)
  const next = view.figures.find((other) => other.start >= figure.end && !other.weak)
  return Math.max(to, Math.min(figure.end + index, next?.start ?? view.sentence.end))
}

function* readings(asked: Asked, thresholds: readonly Threshold[]): Generator<Trial> {
  yield* readDates(asked)
  yield* readRanks(asked)
  yield* readTexts(asked)
  if (asked.figure.kind === 'rank') return
  if (asked.figure.kind !== 'date') {
    if (asked.figure.unit !== 'points') yield* readCells(asked)
    yield* readRanges(asked)
    yield* readAggregates(asked)
    yield* readShares(asked, thresholds)
    yield* readRates(asked)
    yield* readStatistics(asked)
    yield* readDifferences(asked)
    yield* readColumns(asked)
    yield* readCounts(asked, thresholds)
    yield* readLabels(asked)
    yield* readAcross(asked)
    yield* readJoint(asked)
    yield* readExtremes(asked)
    yield* readWholes(asked)
  } else if (asked.figure.year === true) yield* readCells(asked)
}

/** The mark of a figure; null for a word that need not be a claim, and that nothing speaks for or against. */
export function markOf({ figure, found, against, chance }: Judgement): GroundingMark | null {
  const base = {
    start: figure.start,
    end: figure.end,
    text: figure.text,
    kind: figure.kind === 'literal' ? ('number' as const) : figure.kind,
  }
  if (found !== null) {
    const { sources, sourceCount } = sourcesOf(found)
    const reason = found.verdict === 'cell' ? `This is ${found.how}.` : `Computed again: ${found.how}.`
    return {
      ...base,
      verdict: found.verdict,
      sources,
      sourceCount,
      how: found.how,
      expected: null,
      coincidence: chance,
      reason,
    }
  }
  if (against !== null && (!figure.weak || against.verdict === 'cell' || figure.kind === 'rank')) {
    const { sources, sourceCount } = sourcesOf(against)
    const expected =
      against.said === undefined
        ? `${sayNumber(against.value)}${figure.kind === 'percent' ? ' %' : ''}`
        : short(against.said)
    const reason =
      against.conflict === undefined
        ? `The ${against.how} is ${expected}.`
        : `Another unit: ${short(against.conflict)}.`
    return {
      ...base,
      verdict: 'contradicted',
      sources,
      sourceCount,
      how: against.how,
      expected,
      coincidence: null,
      reason,
    }
  }
  if (figure.weak) return null
  return {
    ...base,
    verdict: 'unsupported',
    sources: [],
    sourceCount: 0,
    how: null,
    expected: null,
    coincidence: null,
    reason: 'Nothing that these words name in the results gives this figure.',
  }
}

export function sourcesOf({ table, column, rows }: Pick<Trial, 'table' | 'column' | 'rows'>): {
  readonly sources: readonly CellSource[]
  readonly sourceCount: number
} {
  const sourceCount = rows?.length ?? table.rowCount
  const first =
    rows === null
      ? Array.from({ length: Math.min(mostSources, table.rowCount) }, (_, row) => row)
      : rows.slice(0, mostSources)
  const named = column ?? table.columns[0]
  if (named === undefined) return { sources: [], sourceCount: 0 }
  return { sources: first.map((row) => ({ table: table.id, row, column: named.name })), sourceCount }
}
