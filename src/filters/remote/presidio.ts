import { DetectorFault } from '../detector-fault.ts'
import type { Filter, FilterFinding, FilterPart } from '../filter.ts'
import { readingsOfParts } from '../text-filter.ts'
import { touches, type Span, type TextView } from '../views/text-view.ts'
import { chunksOf, type Chunk } from './chunks.ts'
import { CodePoints } from './code-points.ts'
import type { PresidioOptions } from './options.ts'
import { lookAtAnalyzer, PresidioClient } from './presidio-client.ts'
import { kindOf } from './presidio-kinds.ts'

/** Characters that one question has, which take an analyzer a second or two. */
const batchCharacters = 16_384

/** A stretch of one way to read a part, as it is sent. */
interface Piece {
  readonly part: number
  readonly view: TextView
  readonly chunk: Chunk
}

/** A detector that can be asked whether it could look at a text now. */
export interface RemoteFilter extends Filter {
  /** Rejects with a DetectorFault where it could not. */
  probe(signal: AbortSignal): Promise<void>
}

/**
 * Presidio's analyzer, another program, as a detector. Every part is sent to it in the clear, as it is and in every other way
 * that it can be read. An analyzer that is silent, or answers with anything but findings that lie in the text, fails the
 * check: what it was asked for is never left unsaid.
 */
export function createPresidioFilter(options: PresidioOptions): RemoteFilter {
  const client = new PresidioClient(options)
  const structured = options.entities.filter((entity) => !kindOf(entity).isOfWords)
  // What programs compare holds no name, so that it need not be read where names alone are looked for.
  const readsCompared = structured.length > 0
  const name = 'presidio@2'
  return {
    name,
    onFailure: 'closed',
    probe: (signal) => client.checkEntities(signal),
    async inspect(parts, { structuredOnly = false }, signal) {
      signal.throwIfAborted()
      const entities = structuredOnly ? structured : options.entities
      const readingsAt = readingsOfParts(parts)
      const pieces =
        entities.length === 0
          ? []
          : parts.flatMap((part, index) =>
              part.isCompared && !readsCompared
                ? []
                : piecesOf({ text: part.text, readings: readingsAt(index) }, index),
            )
      if (pieces.length === 0) return []
      await client.checkEntities(signal)
      const findings: FilterFinding[] = []
      for (const batch of batchesOf(pieces)) {
        const texts = batch.map(({ chunk }) => chunk.text)
        const answer = await client.analyze(texts, entities, signal)
        for (const [index, piece] of batch.entries()) {
          const placeOf = placesOf(piece, parts[piece.part])
          for (const { entity_type: entity, score, ...place } of answer[index] ?? []) {
            const span = placeOf(place)
            if (span === null || score === 0 || score < options.threshold) continue
            findings.push({ part: piece.part, ...span, category: kindOf(entity).category, score, detector: name })
          }
        }
      }
      return distinct(findings)
    },
  }
}

const hasWord = /[\p{L}\p{N}]{2}/u

interface ReadText {
  readonly text: string
  readonly readings: readonly TextView[]
}

function piecesOf(read: ReadText, index: number): Piece[] {
  return viewsOf(read).flatMap((view) =>
    [...chunksOf(view.text)].filter(({ text }) => hasWord.test(text)).map((chunk) => ({ part: index, view, chunk })),
  )
}

/** The text itself, with its accents and its letters as they are, and readings of it in which other words stand. */
function viewsOf(read: ReadText): TextView[] {
  const text = read.text.toWellFormed()
  const seen = new Set([text])
  const views: TextView[] = [{ text, span: (start, end) => ({ start, end }) }]
  for (const reading of read.readings) {
    const other = reading.text.toWellFormed()
    // What has as many characters is the same text in plain letters.
    if (other.length === text.length || seen.has(other)) continue
    seen.add(other)
    views.push({ text: other, span: (start, end) => reading.span(start, end) })
  }
  return views
}

function* batchesOf(pieces: readonly Piece[]): Generator<readonly Piece[]> {
  let batch: Piece[] = []
  let characters = 0
  for (const piece of pieces) {
    if (batch.length > 0 && characters + piece.chunk.text.length > batchCharacters) {
      yield batch
      batch = []
      characters = 0
    }
    batch.push(piece)
    characters += piece.chunk.text.length
  }
  if (batch.length > 0) yield batch
}

/**
 * Where findings in a piece stand in its part; null for those that are not in what is decided on. Throws for one outside of
 * the text.
 */
function placesOf({ view, chunk }: Piece, part: FilterPart | undefined): (place: Span) => Span | null {
  const places = new CodePoints(chunk.text)
  const decided = { start: chunk.from, end: chunk.to }
  return ({ start, end }) => {
    if (end <= start || end > places.length) {
      throw new DetectorFault('Presidio answered with a place that the text does not have.', { advice: lookAtAnalyzer })
    }
    const inChunk = { start: places.unitOf(start), end: places.unitOf(end) }
    const span = touches(inChunk, decided) ? trimmed(chunk.text, inChunk) : null
    if (span === null) return null
    const inPart = view.span(span.start + chunk.offset, span.end + chunk.offset)
    return part?.focus === undefined || touches(inPart, part.focus) ? inPart : null
  }
}

/** A model takes the blanks and line ends beside a name for a part of it. */
function trimmed(text: string, { start, end }: Span): Span | null {
  const value = text.slice(start, end)
  const from = start + value.length - value.trimStart().length
  const to = end - (value.length - value.trimEnd().length)
  return from < to ? { start: from, end: to } : null
}

/** A value that stands where two stretches overlap, or in several readings, is one. */
function distinct(findings: readonly FilterFinding[]): FilterFinding[] {
  const known = new Map<string, FilterFinding>()
  for (const found of findings) {
    const key = `${found.part} ${found.start} ${found.end} ${found.category}`
    const other = known.get(key)
    if (other === undefined || other.score < found.score) known.set(key, found)
  }
  return [...known.values()]
}
