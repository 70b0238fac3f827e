import type { FilterPart } from '../../filters/filter.ts'
import type { SeenText } from '../../filters/pipeline/call-thresholds.ts'
import type { FilterDecision } from '../../filters/profile.ts'

/** Characters of one call that may be kept, at most. */
const mostCharacters = 8_000
/** And stretches. */
const mostTexts = 64
/** Characters of one text. */
const mostOfOne = 2_000
/**
 * What stands before and behind is read with it, so that a value or a key is seen whole that the end of the stretch would
 * cut.
 */
const around = 4_096

interface Seen extends SeenText {
  /** How sure somebody was of something in it. */
  readonly score: number
}

/** Holds of texts that were looked at what a person needs to judge a decision: where something was found, and what came last. */
export class SeenTexts {
  #seen: Seen[] = []
  #characters = 0

  add(parts: readonly FilterPart[], decisions: readonly FilterDecision[]): void {
    const found = Map.groupBy(decisions, ({ part }) => part)
    for (const [at, part] of parts.entries()) {
      const surest = (found.get(at) ?? []).reduce<FilterDecision | null>(
        (most, each) => (most === null || each.score > most.score ? each : most),
        null,
      )
      // Names that programs compare say nothing to a person.
      if (part.isCompared === true && surest === null) continue
      this.#keep(stretchOf(part, surest))
    }
  }

  texts(): readonly SeenText[] {
    return this.#seen.map(({ text, from, to }) => ({ text, from, to }))
  }

  #keep(seen: Seen): void {
    if (seen.from >= seen.to) return
    this.#seen.push(seen)
    this.#characters += seen.to - seen.from
    // The oldest of the least sure goes first.
    while (this.#characters > mostCharacters || this.#seen.length > mostTexts) {
      const least = this.#seen.reduce((low, each) => (each.score < low.score ? each : low))
      this.#seen = this.#seen.filter((each) => each !== least)
      this.#characters -= least.to - least.from
    }
  }
}

function stretchOf({ text, focus = { start: 0, end: text.length } }: FilterPart, surest: FilterDecision | null): Seen {
  const middle = surest === null ? focus.end : (surest.start + surest.end) / 2
  const latest = Math.max(focus.start, focus.end - mostOfOne)
  const from = Math.min(Math.max(focus.start, Math.floor(middle - mostOfOne / 2)), latest)
  const to = Math.min(focus.end, from + mostOfOne)
  const [first, last] = [Math.max(0, from - around), Math.min(text.length, to + around)]
  return { text: text.slice(first, last), from: from - first, to: to - first, score: surest?.score ?? 0 }
}
