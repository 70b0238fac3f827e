import { AwakeTime } from '../../concurrency/awake-time.ts'
import { Breaker } from '../../concurrency/breaker.ts'
import type { FilterContext, FilterFinding, FilterPart } from '../filter.ts'
import { readingsOfParts, wordReadingsOfParts } from '../text-filter.ts'
import { touches, type Span } from '../views/text-view.ts'
import { batchesOf } from './batches.ts'
import { distinctFindings } from './distinct-findings.ts'
import type { CommonDetectorOptions } from './detector-options.ts'
import { jsonAnswer } from './json-answer.ts'
import { createOverwriteValues } from './overwrite-values.ts'
import { piecesOf, trimmed, type Piece } from './pieces.ts'
import { RemoteFault, type RemoteFaultWord } from './remote-fault.ts'
import type { RemoteFilter } from './remote-filter.ts'
import type { Ask, Verdict, VerdictSource } from './verdict-source.ts'

/** What became of one check by a remote detector. */
export type RemoteOutcome = 'found' | 'clear' | 'cancelled' | RemoteFaultWord

export interface RemoteDetectorOptions {
  /** As it is named in the configuration, at `filters.detectors`. */
  readonly name: string
  readonly source: VerdictSource
  readonly settings: CommonDetectorOptions
  readonly onOutcome?: (outcome: RemoteOutcome) => void
  /** Milliseconds since any fixed point, for the breaker. */
  readonly elapsed?: () => number
}

/** Questions of one check that are under way at the same time. */
const questionsAtOnce = 4

/** What one check of some parts has to do with. */
interface Check {
  readonly parts: readonly FilterPart[]
  readonly context: FilterContext
  readonly ask: Ask
  readonly signal: AbortSignal
}

/**
 * Another program that gives verdicts, as a detector. Every part is sent to it in the clear, in stretches that overlap, and in
 * every other way that it can be read. What is not answered for wholly and rightly, in time, fails the check with a RemoteFault:
 * no answer is ever taken for "nothing found". After failures in a row it is left alone for a while.
 */
export function createRemoteDetector(options: RemoteDetectorOptions): RemoteFilter {
  const { name, source, settings, onOutcome, elapsed } = options
  const setting = `filters.detectors.${name}`
  const advice = `Ask the operator to look at the detector at ${setting}.url.`
  const detector = `${name}@1`
  const overwrite = settings.hide_values ? createOverwriteValues() : null
  const breaker = new Breaker({
    failures: settings.breaker_failures,
    openMilliseconds: settings.breaker_open_ms,
    ...(elapsed === undefined ? {} : { elapsed }),
  })

  function asker(time: AwakeTime, signal: AbortSignal): Ask {
    return (request) => {
      const timing = {
        timeoutMilliseconds: Math.max(1, Math.ceil(time.left)),
        limitMilliseconds: settings.deadline_ms,
        timeoutSetting: `${setting}.deadline_ms`,
      }
      return jsonAnswer({ ...request, ...timing, who: source.who, advice, waitsWhenBusy: true }, signal)
    }
  }

  function refuseLength(characters: number): void {
    const { maximum_characters: most } = settings
    if (characters <= most) return
    const message = `${source.who} is sent ${most} characters at most (${setting}.maximum_characters).`
    throw new RemoteFault(message, { word: 'text-too-long', advice: 'Send less at once.' })
  }

  function refuseWhileOpen(group: string): void {
    const left = breaker.wait(group)
    if (left === 0) return
    const message = `${source.who} failed ${settings.breaker_failures} times in a row and is left alone for ${Math.ceil(left / 1_000)} s.`
    throw new RemoteFault(message, { word: 'left-alone', advice })
  }

  async function findings(pieces: readonly Piece[], check: Check): Promise<FilterFinding[]> {
    const texts = [...new Set(pieces.map(({ chunk }) => chunk.text))]
    const verdicts = await verdictsOver(source, texts, check)
    check.signal.throwIfAborted()
    return distinctFindings(
      pieces.flatMap((piece) => {
        const part = check.parts[piece.part]
        return (verdicts.get(piece.chunk.text) ?? []).flatMap(({ place, category, score }) => {
          const span = score > 0 ? placeOf(piece, place, part?.focus) : null
          return span === null ? [] : [{ part: piece.part, ...span, category, score, detector }]
        })
      }),
    )
  }

  return {
    name: detector,
    version: source.version,
    categories: source.categories,
    cost: 'costly',
    onFailure: 'closed',
    async probe(signal) {
      const time = new AwakeTime(settings.deadline_ms)
      await source.probe(asker(time, signal)).finally(() => time.stop())
    },
    async inspect(parts, context, signal) {
      signal.throwIfAborted()
      // Once one question has failed, nobody waits for the others.
      const others = new AbortController()
      const either = AbortSignal.any([signal, others.signal])
      const time = new AwakeTime(settings.deadline_ms)
      try {
        refuseLength(parts.reduce((sum, { text }) => sum + text.length, 0))
        const pieces = wantedPieces(overwrite?.(parts, context) ?? parts, settings.respelled)
        if (pieces.length === 0) return []
        refuseLength(pieces.reduce((sum, { chunk }) => sum + chunk.to - chunk.from, 0))
        refuseWhileOpen(context.group)
        const found = await findings(pieces, { parts, context, signal: either, ask: asker(time, either) })
        breaker.succeeded(context.group)
        onOutcome?.(found.length === 0 ? 'clear' : 'found')
        return found
      } catch (thrown) {
        others.abort(thrown)
        const word = thrown instanceof RemoteFault ? thrown.word : null
        tell(breaker, context.group, word)
        onOutcome?.(word ?? (signal.aborted ? 'cancelled' : 'failed'))
        throw thrown
      } finally {
        time.stop()
      }
    },
  }
}

