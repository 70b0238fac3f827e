import { ServiceError } from '../core/errors.ts'
import { isContent, kindOf } from '../filters/categories.ts'
import { rank, type Ranking } from '../filters/evaluation/ranking.ts'
import type { Direction, FilterPart } from '../filters/filter.ts'
import type { FiltersOptions } from '../filters/options.ts'
import { createContent } from '../filters/pipeline/content.ts'
import type { NamedProfile } from '../filters/pipeline/named-profiles.ts'
import type { ContentVerdict } from '../filters/pipeline/pipeline.ts'
import type { FilterDecision, ProfileRule } from '../filters/profile.ts'
import { whyDecided } from '../filters/why-decided.ts'

/** A decision with its reason in words. */
export interface ExplainedDecision extends FilterDecision {
  readonly reason: string
}

export interface ExplainedVerdict extends Omit<ContentVerdict, 'decisions'> {
  readonly decisions: readonly ExplainedDecision[]
}

export interface LabelledText {
  readonly text: string
  /** Categories, or kinds of them, that the text holds; none for a harmless one. */
  readonly labels: readonly string[]
}

export interface EvaluatedCategory {
  /** As it was labelled. */
  readonly category: string
  readonly ranking: Ranking
}

export interface Evaluation {
  readonly texts: number
  /** Texts that a detector did not answer for: they are in no figure. */
  readonly failed: number
  /** Versions by name. */
  readonly detectors: Readonly<Record<string, string>>
  readonly categories: readonly EvaluatedCategory[]
}

/** Looks at texts on this machine as the service would, and says how well that is done. */
export interface ContentTools {
  /** Rejects with `invalid-request` for a profile that is not there. */
  check(
    parts: readonly FilterPart[],
    by: { readonly profile: string; readonly direction: Direction },
    signal: AbortSignal,
  ): Promise<ExplainedVerdict>
  /** Scores of every category that a text is labelled with. Rejects with `invalid-request` where nothing reports one. */
  evaluate(texts: readonly LabelledText[], direction: Direction, signal: AbortSignal): Promise<Evaluation>
}

const noTexts = { executedSql: [], group: 'operator' } as const

export function openContentTools({ filters: options }: { readonly filters: FiltersOptions }): ContentTools {
  const { pipeline, profiles, filters } = createContent(options)
  return {
    async check(parts, { profile: name, direction }, signal) {
      const profile = profiles.get(name)
      if (profile === undefined) {
        throw new ServiceError('invalid-request', `There is no filter profile "${name}".`, {
          advice: `There are: ${[...profiles.keys()].toSorted().join(', ')}.`,
        })
      }
      const verdict = await pipeline.inspect(parts, { profile, context: { ...noTexts, direction } }, signal)
      const explained = (decision: FilterDecision): ExplainedDecision =>
        Object.assign({ reason: whyDecided(decision, profile) }, decision)
      return { ...verdict, decisions: verdict.decisions.map(explained) }
    },
    async evaluate(texts, direction, signal) {
      const categories = [...new Set(texts.flatMap(({ labels }) => labels))].toSorted()
      const known = new Set(filters.flatMap(({ categories: own = [] }) => own))
      for (const category of categories) refuseUnknown(category, known)
      const profile = lookingFor([...known, ...categories], direction)
      const scored: { readonly labels: readonly string[]; readonly verdict: ContentVerdict }[] = []
      let failed = 0
      for (const { text, labels } of texts) {
        const parts = [{ text, provenance: direction === 'inbound' ? 'user' : 'model' }] as const
        const verdict = await pipeline.inspect(parts, { profile, context: { ...noTexts, direction } }, signal)
        if (verdict.failures.length > 0) failed += 1
        else scored.push({ labels, verdict })
      }
      const ofCategory = (category: string): EvaluatedCategory => {
        const ranked = scored.map(({ labels, verdict }) => {
          return { score: scoreOf(verdict, category), isPositive: labels.some((label) => isOf(label, category)) }
        })
        return { category, ranking: rank(ranked) }
      }
      const detectors = Object.fromEntries(scored.flatMap(({ verdict }) => Object.entries(verdict.detectors)))
      return { texts: texts.length, failed, detectors, categories: categories.map(ofCategory) }
    },
  }
}

function refuseUnknown(category: string, known: ReadonlySet<string>): void {
  if ([...known].some((each) => isOf(each, category) || isOf(category, each))) return
  throw new ServiceError('invalid-request', `Nothing reports "${category}", which texts are labelled with.`, {
    advice: `Label with one of: ${[...known].toSorted().join(', ')}; or configure a detector.`,
  })
}

/** `toxicity/hate` is of itself and of `toxicity`. */
const isOf = (category: string, wanted: string): boolean => category === wanted || kindOf(category) === wanted

/** The surest of what was found; 0 where nothing was. */
const scoreOf = ({ decisions }: ContentVerdict, wanted: string): number =>
  decisions.reduce((most, { category, score }) => (isOf(category, wanted) ? Math.max(most, score) : most), 0)

const everything: ProfileRule = { threshold: 0, action: 'annotate', mode: 'enforce', on_failure: 'open' }

/** A profile that asks all detectors, and that nothing is blocked by before all have answered. */
function lookingFor(categories: readonly string[], direction: Direction): NamedProfile {
  const kinds = categories.flatMap((category) =>
    isContent(category) ? [category, kindOf(category)] : [kindOf(category)],
  )
  const rules = Object.fromEntries(kinds.map((kind) => [kind, everything]))
  return { name: 'evaluation', version: 1, inbound: {}, outbound: {}, [direction]: rules }
}
