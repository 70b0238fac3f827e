import type { Filter, FilterContext, FilterFinding, FilterPart } from '../filter.ts'
import { LoopShare } from '../loop-share.ts'
import { Pieces } from '../pipeline/pieces.ts'
import { respellings } from '../views/respelled.ts'
import { through, type TextView } from '../views/text-view.ts'
import { readingsOf, type Reading } from '../views/views.ts'
import { addCanaryRuns, canaryScore, indexCanaries } from './canaries.ts'
import { compact, type Compact } from './compact.ts'
import { findNames, indexNames, type HiddenNames } from './hidden-names.ts'
import type { OverlapIndex, Run } from './overlap-index.ts'
import { indexPrompts, scoreOf, type PromptIndex } from './system-prompts.ts'

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
  readonly canaries: OverlapIndex | null
  readonly names: HiddenNames
}

type Found = Omit<FilterFinding, 'detector' | 'category' | 'score'>

const systemPrompt = 'leak/system-prompt'
const canary = 'leak/canary'
const name = 'leak/name'

/**
 * What a model was told and must not tell: the prompts of the system, canaries of an operator, and names of tables and columns
 * that callers see under other names. In clear or encoded, whole or in parts over messages, with anything between the
 * letters, backwards or rotated.
 */
export function createLeakFilter(options: LeakFilterOptions = {}): Filter {
  const share = options.share ?? new LoopShare()
  const known = new WeakMap<FilterContext, Sought>()
  const soughtIn = (context: FilterContext): Sought => {
    let sought = known.get(context)
    if (sought === undefined) known.set(context, (sought = soughtOf(context, options)))
    return sought
  }
  return {
    name: 'leak',
    version: '1',
    categories: [systemPrompt, canary, name],
    onFailure: 'closed',
    readsTogether: true,
    async inspect(parts, context, signal) {
      const sought = soughtIn(context)
      if (sought.prompts.length === 0 && sought.canaries === null && sought.names.size === 0) return []
      const search = new LeakSearch(sought)
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
  { systemPrompts = [], canaries = [], hiddenNames = [] }: FilterContext,
  options: LeakFilterOptions,
): Sought {
  return {
    prompts: indexPrompts(systemPrompts),
    canaries: indexCanaries([...canaries, ...(options.canaries ?? [])]),
    names: indexNames([...hiddenNames, ...(options.names ?? [])]),
  }
}

/** What was found so far in the pieces of some texts: prompts and canaries may be split over them. */
class LeakSearch {
  readonly #sought: Sought
  readonly #prompts: readonly {
    readonly covered: Uint8Array[]
    readonly runs: { readonly run: Run; readonly at: Found }[]
  }[]
  readonly #seen: readonly Uint8Array[]
  readonly #canaryRuns: { readonly run: Run; readonly at: Found }[] = []
  readonly #names: FilterFinding[] = []

  constructor(sought: Sought) {
    this.#sought = sought
    this.#prompts = sought.prompts.map(({ index }) => ({ covered: index.nothingSeen(), runs: [] }))
    this.#seen = sought.canaries?.nothingSeen() ?? []
  }

  read({ text, focus }: FilterPart, part: number): void {
    const { prompts, canaries, names } = this.#sought
    const compares = prompts.length > 0 || canaries !== null
    for (const reading of readingsOf(text, focus)) {
      if (compares) this.#compare(reading, part)
      if (names.size > 0) for (const view of spelledReadings(reading)) this.#readNames(view, part)
    }
  }

  #compare(reading: Reading, part: number): void {
    const letters = compact(reading.text)
    const placed = (run: Run) => ({ run, at: { part, ...spanOf(reading, letters, run) } })
    for (const [at, { index }] of this.#sought.prompts.entries()) {
      const prompt = this.#prompts[at]
      if (prompt !== undefined) for (const run of index.runsIn(letters, prompt.covered)) prompt.runs.push(placed(run))
    }
    const { canaries } = this.#sought
    if (canaries === null) return
    for (const run of addCanaryRuns(canaries, letters, this.#seen)) this.#canaryRuns.push(placed(run))
  }

  #readNames(view: TextView, part: number): void {
    for (const { start, end, category, score } of findNames(view.text, this.#sought.names)) {
      this.#names.push({ part, ...view.span(start, end), category, score, detector: 'leak' })
    }
  }

  findings(): FilterFinding[] {
    const found: FilterFinding[] = [...this.#names]
    for (const [at, { covered, runs }] of this.#prompts.entries()) {
      const score = scoreOf(this.#sought.prompts[at] as PromptIndex, covered)
      if (score === 0) continue
      for (const { at: place } of runs) found.push({ ...place, category: systemPrompt, score, detector: 'leak' })
    }
    const { canaries } = this.#sought
    if (canaries !== null) {
      for (const { run, at } of this.#canaryRuns) {
        const score = canaryScore(canaries, run, this.#seen)
        if (score > 0) found.push({ ...at, category: canary, score, detector: 'leak' })
      }
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