/** What says nothing of how the program does: nobody waited, or one text had no verdict, which its writer may see to. */
const saysNothing = new Set<RemoteFaultWord | null>([null, 'unreadable-verdict'])

/** What a failed check says of the program. What one group sends may be what it fails at. */
function tell(breaker: Breaker, group: string, word: RemoteFaultWord | null): void {
  if (word === 'left-alone' || word === 'text-too-long') return
  if (saysNothing.has(word)) breaker.toldNothing(group)
  else breaker.failed(group, word !== 'unreachable')
}

function wantedPieces(parts: readonly FilterPart[], respelled: boolean): Piece[] {
  const readingsAt = respelled ? wordReadingsOfParts(parts) : readingsOfParts(parts)
  return parts.flatMap(({ text, focus }, index) => {
    if (text.trim() === '') return []
    return piecesOf({ text, readings: readingsAt(index), hasLookalikes: true }, index).filter(
      (piece) => placeOf(piece, undefined, focus) !== null,
    )
  })
}

/** Where a verdict on a piece stands in its part; null where that is not in what is decided on, or blank. */
function placeOf({ view, chunk }: Piece, place: Span | undefined, focus: Span | undefined): Span | null {
  const decided = { start: chunk.from, end: chunk.to }
  if (place !== undefined && !touches(place, decided)) return null
  const span = trimmed(chunk.text, place ?? decided)
  if (span === null) return null
  const inPart = view.span(span.start + chunk.offset, span.end + chunk.offset)
  if (focus === undefined) return inPart
  if (!touches(inPart, focus)) return null
  return { start: Math.max(inPart.start, focus.start), end: Math.min(inPart.end, focus.end) }
}

/** The verdicts over each text, a few questions at a time; the first that fails ends the others. */
async function verdictsOver(
  source: VerdictSource,
  texts: readonly string[],
  { context, ask, signal }: Check,
): Promise<ReadonlyMap<string, readonly Verdict[]>> {
  const known = new Map<string, readonly Verdict[]>()
  const { characters, texts: items } = source.batch
  const batches = batchesOf(texts, { characters, items, lengthOf: ({ length }) => length })
  const work = async (): Promise<void> => {
    for (const batch of batches) {
      signal.throwIfAborted()
      const verdicts = await source.verdicts(batch, { context, ask })
      for (const [index, text] of batch.entries()) known.set(text, verdicts[index] ?? [])
    }
  }
  await Promise.all(Array.from({ length: questionsAtOnce }, work))
  return known
}
