import { z } from 'zod'
import { provenances } from '../../core/provenance.ts'
import { AnswerSoFar } from '../answer-so-far.ts'
import type { FilterContext, FilterPart } from '../filter.ts'
import type { NamedProfile } from '../pipeline/named-profiles.ts'
import type { ContentVerdict } from '../pipeline/pipeline.ts'
import type { VotedScore } from '../pipeline/votes.ts'
import { filterActions, moreFinal, type FilterAction, profileName, profileSchema } from '../profile.ts'

/** Where a process takes checks. */
export const checkPath = '/v1/filters/check'

/** Of the contract between processes: raised where an old process could not read what a new one sends. */
const contractVersion = 1

const count = z.int().min(0)
const words = z.array(z.string()).optional()

const part = z.strictObject({
  text: z.string(),
  provenance: z.enum(provenances),
  label: z.string().optional(),
  is_compared: z.boolean().optional(),
  form: z.enum(['markdown', 'html']).optional(),
  siblings: words,
  focus: z.strictObject({ start: count, end: count }).optional(),
})

/** What detectors have seen of one answer, whose pieces are checked one after the other: comes back with each check. */
const soFar = z.record(z.string().max(200), z.string())

const context = z.strictObject({
  direction: z.enum(['inbound', 'outbound']),
  group: z.string(),
  executed_sql: z.array(z.string()),
  any_sql: z.boolean().optional(),
  structured_only: z.boolean().optional(),
  system_prompts: words,
  canaries: words,
  hidden_names: words,
  so_far: soFar.optional(),
})

/**
 * What one process asks another. The profile comes with its rules, so that what is decided is what the asking process is
 * configured to decide, also while the two run different configurations.
 */
export const checkRequest = z.strictObject({
  version: z.literal(contractVersion),
  profile: profileSchema.omit({ extends: true }).extend({ name: profileName }),
  context,
  parts: z.array(part),
})

export type CheckRequest = z.infer<typeof checkRequest>

const score = z.number().min(0).max(1)

const finding = z.object({
  part: count,
  start: count,
  end: count,
  category: z.string().min(1).max(200),
  score,
  raw_score: z.number().optional(),
  detector: z.string().min(1).max(200),
  voters: z.array(z.string()).optional(),
  decided: z.enum(filterActions),
  enforced: z.boolean(),
  effective: z.enum(filterActions),
})

const failure = z.object({
  detector: z.string(),
  categories: z.array(z.string()),
  on_failure: z.enum(['closed', 'open']),
  why: z.enum(['deadline', 'fault', 'unreadable']),
})

const ruleScore = z.object({
  rule: z.string().min(1).max(200),
  score,
  threshold: score,
  effective: z.enum(filterActions),
  detectors: z.array(z.string().max(200)),
  is_bound: z.boolean(),
})

/** A newer process may say more: members that are not known are left out. */
export const checkAnswer = z.object({
  version: z.literal(contractVersion),
  action: z.enum(filterActions),
  findings: z.array(finding),
  failures: z.array(failure),
  detectors: z.record(z.string(), z.string()),
  profile: z.object({ name: z.string(), version: z.int() }),
  so_far: soFar.optional(),
  scores: z.array(ruleScore).max(1_000).optional(),
})

export type CheckAnswer = z.infer<typeof checkAnswer>

/** What is left out is absent in JSON, and never null. */
export function toCheckRequest(
  parts: readonly FilterPart[],
  { name, version, inbound, outbound }: NamedProfile,
  given: FilterContext,
): z.input<typeof checkRequest> {
  // What a caller's rules are made of has the types of the schema, read only.
  const profile = { name, version, inbound, outbound } as z.input<typeof checkRequest>['profile']
  return {
    version: contractVersion,
    profile,
    context: {
      direction: given.direction,
      group: given.group,
      executed_sql: [...given.executedSql],
      ...optional('any_sql', given.anySql),
      ...optional('structured_only', given.structuredOnly),
      ...optional('system_prompts', given.systemPrompts as string[] | undefined),
      ...optional('canaries', given.canaries as string[] | undefined),
      ...optional('hidden_names', given.hiddenNames as string[] | undefined),
      ...optional('so_far', given.answer?.written()),
    },
    parts: parts.map(toPart),
  }
}

function toPart({ text, provenance, label, isCompared, form, siblings, focus }: FilterPart): z.infer<typeof part> {
  return Object.assign(
    { text, provenance },
    optional('label', label),
    optional('is_compared', isCompared),
    optional('form', form),
    optional('siblings', siblings as string[] | undefined),
    optional('focus', focus),
  )
}

