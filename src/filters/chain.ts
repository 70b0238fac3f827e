import { setImmediate } from 'node:timers/promises'
import { ServiceError } from '../core/errors.ts'
import type { Filter, FilterContext, FilterFinding, FilterPart } from './filter.ts'
import { decide, type FilterDecision, type FilterProfile } from './profile.ts'

/** Runs every detector over texts and says what the profile makes of the findings. */
export interface FilterChain {
  /**
   * Decisions in the order of the parts. Rejects with `refused` when a detector that must answer failed or overran its
   * deadline, and with the signal's reason when aborted.
   */
  decide(parts: readonly FilterPart[], policy: FilterPolicy, signal: AbortSignal): Promise<readonly FilterDecision[]>
}

export interface FilterPolicy {
  readonly profile: FilterProfile
  readonly context: FilterContext
}

/** A detector marked `open` did not answer: said, never silent. */
export interface FilterFailure {
  readonly filter: string
  readonly onFailure: Filter['onFailure']
  readonly cause: unknown
}

export interface FilterChainOptions {
  readonly filters: readonly Filter[]
  /** For each detector on each batch of at most `batchCharacters`. */
  readonly deadlineMilliseconds: number
  readonly onFailure?: (failure: FilterFailure) => void
}

const batchCharacters = 262_144
const batchParts = 4_096

function* batchesOf(
  parts: readonly FilterPart[],
): Generator<{ readonly parts: FilterPart[]; readonly offset: number }> {
  let batch: FilterPart[] = []
  let characters = 0
  let offset = 0
  for (const [index, part] of parts.entries()) {
    batch.push(part)
    characters += part.text.length
    if (characters < batchCharacters && batch.length < batchParts) continue
    yield { parts: batch, offset }
    batch = []
    characters = 0
    offset = index + 1
  }
  if (batch.length > 0) yield { parts: batch, offset }
}

function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason as Error)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}

/** The detector's findings. A detector that ignores its signal is left behind at the deadline. */
async function inspectWith(
  filter: Filter,
  parts: readonly FilterPart[],
  { context, options, signal }: { context: FilterContext; options: FilterChainOptions; signal: AbortSignal },
): Promise<readonly FilterFinding[]> {
  const deadline = new AbortController()
  const timer = setTimeout(
    () => deadline.abort(new Error(`no answer within ${options.deadlineMilliseconds} ms`)),
    options.deadlineMilliseconds,
  )
  const both = AbortSignal.any([signal, deadline.signal])
  try {
    return await Promise.race([filter.inspect(parts, context, both), abortion(both)])
  } catch (cause) {
    signal.throwIfAborted()
    options.onFailure?.({ filter: filter.name, onFailure: filter.onFailure, cause })
    if (filter.onFailure === 'open') return []
    throw new ServiceError('refused', `The text was withheld: the filter "${filter.name}" did not finish its check.`, {
      cause,
      advice: 'Send the request again; if it happens again the log names the cause.',
    })
  } finally {
    clearTimeout(timer)
  }
}

export function createFilterChain(options: FilterChainOptions): FilterChain {
  return {
    async decide(parts, { profile, context }, signal) {
      const decisions: FilterDecision[] = []
      for (const batch of batchesOf(parts)) {
        signal.throwIfAborted()
        for (const filter of options.filters) {
          const findings = await inspectWith(filter, batch.parts, { context, options, signal })
          for (const finding of findings) {
            decisions.push(decide(profile, context.direction, { ...finding, part: finding.part + batch.offset }))
          }
        }
        if (batch.offset + batch.parts.length < parts.length) await setImmediate()
      }
      return decisions
    },
  }
}
