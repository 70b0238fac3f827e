import { z } from 'zod'
import type { Secret } from '../../core/secret.ts'
import { jsonAnswer } from '../../filters/remote/json-answer.ts'
import { decisions } from './decisions.ts'
import type { PolicyEngine } from './engine.ts'

export interface PolicyServer {
  /** Up to what stands before `/v1/data`. */
  readonly url: string
  readonly token: Secret | null
}

/** Far above any decision. */
const maximumBytes = 1_048_576

const answer = z.object({
  result: z.unknown(),
  provenance: z
    .object({
      revision: z.string().default(''),
      bundles: z.record(z.string(), z.object({ revision: z.string().default('') })).default({}),
    })
    .prefault({}),
})

/**
 * Rules of a server of OPA, by its REST interface (openpolicyagent.org/docs/rest-api: "Get a Document (with Input)"). What it
 * decides is as it is when it is asked: which bundles it has is its own affair, and each answer says which they were.
 */
export function openServerEngine(server: PolicyServer, deadlineMilliseconds: number): PolicyEngine {
  const base = `${server.url.replace(/\/+$/, '')}/v1/data`
  return {
    async evaluate(name, input, signal) {
      const question = {
        who: 'The policy server',
        url: `${base}/${decisions[name].entryPoint}?provenance=true`,
        body: { input },
        token: server.token,
        timeoutMilliseconds: deadlineMilliseconds,
        timeoutSetting: 'policy.deadline_ms',
        maximumBytes,
        advice: 'Check policy.server and that it is up.',
      }
      const { result, provenance } = answer.parse(await jsonAnswer(question, signal))
      return { value: result, revision: revisionOf(provenance) }
    },
  }
}

/** Of its bundles by their names; of a server that was started with files, what it says itself. */
function revisionOf({ revision, bundles }: z.infer<typeof answer>['provenance']): string {
  const names = Object.entries(bundles).map(([name, bundle]) => `${name}=${bundle.revision || 'unnamed'}`)
  return (names.length > 0 ? names.toSorted().join(',') : revision || 'unnamed').slice(0, 500)
}
