import type { Column } from '../tables/column.ts'
import { stem, tokensOf } from '../words/tokens.ts'
import type { Asked } from './asked.ts'
import { anyOf, chanceOfCell } from './coincidence.ts'
import { short, type Trial } from './trial.ts'
import { fits, times } from '../figures/figure.ts'

const mostRows = 400
const mostMeant = 8
/** Words of labels that say nothing of whose value it is. */
const general = new Set('the of and in for a by to value total n'.split(' '))
/** What a label says in short, and how people say it. */
const spoken: ReadonlyMap<string, RegExp> = new Map([
  ['p', /\bp\b/i],
  ['n', /\bn\b|\b(?:observations|rows|cases|sample)\b/i],
  ['observation', /\bn\b|\bobservations?\b|\brows\b|\bsample\b/i],
  ['coef', /\b(?:coefficients?|coef|effect|slope|increases?|raises?|adds?|lowers?|reduces?)\b/i],
  ['r', /\br(?:²|2|\b)/i],
  ['squar', /\br²|r2\b|\bsquared\b|\bexplain\w*|\bvariance\b/i],
  ['corr', /\bcorrelat\w*/i],
  ['intercept', /\b(?:intercept|constant|baseline)\b/i],
  ['const', /\b(?:intercept|constant|baseline)\b/i],
  ['std', /\b(?:std|standard)\b/i],
  ['err', /\berrors?\b/i],
  ['avg', /\b(?:average|mean)\b/i],
  ['mean', /\b(?:average|mean)\b/i],
])

/** "The coefficient of TV is 0.0475" of a line `coef_tv: 0.0475`: what a program printed by a label whose words are said. */
export function* readLabels(asked: Asked): Generator<Trial> {
  const { view, figure } = asked
  const { columns, rowCount } = view.table
  const [label, value, ...more] = columns
  if (label === undefined || value === undefined || more.length > 0 || label.kind !== 'text' || value.kind !== 'number')
    return
  if (rowCount > mostRows || figure.kind === 'date' || figure.kind === 'rank') return
  const said = new Set(tokensOf(view.text).map(({ text }) => stem(text)))
  const sized = Array.from({ length: rowCount }, (_, row) => ({
    row,
    share: shareOf(label, row, said, view.text),
  })).filter(({ share }) => share > 0)
  const most = sized.toSorted((left, right) => right.share - left.share).slice(0, mostMeant)
  for (const { row } of most) yield* trialsOf(asked, label, value, row, most.length)
}

/** Of the words of a label, how many parts of one are said. */
function shareOf(label: Column, row: number, said: ReadonlySet<string>, text: string): number {
  const words = tokensOf(label.textOf(row).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')).map(({ text: word }) => stem(word))
  const telling = words.filter((word) => !general.has(word) || words.length === 1)
  if (telling.length === 0) return 0
  const isSaid = (word: string): boolean =>
    said.has(word) ||
    spoken.get(word)?.test(text) === true ||
    (word.length >= 4 &&
      [...said].some((other) => other.length > 4 && (other.startsWith(word) || word.startsWith(other))))
  return telling.filter(isSaid).length / telling.length
}

function* trialsOf(asked: Asked, label: Column, value: Column, row: number, size: number): Generator<Trial> {
  const { figure, view } = asked
  const raw = value.numbers[row] ?? Number.NaN
  for (const factor of figure.kind === 'percent' ? [1, 100] : [1]) {
    const there = raw * factor
    if (Number.isNaN(there) || (factor === 100 && Math.abs(raw) > 1)) continue
    const isFit =
      fits(figure, there) ||
      (!figure.signed &&
        there < 0 &&
        /\b(?:negative|lower\w*|reduc\w*|decreas\w*|less|minus)\b/i.test(view.text) &&
        fits(times(figure, -1), there))
    yield {
      verdict: 'cell',
      value: there,
      fits: isFit,
      firm: false,
      table: view.table,
      column: value,
      rows: [row],
      how: `${short(label.textOf(row))} in ${short(view.table.title)}`,
      chance: () => anyOf(Array.from({ length: size }, () => chanceOfCell(figure, value, factor) / Math.max(1, size))),
    }
  }
}
