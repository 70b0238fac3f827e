import type { FilterPart } from '../../filters/filter.ts'
import type { ContentVerdict } from '../../filters/pipeline/pipeline.ts'
import { moreFinal, type FilterAction, type FilterDecision } from '../../filters/profile.ts'
import { noDecision, type AskDecided, type Asking } from './ask.ts'
import type { DecisionInput, Tightening } from './decisions.ts'

type Content = DecisionInput<'content'>['content']

/** What a text was for. */
export interface AboutContent extends Omit<Asking, 'refusal'> {
  readonly direction: Content['direction']
  readonly api: Content['shape']['api']
  readonly model: string | null
}

/** What becomes of a text: what the profile and the rules together have come to. */
export interface ContentDecision {
  /** Never less than the profile's. */
  readonly action: FilterAction
  /** For whoever asked, of the rule that has made it more; null where the profile alone decides. */
  readonly reason: string | null
  /** Ids of the rules that had a say, in order. */
  readonly rules: readonly string[]
  /** Of the rules. */
  readonly revision: string | null
  /** What was found, with what became of each by the rules, too. */
  readonly decisions: readonly FilterDecision[]
  readonly failures: ContentVerdict['failures']
  /** Versions by name. */
  readonly detectors: ContentVerdict['detectors']
  readonly profile: ContentVerdict['profile']
  /** What each rule of the profile was decided by; absent where nobody has said it. */
  readonly scores?: ContentVerdict['scores']
}

/** Asks rules about what was found in texts. Rejects with `forbidden` where there is no decision. */
export type ContentRules = (
  verdict: ContentVerdict,
  parts: readonly FilterPart[],
  about: AboutContent,
) => Promise<ContentDecision>

export function createContentRules(ask: AskDecided): ContentRules {
  return async (verdict, parts, { direction, api, model, ...about }) => {
    const { action, decisions, failures, detectors, profile, scores } = verdict
    const content: Content = {
      direction,
      shape: { api, model, ...lengthsOf(parts) },
      action,
      findings: findingsOf(decisions),
      failures: failures.map(({ detector, categories, onFailure, why }) => ({
        detector,
        categories: [...categories],
        on_failure: onFailure,
        why,
      })),
      detectors: { ...detectors },
      profile: { ...profile },
    }
    const decided = await ask('content', { ...about, refusal: 'refused' }, (who) => ({ ...who, content }))
    if (decided.kind === 'fault') throw noDecision()
    const { revision, output } = decided
    const rules = output.rules.toSorted()
    const scored = scores === undefined ? {} : { scores }
    const seen = { rules, revision, decisions, failures, detectors, profile, ...scored }
    if (!output.allow) return { ...seen, action: 'block', reason: output.reason }
    const wanted = output.tighten.toSorted((one, other) => (one.rule < other.rule ? -1 : 1))
    const most = wanted.reduce((most, each) => moreFinal(most, possible(each.action, direction)), action)
    const deciding = wanted.find((each) => most !== action && possible(each.action, direction) === most)
    return {
      ...seen,
      action: most,
      reason: deciding?.reason ?? null,
      decisions: tightened(decisions, wanted, direction),
    }
  }
}

/** Nobody is asked about what a model said, and a caller is not asked once more: what is wanted then is more. */
function possible(action: Tightening['action'], direction: Content['direction']): FilterAction {
  const elsewhere = direction === 'inbound' ? 'regenerate' : 'human'
  return action === elsewhere ? 'block' : action
}

function tightened(
  decisions: readonly FilterDecision[],
  wanted: readonly Tightening[],
  direction: Content['direction'],
): readonly FilterDecision[] {
  if (wanted.length === 0) return decisions
  return decisions.map((decision) => {
    const effective = wanted
      .filter((each) => isAbout(each, decision))
      .reduce((most, each) => moreFinal(most, possible(each.action, direction)), decision.effective)
    return effective === decision.effective ? decision : Object.assign({}, decision, { effective })
  })
}

function isAbout(
  { categories, least_score: leastScore = 0 }: Tightening,
  { category, score }: FilterDecision,
): boolean {
  if (score < leastScore) return false
  return categories === undefined || categories.includes(category) || categories.includes(category.replace(/\/.*/, ''))
}

function lengthsOf(parts: readonly FilterPart[]): Pick<Content['shape'], 'parts' | 'characters' | 'longest'> {
  const lengths = parts.map(({ text }) => text.length)
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  return { parts: parts.length, characters: lengths.reduce((sum, length) => sum + length, 0), longest }
}

/** By category and detector, those with the most final action and the surest first. */
function findingsOf(decisions: readonly FilterDecision[]): Content['findings'] {
  const byKind = new Map<string, Content['findings'][number]>()
  for (const { category, detector: named, score, effective } of decisions) {
    const detector = named.replace(/@.*/, '')
    const key = `${category} ${detector}`
    const known = byKind.get(key)
    if (known === undefined) {
      byKind.set(key, { category, detector, score, count: 1, action: effective })
      continue
    }
    known.count += 1
    known.score = Math.max(known.score, score)
    known.action = moreFinal(known.action, effective)
  }
  return [...byKind.values()].sort((one, other) => other.score - one.score).slice(0, 1_000)
}
