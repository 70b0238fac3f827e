import { DetectorFault } from '../detector-fault.ts'
import type { FilterFinding, FilterPart } from '../filter.ts'
import { readingsOfParts } from '../text-filter.ts'
import { touches, type Span } from '../views/text-view.ts'
import { batchesOf } from './batches.ts'
import { CodePoints } from './code-points.ts'
import { distinctFindings } from './distinct-findings.ts'
import type { PresidioOptions } from './options.ts'
import { lookAtAnalyzer, PresidioClient } from './presidio-client.ts'
import { kindOf } from './presidio-kinds.ts'
import { piecesOf, trimmed, type Piece } from './pieces.ts'
import type { RemoteFilter } from './remote-filter.ts'

/** Characters that one question has, which take an analyzer a second or two. */
const batchCharacters = 16_384

const hasWord = /[\p{L}\p{N}]{2}/u

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
                : piecesOf({ text: part.text, readings: readingsAt(index) }, index).filter(({ chunk }) =>
                    hasWord.test(chunk.text),
                  ),
            )
      if (pieces.length === 0) return []
      await client.checkEntities(signal)
      const findings: FilterFinding[] = []
      for (const batch of batchesOf(pieces, {
        characters: batchCharacters,
        lengthOf: ({ chunk }) => chunk.text.length,
      })) {
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
      return distinctFindings(findings)
    },
  }
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
