import { ServiceError } from '../../core/errors.ts'
import type { Provenance } from '../../core/provenance.ts'
import type { Finding } from '../../core/verdict.ts'
import type { FilterChain } from '../../filters/chain.ts'
import type { Direction, FilterPart } from '../../filters/filter.ts'
import { mayHoldAddress } from '../../filters/links/addresses.ts'
import type { KnownAddresses } from '../../filters/links/known-addresses.ts'
import { Masker, type MaskedSpan } from '../../filters/mask.ts'
import { withholds, type FilterDecision, type FilterProfile } from '../../filters/profile.ts'
import { windowsOf, type TextWindow } from '../../filters/windows/windows.ts'
import { Notices } from './notices.ts'

export interface ScreenerOptions {
  readonly chain: FilterChain
  readonly profile: FilterProfile
  readonly direction: Direction
  readonly group: string
  /** The SQL that must not be repeated; read again for every text. `null` where SQL may be shown. */
  readonly hiddenSql: () => readonly string[] | null
  /** Addresses that an answer may hold as links; absent where nobody asked in words. */
  readonly addresses?: KnownAddresses
  readonly limits: ScreenLimits
  /** Told of every decision, also those in shadow mode. Carries places and categories, never the text. */
  readonly onDecisions?: (decisions: readonly FilterDecision[]) => void
}

/** How much of a response may leave, in characters. */
export interface ScreenLimits {
  readonly maximumResultCharacters: number
  readonly maximumTurnCharacters: number
}

/** A text to screen. `place`: where in a table it stands, counted from 1. */
export interface ScreenedPart extends FilterPart {
  readonly place?: { readonly line: number; readonly column: number }
}

/** Applies a profile to texts of one response. Rejects with `refused` where the profile blocks or a detector failed closed. */
export interface Screener extends ScreenLimits {
  /** What is to be replaced in each window of a text, as offsets into the window. */
  spans(
    windows: readonly TextWindow[],
    part: Omit<ScreenedPart, 'text'>,
    signal: AbortSignal,
  ): Promise<readonly (readonly MaskedSpan[])[]>
  /** `keep`: categories that stay as they are here. */
  texts(
    parts: readonly ScreenedPart[],
    signal: AbortSignal,
    keep?: (category: string) => boolean,
  ): Promise<readonly string[]>
  text(text: string, provenance: Provenance, signal: AbortSignal): Promise<string>
  /** Categories that the profile lets pass with a note, seen so far. */
  readonly annotated: ReadonlySet<string>
  /** What was replaced or cut since this was last asked: never silent. */
  takeFindings(): readonly Finding[]
  /** Says something beside what was replaced. */
  say(finding: Finding): void
  /** Resolves when it is this caller's turn to work on. */
  turn(): Promise<void>
}

/** A window with the part that it is of. */
interface Piece {
  readonly window: TextWindow
  readonly part: Omit<ScreenedPart, 'text'>
  readonly index: number
}

const nothing: readonly MaskedSpan[] = []
/** Characters that are decided on together. */
const batchCharacters = 32_768
const batchPieces = 1_024

function refuseBlocked(decisions: readonly FilterDecision[]): void {
  const blocked = decisions.filter((decision) => withholds(decision.effective))
  if (blocked.length === 0) return
  const categories = [...new Set(blocked.map((decision) => decision.category))].sort()
  throw new ServiceError('refused', `The text was withheld: it holds ${categories.join(', ')}.`, {
    advice: 'Ask without it, or ask the operator to change the filter profile of your group.',
  })
}

/** Is it a link's, in what is replaced whole anyway? */
function isHidden(decision: FilterDecision, all: readonly FilterDecision[]): boolean {
  if (!decision.category.startsWith('link/')) return false
  return all.some(
    ({ part, start, end, category, effective }) =>
      part === decision.part &&
      effective === 'mask' &&
      !category.startsWith('link/') &&
      start <= decision.start &&
      end >= decision.end,
  )
}

function isIn({ from, to }: TextWindow, decision: FilterDecision): boolean {
  return decision.start < to && decision.end > from
}

