import type { z } from 'zod'
import type { Decide } from './decide.ts'
import type { DecisionName } from './decisions.ts'
import type { PolicyEngine } from './engine.ts'
import { exampleInput } from './example-inputs.ts'
import type { PolicyOptions } from './options.ts'
import { answerOf, decisionNames, type PolicyAnswer } from './policy-answer.ts'
import type { recordedSchema } from './recorder.ts'

/** The rules in force, as operators see them. */
export interface SeenRules {
  /** `shipped` came with this installation. */
  readonly source: 'shipped' | 'bundle' | 'server'
  /** null where none could be asked. */
  readonly revision: string | null
  /** Ids of the patterns that texts are searched for. */
  readonly patterns: readonly string[]
  /** Are other rules tried beside them? */
  readonly hasShadow: boolean
  /** What is wrong with them, for people. */
  readonly faults: readonly string[]
  /** A question of each decision, of nothing remarkable, to begin with. */
  readonly examples: Readonly<Record<DecisionName, object>>
}

/** What operators ask about the rules in force. Nothing that is asked here happens. */
export interface PolicyDesk {
  rules(signal: AbortSignal): Promise<SeenRules>
  /** What the rules say of a question, as they would decide it; nobody is told, and nothing is recorded. */
  explain(question: z.output<typeof recordedSchema>): Promise<PolicyAnswer>
}

interface PolicyDeskParts {
  readonly options: Pick<PolicyOptions, 'bundle' | 'server' | 'shadow'>
  readonly engine: () => Promise<Pick<PolicyEngine, 'patterns'>>
  readonly decide: Decide
  readonly faults: () => readonly string[]
}

export function createPolicyDesk({ options, engine, decide, faults }: PolicyDeskParts): PolicyDesk {
  return {
    async rules(signal) {
      const asked = await decide('grant', exampleInput('grant'))
      const why = asked.kind === 'fault' ? [asked.fault] : []
      const patterns = asked.kind === 'fault' ? [] : Object.keys(await (await engine()).patterns(signal))
      return {
        source: options.server !== null ? 'server' : options.bundle === null ? 'shipped' : 'bundle',
        revision: asked.revision,
        patterns,
        hasShadow: options.shadow !== null,
        faults: [...why, ...faults()],
        examples: Object.fromEntries(decisionNames.map((name) => [name, exampleInput(name)])) as SeenRules['examples'],
      }
    },
    explain: async ({ decision, input }) => answerOf(await decide(decision, input)),
  }
}
