import type { AnswerSoFar } from '../answer-so-far.ts'
import type { Filter, FilterContext, FilterFinding, FilterPart } from '../filter.ts'
import { LoopShare } from '../loop-share.ts'
import { remember } from './remember.ts'
import { Pieces } from '../pipeline/pieces.ts'
import { respellings } from '../views/respelled.ts'
import { through, type TextView } from '../views/text-view.ts'
import { codedReadingsOf, readingsOf, type Reading } from '../views/views.ts'
import { addCanaryRuns, canaryScore, indexCanaries } from './canaries.ts'
import { compact, type Compact } from './compact.ts'
import { findNames, indexNames, type HiddenNames } from './hidden-names.ts'
import type { OverlapIndex, Run } from './overlap-index.ts'
import { addWritten, writeSeen, type Seen } from './seen.ts'
import { indexingPrompts, scoreOf, type PromptIndex } from './system-prompts.ts'

export interface LeakFilterOptions {
  /** Canaries and names that are looked for in every text, beside those of its context. */
  readonly canaries?: readonly string[]
  readonly names?: readonly string[]
  /** What works beside it in the same process; without it, a share of its own. */
  readonly share?: LoopShare
}

/** What is looked for. */
interface Sought {
  readonly prompts: readonly PromptIndex[]
  readonly canaries: readonly OverlapIndex[]
  readonly names: readonly HiddenNames[]
}

type Found = Omit<FilterFinding, 'detector' | 'category' | 'score'>

const systemPrompt = 'leak/system-prompt'
const canary = 'leak/canary'
const name = 'leak/name'
const detector = 'leak@1'

/**
 * What a model was told and must not tell: the prompts of the system, canaries of an operator, and names of tables and columns
 * that callers see under other names. In clear or encoded, whole or in parts over messages, with anything between the
 * letters, backwards or rotated.
 */
export function createLeakFilter(options: LeakFilterOptions = {}): Filter {
  const share = options.share ?? new LoopShare()
  const always = soughtOf({ canaries: options.canaries ?? [], hiddenNames: options.names ?? [] }, [])
  const indexOnce = remember((prompts) => share.inTurns(indexingPrompts(prompts)))
  const known = new WeakMap<AnswerSoFar, { readonly sought: Sought; readonly seen: Seen }>()
  const ofContext = async (context: FilterContext) => {
    const { answer } = context
    const remembered = answer === undefined ? undefined : known.get(answer)
    if (remembered !== undefined) return remembered
    const own = soughtOf(context, await indexOnce(context.systemPrompts ?? []))
    const sought: Sought = {
      prompts: own.prompts,
      canaries: [...always.canaries, ...own.canaries],
      names: [...always.names, ...own.names],
    }
    const made = { sought, seen: nothingSeenOf(sought) }
    if (answer === undefined) return made
    const before = answer.of(detector)
    if (before !== null) addWritten(before, made.seen)
    answer.keep(detector, () => writeSeen(made.seen))
    known.set(answer, made)
    return made
  }
  return {
    name: detector,
    categories: [systemPrompt, canary, name],
    onFailure: 'closed',
    readsTogether: true,
    async inspect(parts, context, signal) {
      const { sought, seen } = await ofContext(context)
      if (sought.prompts.length + sought.canaries.length + sought.names.length === 0) return []
      const search = new LeakSearch(sought, seen)
      const pieces = new Pieces(parts)
      let index = 0
      for (const piece of pieces) {
        for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
        signal.throwIfAborted()
        search.read(piece, index)
        index += 1
      }
      return search.findings().flatMap((finding) => pieces.inWhole(finding) ?? [])
    },
  }
}

function soughtOf(
  { canaries = [], hiddenNames = [] }: Pick<FilterContext, 'canaries' | 'hiddenNames'>,
  prompts: readonly PromptIndex[],
): Sought {
  return {
    prompts,
    canaries: canaries.length === 0 ? [] : [indexCanaries(canaries)],
    names: hiddenNames.length === 0 ? [] : [indexNames(hiddenNames)],
  }
}

function nothingSeenOf({ prompts, canaries }: Sought): Seen {
  return {
    prompts: prompts.map(({ index }) => index.nothingSeen()),
    canaries: canaries.map((index) => index.nothingSeen()),
  }
}

/** What was found in the pieces of some texts: prompts and canaries may be split over them, and over those before. */
class LeakSearch {
  readonly #sought: Sought
  readonly #seen: Seen
  readonly #promptRuns: (readonly Found[])[] = []
  readonly #canaryRuns: { readonly index: number; readonly run: Run; readonly at: Found }[] = []
  readonly #names: FilterFinding[] = []

  constructor(sought: Sought, seen: Seen) {
    this.#sought = sought
    this.#seen = seen
  }

  read({ text, focus }: FilterPart, part: number): void {
    const { prompts, canaries, names } = this.#sought
    const compares = prompts.length + canaries.length > 0
    for (const reading of codedReadingsOf(readingsOf(text, focus))) {
      if (compares) this.#compare(reading, part)
      if (names.length > 0) for (const view of spelledReadings(reading)) this.#readNames(view, part)
    }
  }

  #compare(reading: Reading, part: number): void {
    const letters = compact(reading.text)
    const placed = (run: Run): Found => ({ part, ...spanOf(reading, letters, run) })
    for (const [at, { index }] of this.#sought.prompts.entries()) {
      const runs = index.runsIn(letters, this.#seen.prompts[at] ?? []).map(placed)
      this.#promptRuns[at] = (this.#promptRuns[at] ?? []).concat(runs)
    }
    for (const [at, index] of this.#sought.canaries.entries()) {
      const runs = addCanaryRuns(index, letters, this.#seen.canaries[at] ?? [])
      for (const run of runs) this.#canaryRuns.push({ index: at, run, at: placed(run) })
    }
  }

  #readNames(view: TextView, part: number): void {
    for (const names of this.#sought.names) {
      for (const { start, end, category, score } of findNames(view.text, names)) {
        this.#names.push({ part, ...view.span(start, end), category, score, detector })
      }
    }
  }

  findings(): FilterFinding[] {
    const found: FilterFinding[] = [...this.#names]
    const add = (place: Found, category: string, score: number) => {
      if (score > 0) found.push({ ...place, category, score, detector })
    }
    for (const [at, places] of this.#promptRuns.entries()) {
      if (places.length === 0) continue
      const score = scoreOf(this.#sought.prompts[at] as PromptIndex, this.#seen.prompts[at] ?? [])
      for (const place of places) add(place, systemPrompt, score)
    }
    for (const { index, run, at } of this.#canaryRuns) {
      add(at, canary, canaryScore(this.#sought.canaries[index] as OverlapIndex, run, this.#seen.canaries[index] ?? []))
    }
    return distinct(found)
  }
}

function spelledReadings(reading: Reading): TextView[] {
  return [reading, ...respellings(reading.text).map((view) => through(reading, view))]
}

function spanOf(reading: TextView, { places }: Compact, { start, end }: Run): { start: number; end: number } {
  return reading.span(places[start] as number, (places[end - 1] as number) + 1)
}

/** What several readings of a text say is said once. */
function distinct(findings: readonly FilterFinding[]): FilterFinding[] {
  const byPlace = new Map<string, FilterFinding>()
  for (const finding of findings) {
    const key = `${finding.part} ${finding.start} ${finding.end} ${finding.category}`
    const other = byPlace.get(key)
    if (other === undefined || other.score < finding.score) byPlace.set(key, finding)
  }
  return [...byPlace.values()]
}
