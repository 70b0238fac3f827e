import { z } from 'zod'
import { ServiceError } from '../core/errors.ts'
import { casesSchema, questionOfCase, wrongOf, type PolicyCase, type WrongMember } from '../gateway/authorize/cases.ts'
import { createDecide, type Decide } from '../gateway/authorize/decide.ts'
import { decisions, type DecisionInput, type DecisionName } from '../gateway/authorize/decisions.ts'
import type { PolicyEngine } from '../gateway/authorize/engine.ts'
import { openPolicyEngine } from '../gateway/authorize/open-policy.ts'
import type { PolicyOptions } from '../gateway/authorize/options.ts'
import { createFindPatterns, type FindPatterns } from '../gateway/authorize/payload/patterns.ts'
import { answerOf, type PolicyAnswer } from '../gateway/authorize/policy-answer.ts'
import { recordedSchema } from '../gateway/authorize/recorder.ts'
import { isSameAnswer } from '../gateway/authorize/same-answer.ts'

export type { PolicyAnswer } from '../gateway/authorize/policy-answer.ts'

/** A question as it was recorded. */
export type RecordedQuestion = z.infer<typeof recordedSchema>

export interface PolicyChange {
  /** 1-based, of the recording. */
  readonly line: number
  readonly decision: DecisionName
  readonly before: PolicyAnswer
  readonly after: PolicyAnswer
}

export interface TestedCase {
  readonly name: string
  readonly decision: DecisionName
  /** Empty for one that is as it should be. */
  readonly wrong: readonly WrongMember[]
}

/** Looks at rules without a service. */
export interface PolicyTools {
  /** Opens the configured rules, or those of a bundle. Rejects with `invalid-config` for rules that cannot be used. */
  check(bundle: string | null): Promise<{ readonly patterns: readonly string[] }>
  explain(question: unknown, bundle: string | null): Promise<PolicyAnswer>
  /** What a bundle says otherwise than the configured rules, of the questions of a recording. */
  compare(questions: readonly unknown[], bundle: string): Promise<readonly PolicyChange[]>
  /**
   * Asks each case of a list, and says what of its decision is not as it should be. Rejects with `invalid-file`, by the
   * name of the file, for what is no list of cases.
   */
  test(
    cases: { readonly file: string; readonly content: unknown },
    bundle: string | null,
  ): Promise<readonly TestedCase[]>
  /** JSON Schemas of what a decision is asked and may answer. */
  schema(decision: DecisionName): object
}

const patience = 60_000

export function openPolicyTools({ policy }: { readonly policy: PolicyOptions }): PolicyTools {
  const engineOf = async (bundle: string | null): Promise<PolicyEngine> =>
    openPolicyEngine(bundle === null ? policy : { ...policy, bundle, server: null })
  const decideBy = async (bundle: string | null): Promise<Decide> => {
    const engine = await engineOf(bundle)
    return createDecide({ engine: async () => engine, deadlineMilliseconds: patience })
  }
  return {
    async check(bundle) {
      const engine = await engineOf(bundle)
      return { patterns: Object.keys(await engine.patterns(AbortSignal.timeout(patience))) }
    },
    async explain(question, bundle) {
      const { decision, input } = questionOf(question, 1)
      const decide = await decideBy(bundle)
      return answerOf(await decide(decision, input))
    },
    async compare(questions, bundle) {
      const [now, then] = [await decideBy(null), await decideBy(bundle)]
      const changes: PolicyChange[] = []
      for (const [index, each] of questions.entries()) {
        const question = questionOf(each, index + 1)
        const { decision, input } = question
        const [before, after] = [await now(decision, input), await then(decision, input)]
        if (isSameAnswer(before, after)) continue
        changes.push({ line: index + 1, decision, before: answerOf(before), after: answerOf(after) })
      }
      return changes
    },
    async test({ file, content }, bundle) {
      const cases = casesIn(content, file)
      const engine = await engineOf(bundle)
      const find = createFindPatterns(await engine.patterns(AbortSignal.timeout(patience)))
      const decide = createDecide({ engine: async () => engine, deadlineMilliseconds: patience })
      const tested: TestedCase[] = []
      for (const each of cases) {
        const { name, decision } = each
        tested.push({ name, decision, wrong: wrongOf(each, await decide(decision, questionIn(each, find, file))) })
      }
      return tested
    },
    schema: (decision) => ({
      input: z.toJSONSchema(decisions[decision].input),
      output: z.toJSONSchema(decisions[decision].output),
    }),
  }
}

function casesIn(content: unknown, file: string): readonly PolicyCase[] {
  const read = casesSchema.safeParse(content)
  if (read.success) return read.data
  throw new ServiceError('invalid-file', `${file} is no list of cases: ${z.prettifyError(read.error)}`, {
    advice: 'docs/policy.md says how a case is written.',
  })
}

function questionIn(tested: PolicyCase, find: FindPatterns, file: string): DecisionInput<DecisionName> {
  try {
    return questionOfCase(tested, find)
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new ServiceError('invalid-file', `${file}: "${tested.name}" asks what cannot be asked: ${why}`, {
      advice: `"sallyport policy schema ${tested.decision}" prints what a question has.`,
      cause,
    })
  }
}

function questionOf(value: unknown, line: number): RecordedQuestion {
  const read = recordedSchema.safeParse(value)
  if (read.success) return read.data
  throw new ServiceError('invalid-request', `Question ${line} is none of a recording: ${z.prettifyError(read.error)}`, {
    advice: '"sallyport policy schema DECISION" prints what a question has.',
  })
}
