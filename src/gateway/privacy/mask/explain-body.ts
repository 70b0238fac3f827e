import type { FilterAction, FilterDecision } from '../../../filters/profile.ts'
import { isLookedFor, type DecideOnTexts } from '../detect/detect.ts'
import { textsOfBody, type BodyText } from './body-texts.ts'
import { ofWords } from '../../../filters/categories.ts'
import { KnownValues } from './known-values.ts'
import { toPart } from './mask-body.ts'
import type { MaskingLevel } from '../profiles/options.ts'
import type { ApiPositions } from '../positions/position.ts'
import { literalCategory } from '../tokens/labels.ts'
import type { Spellings } from '../tokens/spellings.ts'

/** Something that was seen in a text of a body, and what becomes of it. */
export interface ExplainedFinding {
  /** `messages[2].content[0].text` */
  readonly position: string
  readonly text: string
  /** In UTF-16 units of the text, the end exclusive. */
  readonly start: number
  readonly end: number
  readonly kind: string
  /** 0 to 1; null where no detector has seen it. */
  readonly score: number | null
  readonly detector: string
  readonly action: FilterAction
  /** Why it is left as it is; null where it is what the detector's finding comes to. */
  readonly why: string | null
}

export interface ExplainOptions {
  readonly decide: DecideOnTexts
  readonly level: MaskingLevel
  readonly spellings: Spellings
  /** What becomes of an earlier turn that holds a value which only a later one tells to be one. */
  readonly lateFinds: 'mask' | 'leave'
  /** A position as it is told. */
  readonly shownAs: (position: string) => string
}

export interface ExplainedBody {
  /** In the order of the texts, and of their places in them. */
  readonly findings: readonly ExplainedFinding[]
  /** Positions that are not read. */
  readonly unread: readonly string[]
}

/** All that masking the body would go by: what detectors see in it, and what follows from that elsewhere in it. */
export async function explainBody(
  body: string,
  positions: ApiPositions,
  { decide, level, spellings, lateFinds, shownAs }: ExplainOptions,
  signal: AbortSignal,
): Promise<ExplainedBody> {
  const { texts: found, unread } = textsOfBody(body, positions)
  const texts = found.map((text): TextAt => ({
    text: text.text,
    kind: text.kind,
    label: text.label,
    turn: text.turn,
    path: shownAs(text.path),
  }))
  const decisions = await decide(texts.map(toPart), signal)
  const byPart = Map.groupBy(decisions, ({ part }) => part)
  const looked = texts.map((text, index) => {
    return { text, seen: inOrder((byPart.get(index) ?? []).map((decision) => explained(decision, text, level))) }
  })
  const known = new KnownValues()
  for (const { text, seen } of looked) {
    if (text.kind !== 'words') continue
    for (const { start, end, kind, action } of seen) {
      if (action === 'mask') known.add({ value: text.text.slice(start, end), category: kind, fromTurn: text.turn })
    }
  }
  const findings = looked.flatMap(({ text, seen }) => {
    if (level === 'none' || text.kind !== 'words') return seen
    return inOrder([...seen, ...followingIn(text, seen, { known, spellings, lateFinds })])
  })
  return { findings, unread: unread.filter(({ kind }) => kind === 'media').map(({ path }) => path) }
}

function explained(decision: FilterDecision, { path, text, kind }: TextAt, level: MaskingLevel): ExplainedFinding {
  const { start, end, category, score, detector } = decision
  const why = whyLeft(decision, kind, level)
  const action = why === null ? decision.effective : 'allow'
  return { position: path, text, start, end, kind: category, score, detector, action, why }
}

function whyLeft(decision: FilterDecision, kind: BodyText['kind'], level: MaskingLevel): string | null {
  const { category, decided, effective, enforced } = decision
  if (!isLookedFor(decision, level)) return `masking: ${level}`
  if (kind !== 'words' && ofWords.has(category)) return 'it is a name that programs compare'
  if (!enforced) return `mode: shadow (would ${decided})`
  return effective === 'allow' ? 'allowed, or its score is below the threshold' : null
}

/** A text of a body and where it stands. */
type TextAt = Pick<BodyText, 'text' | 'kind' | 'label' | 'turn' | 'path'>

interface Following {
  readonly known: KnownValues
  readonly spellings: Spellings
  readonly lateFinds: 'mask' | 'leave'
}

/** What is masked without a detector: a value that was seen elsewhere, and a text in the form of a token. */
function followingIn(
  { path: position, text, turn, label }: TextAt,
  own: readonly ExplainedFinding[],
  { known, spellings, lateFinds }: Following,
): readonly ExplainedFinding[] {
  const masked = (kind: string, detector: string, { start, end }: Span): ExplainedFinding => {
    return { position, text, start, end, kind, score: null, detector, action: 'mask', why: null }
  }
  const isSeen = coveredBy(own.filter(({ action }) => action === 'mask'))
  const again = inOrder(known.spansIn(text, lateFinds === 'mask' ? Infinity : turn, label)).filter(
    (span) => !isSeen(span),
  )
  return [
    ...again.map((span) => masked(span.category, 'seen-elsewhere', span)),
    ...spellings.find(text).spellings.map((span) => masked(literalCategory, 'form-of-a-token', span)),
  ]
}

interface Span {
  readonly start: number
  readonly end: number
}

function inOrder<T extends Span>(spans: readonly T[]): readonly T[] {
  return spans.toSorted((one, other) => one.start - other.start || one.end - other.end)
}

/** Does one of these spans hold a span? Both come in their order. */
function coveredBy(spans: readonly Span[]): (span: Span) => boolean {
  let next = 0
  let reached = 0
  return ({ start, end }) => {
    for (let span = spans[next]; span !== undefined && span.start <= start; span = spans[next]) {
      reached = Math.max(reached, span.end)
      next += 1
    }
    return end <= reached
  }
}
