import { z } from 'zod'
import type { Secret } from '../../core/secret.ts'
import { jsonAnswer } from '../../filters/remote/json-answer.ts'
import { decisions } from './decisions.ts'
import { patternsSchema, type PolicyEngine } from './engine.ts'
import { unfitPattern } from './payload/patterns.ts'

export interface PolicyServer {
  /** Up to what stands before `/v1/data`. */
  readonly url: string
  readonly token: Secret | null
}

/** Far above any decision. */
const maximumBytes = 1_048_576

/** How long a server's patterns are taken for the ones it has. */
const patternsMilliseconds = 10_000

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
  const asked = {
    who: 'The policy server',
    token: server.token,
    timeoutMilliseconds: deadlineMilliseconds,
    timeoutSetting: 'policy.deadline_ms',
    maximumBytes,
    advice: 'Check policy.server and that it is up.',
  }
  let known: { readonly until: number; readonly patterns: ReturnType<PolicyEngine['patterns']> } | null = null
  const patterns = async (signal: AbortSignal) => {
    const { result } = answer.parse(await jsonAnswer({ ...asked, url: `${base}/sallyport/patterns` }, signal))
    const read = patternsSchema.parse(result ?? {})
    const wrong = unfitPattern(read)
    if (wrong !== null) throw new Error(wrong)
    return read
  }
  return {
    patterns: (signal) => {
      const now = performance.now()
      if (known === null || known.until < now) {
        known = { until: now + patternsMilliseconds, patterns: patterns(signal) }
        // What could not be had is asked for again.
        known.patterns.catch(() => (known = null))
      }
      return known.patterns
    },
    async evaluate(name, input, signal) {
      const url = `${base}/${decisions[name].entryPoint}?provenance=true`
      const { result, provenance } = answer.parse(await jsonAnswer({ ...asked, url, body: { input } }, signal))
      return { value: result, revision: revisionOf(provenance) }
    },
  }
}

/** Of its bundles by their names; of a server that was started with files, what it says itself. */
function revisionOf({ revision, bundles }: z.infer<typeof answer>['provenance']): string {
  const names = Object.entries(bundles).map(([name, bundle]) => `${name}=${bundle.revision || 'unnamed'}`)
  return (names.length > 0 ? names.toSorted().join(',') : revision || 'unnamed').slice(0, 500)
}
