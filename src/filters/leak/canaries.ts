import { DetectorFault } from '../detector-fault.ts'
import { shortestCanary } from './canary-length.ts'
import { compactWord, type Compact } from './compact.ts'
import { OverlapIndex, type Run } from './overlap-index.ts'

/** Characters that are compared. */
const size = 5
/** So much of a canary is as good as all of it. */
const enough = 0.75
/** In so many parts it may be split at most: words of one stand in many texts. */
const mostParts = 4

/** Throws where a canary is so short that it would be found in anything. */
export function indexCanaries(canaries: readonly string[]): OverlapIndex {
  const distinct = [...new Set(canaries)]
  if (distinct.some((canary) => compactWord(canary).length < shortestCanary)) {
    throw new DetectorFault(`a canary has fewer than ${shortestCanary} different letters and digits in a row`, {
      advice: 'Give each canary sixteen random letters and digits.',
    })
  }
  return OverlapIndex.of(distinct, { size, dropsCommon: true })
}

/** Adds what a text says of the canaries to what was `seen` of them; the runs that count. */
export function addCanaryRuns(index: OverlapIndex, text: Compact, seen: readonly Uint8Array[]): Run[] {
  return index.runsIn(text, index.nothingSeen()).filter((run) => {
    const isPart = [...run.texts].some(
      (canary) => run.end - run.start >= Math.max(size, Math.floor((index.known[canary]?.length ?? 0) / mostParts)),
    )
    if (isPart) index.runsIn(stretchOf(text, run), seen)
    return isPart
  })
}

function stretchOf({ codes, places }: Compact, { start, end }: Run): Compact {
  return { codes: codes.subarray(start, end), places: places.subarray(start, end), length: end - start }
}

/** How much was seen of the canary of a run, in one place or several; 0 where that is too little. */
export function canaryScore(index: OverlapIndex, run: Run, seen: readonly Uint8Array[]): number {
  let most = 0
  for (const canary of run.texts) {
    most = Math.max(most, index.seenOf(canary, seen) / (index.known[canary]?.total ?? Infinity))
  }
  return most < enough ? 0 : Number(most.toFixed(3))
}