/** Line and column of a place of a window; the lines before the window are not counted. */
function placeIn({ text }: TextWindow, at: number): { line: number; column: number } {
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

/** Windows of a text up to so many characters together are proved harmless at once: each overlaps the ones beside it. */
const provedTogether = 1_024

type IsInert = (text: string, part: Omit<ScreenedPart, 'text'>) => boolean

/**
 * Which pieces could hold something. HTML is always looked at: a window inside of a tag is harmless text, and the tag
 * that it is a part of is not. A text of one window is looked at too: that it could hold something is known by then.
 */
function mayHold(pieces: readonly Piece[], isInert: IsInert): (piece: Piece) => boolean {
  const inert = new Set<Piece>()
  for (let from = 0, to = 1; from < pieces.length; from = to, to += 1) {
    const first = pieces[from] as Piece
    let { text } = first.window
    for (let next = pieces[to]; next !== undefined && next.part === first.part; next = pieces[(to += 1)]) {
      const longer = text + next.window.text.slice(first.window.offset + text.length - next.window.offset)
      if (longer.length > provedTogether) break
      text = longer
    }
    const isWhole = first.window.offset === 0 && first.window.isLast
    if (!isWhole && first.part.form !== 'html' && isInert(text, first.part))
      for (const piece of pieces.slice(from, to)) inert.add(piece)
  }
  return (piece) => !inert.has(piece)
}

function partOf({ window, part }: Piece): FilterPart {
  const { provenance, label, form, siblings } = part
  return {
    text: window.text,
    focus: { start: window.from, end: window.to },
    provenance,
    ...(label === undefined ? {} : { label }),
    ...(form === undefined ? {} : { form }),
    ...(siblings === undefined ? {} : { siblings }),
  }
}

export function createScreener(options: ScreenerOptions): Screener {
  const annotated = new Set<string>()
  const notices = new Notices()
  const { chain, profile, direction, group, addresses } = options
  const isInert: IsInert = (text, { form }) =>
    chain.isInert(text) && !(addresses !== undefined && form === 'markdown' && mayHoldAddress(text))
  const time = chain.startTime()

  /** The spans of each piece, in order. */
  async function decidePieces(
    all: readonly Piece[],
    signal: AbortSignal,
    keep: (category: string) => boolean,
  ): Promise<readonly (readonly MaskedSpan[])[]> {
    signal.throwIfAborted()
    await chain.turn()
    const hidden = options.hiddenSql()
    const pieces = hidden === null ? all.filter(mayHold(all, isInert)) : all
    const context = {
      direction,
      group,
      executedSql: hidden ?? [],
      anySql: hidden !== null,
      ...(addresses === undefined ? {} : { addresses }),
    }
    const decisions = await chain.decide(pieces.map(partOf), { profile, context, time }, signal)
    const found = decisions.filter((decision) => {
      const piece = pieces[decision.part]
      return piece !== undefined && isIn(piece.window, decision) && !keep(decision.category)
    })
    const relevant = found.filter((decision) => !isHidden(decision, found))
    if (relevant.length > 0) options.onDecisions?.(relevant)
    refuseBlocked(relevant)
    const perPiece = new Map<Piece, MaskedSpan[]>()
    for (const decision of relevant) {
      if (decision.effective === 'annotate') annotated.add(decision.category)
      if (decision.effective !== 'mask') continue
      const piece = pieces[decision.part]
      if (piece === undefined) continue
      const spans = perPiece.get(piece) ?? []
      perPiece.set(piece, spans)
      spans.push(decision)
      if (decision.start >= piece.window.from && decision.continues !== true) {
        notices.add(decision, () => piece.part.place ?? placeIn(piece.window, decision.start))
      }
    }
    return all.map((piece) => perPiece.get(piece) ?? nothing)
  }

  const texts: Screener['texts'] = async (parts, signal, keep = () => false) => {
    const masked: string[] = parts.map(() => '')
    let masker = new Masker()
    let maskedPart = -1
    let pieces: Piece[] = []
    let characters = 0
    const release = async () => {
      const spans = await decidePieces(pieces, signal, keep)
      for (const [at, { window, index }] of pieces.entries()) {
        if (index !== maskedPart) masker = new Masker()
        maskedPart = index
        masked[index] += masker.mask(window, spans[at] ?? nothing)
      }
      pieces = []
      characters = 0
    }
    let passed = 0
    const isSqlHidden = options.hiddenSql() !== null
    for (const [index, part] of parts.entries()) {
      if (!isSqlHidden && isInert(part.text, part)) {
        masked[index] = part.text
        passed += part.text.length + 1
        if (passed >= batchCharacters) {
          passed = 0
          signal.throwIfAborted()
          await chain.turn()
        }
        continue
      }
      for (const window of windowsOf(part.text)) {
        pieces.push({ window, part, index })
        characters += window.text.length
        if (characters >= batchCharacters || pieces.length >= batchPieces) await release()
      }
    }
    if (pieces.length > 0) await release()
    return masked
  }

  return {
    ...options.limits,
    annotated,
    takeFindings: () => notices.take(),
    say: (finding) => notices.say(finding),
    turn: () => chain.turn(),
    spans: (windows, part, signal) =>
      decidePieces(
        windows.map((window, index) => ({ window, part, index })),
        signal,
        () => false,
      ),
    texts,
    text: async (text, provenance, signal) => (await texts([{ text, provenance }], signal))[0] ?? '',
  }
}