export function fromCheckRequest(request: CheckRequest): {
  readonly profile: NamedProfile
  readonly context: FilterContext
  readonly parts: readonly FilterPart[]
} {
  const { profile, context: given, parts } = request
  return {
    profile,
    context: {
      direction: given.direction,
      group: given.group,
      executedSql: given.executed_sql,
      ...optional('anySql', given.any_sql),
      ...optional('structuredOnly', given.structured_only),
      ...optional('systemPrompts', given.system_prompts),
      ...optional('canaries', given.canaries),
      ...optional('hiddenNames', given.hidden_names),
      ...(given.so_far === undefined ? {} : { answer: new AnswerSoFar(given.so_far) }),
    },
    parts: parts.map(fromPart),
  }
}

function fromPart({ text, provenance, label, is_compared, form, siblings, focus }: z.infer<typeof part>): FilterPart {
  return Object.assign(
    { text, provenance },
    optional('label', label),
    optional('isCompared', is_compared),
    optional('form', form),
    optional('siblings', siblings),
    optional('focus', focus),
  )
}

export function toCheckAnswer(
  { action, decisions, failures, detectors, profile, scores }: ContentVerdict,
  { answer }: Pick<FilterContext, 'answer'>,
): CheckAnswer {
  return {
    version: contractVersion,
    action,
    findings: decisions.map(toFinding),
    failures: failures.map(({ detector, categories, onFailure, why }) => ({
      detector,
      categories: [...categories],
      on_failure: onFailure,
      why,
    })),
    detectors: { ...detectors },
    profile: { ...profile },
    ...(answer === undefined ? {} : { so_far: { ...answer.written() } }),
    ...(scores === undefined ? {} : { scores: scores.map(toScore) }),
  }
}

function toFinding(decision: ContentVerdict['decisions'][number]): CheckAnswer['findings'][number] {
  const { part: at, start, end, category, score: calibrated, detector, decided, enforced, effective } = decision
  return Object.assign(
    { part: at, start, end, category, score: calibrated, detector, decided, enforced, effective },
    optional('raw_score', decision.rawScore),
    optional('voters', decision.voters as string[] | undefined),
  )
}

function toScore({ isBound, detectors, ...scored }: VotedScore): z.infer<typeof ruleScore> {
  return Object.assign(scored, { detectors: [...detectors], is_bound: isBound })
}

/**
 * The verdict of an answer about these parts by this profile; null where it is none: a place that no text has, another
 * profile, or an action that is less than what it says was found.
 */
export function fromCheckAnswer(
  answer: CheckAnswer,
  parts: readonly FilterPart[],
  { profile, context: { direction } }: { readonly profile: NamedProfile; readonly context: FilterContext },
): ContentVerdict | null {
  const isOfProfile = answer.profile.name === profile.name && answer.profile.version === profile.version
  const isInTexts = answer.findings.every(
    ({ part: at, start, end }) => start < end && end <= (parts[at]?.text.length ?? 0),
  )
  const failures = answer.failures.map(({ detector, categories, on_failure: onFailure, why }) => {
    return { detector, categories, onFailure, why }
  })
  const isClosed = failures.some(({ onFailure }) => onFailure === 'closed')
  const least = answer.findings.reduce<FilterAction>(
    (most, { effective }) => moreFinal(most, effective),
    isClosed ? 'block' : 'allow',
  )
  if (!isOfProfile || !isInTexts || moreFinal(answer.action, least) !== answer.action) return null
  const decisions = answer.findings.map(({ raw_score: rawScore, voters, ...found }) =>
    Object.assign(
      found,
      { direction, profileVersion: profile.version },
      optional('rawScore', rawScore),
      optional('voters', voters),
    ),
  )
  const { name, version } = profile
  const scores = answer.scores?.map(({ is_bound: isBound, ...scored }) => Object.assign(scored, { isBound }))
  const seen = { decisions, failures, detectors: answer.detectors, ...optional('scores', scores) }
  return { action: answer.action, ...seen, profile: { name, version } }
}

type Present<Name extends string, Value> = { readonly [Key in Name]?: Exclude<Value, undefined> }

function optional<Name extends string, Value>(name: Name, value: Value): Present<Name, Value> {
  return (value === undefined ? {} : { [name]: value }) as Present<Name, Value>
}
