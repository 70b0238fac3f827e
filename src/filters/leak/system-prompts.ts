import { DetectorFault } from '../detector-fault.ts'
import { outsideCommonPhrases } from './common-phrases.ts'
import { OverlapIndex } from './overlap-index.ts'

/** Characters that are compared: about three words. */
const size = 16
const unspacedSize = 6
/** A character of a script that sets no blanks between words says as much as so many of others. */
const unspacedWorth = 3
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu

/** Shorter repetitions are phrases that anyone writes: about eight words. */
const shortestRun = 40
/** About ten words in a row, and about thirty. */
const tellingRun = 50
const certainRun = 160
/** Of the repetitions that count for the share each is at least so long, and all of them together. */
const leastShared = 60
/** A prompt of fewer characters is repeated as a whole or not at all; one of fewer than that says nothing. */
const shortPrompt = 80
const shortestPrompt = 24

/** Of all instructions of one call: an index takes some sixty bytes for each. */
const mostCharacters = 1_000_000

export interface PromptIndex {
  readonly index: OverlapIndex
  readonly worth: number
}

/**
 * What prompts are looked for by, made in steps of some milliseconds at most; one for those in scripts without blanks, one for
 * the others. Throws a DetectorFault for more than a million characters.
 */
export function* indexingPrompts(prompts: readonly string[]): Generator<void, readonly PromptIndex[]> {
  const distinct = [...new Set(prompts)].filter((prompt) => prompt.length >= unspacedSize)
  if (distinct.reduce((sum, { length }) => sum + length, 0) > mostCharacters) {
    throw new DetectorFault(`There are more than ${mostCharacters} characters of instructions.`, {
      advice: 'Send fewer instructions, or answer without them.',
    })
  }
  const isUnspaced = (prompt: string) => (prompt.match(unspaced)?.length ?? 0) * 2 > prompt.length
  const groups = [
    { texts: distinct.filter((prompt) => !isUnspaced(prompt)), size, worth: 1 },
    { texts: distinct.filter(isUnspaced), size: unspacedSize, worth: unspacedWorth },
  ]
  const made: PromptIndex[] = []
  for (const { texts, size: compared, worth } of groups) {
    if (texts.length === 0) continue
    yield
    made.push({ index: yield* OverlapIndex.building(texts, { size: compared, weigh: outsideCommonPhrases }), worth })
  }
  return made
}

/** 0.5 for ten words in a row or a quarter of a prompt, 1 for thirty or half; 0 for what anyone writes. Parts that follow
 * each other in the prompt are one run, wherever they stand. */
export function scoreOf({ index, worth }: PromptIndex, covered: readonly Uint8Array[]): number {
  let score = 0
  for (const [text, { total }] of index.known.entries()) {
    const ofLongest = ofRun(worth * index.longestSeenOf(text, covered))
    score = Math.max(score, ofLongest, ofShare(worth * index.seenOf(text, covered), worth * total))
  }
  return Number(score.toFixed(3))
}

function ofRun(longest: number): number {
  if (longest < shortestRun) return 0
  if (longest < tellingRun) return (0.5 * longest) / tellingRun
  return Math.min(1, 0.5 + (0.5 * (longest - tellingRun)) / (certainRun - tellingRun))
}

function ofShare(seen: number, total: number): number {
  if (total < shortestPrompt) return 0
  const share = seen / total
  if (total < shortPrompt) return share >= 0.9 ? share : 0
  return seen < leastShared ? 0 : Math.min(1, 2 * share)
}
