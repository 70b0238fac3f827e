import type { FilterFailure } from '../../core/facts.ts'
import { DetectorFault } from '../detector-fault.ts'
import type { Filter } from '../filter.ts'
import { askedByProfile, detectorOf, type AskedDetector } from '../pipeline/detectors.ts'
import type { ContentPipeline, ContentPolicy, ContentVerdict } from '../pipeline/pipeline.ts'
import { Votes } from '../pipeline/votes.ts'
import { checkAnswer, fromCheckAnswer, toCheckRequest } from './check-contract.ts'
import { wrongForm, type FilterProcesses } from './filter-processes.ts'

export interface RemotePipelineOptions {
  readonly processes: Pick<FilterProcesses, 'ask'>
  /** Those of this configuration: what a profile looks for, and what it means that nobody answers. None of them is run. */
  readonly filters: readonly Filter[]
  readonly onFailure?: (failure: FilterFailure) => void
}

/**
 * The content pipeline of other processes. What they decide goes by the profile that is sent with the texts. Where none of
 * them answers, every detector that the profile would have asked has failed, and its rules say what that means.
 */
export function createRemotePipeline({ processes, filters, onFailure }: RemotePipelineOptions): ContentPipeline {
  const askedBy = askedByProfile(filters.map(detectorOf))
  return {
    applies: (profile, direction) => askedBy(profile, direction).length > 0,
    async inspect(parts, policy, signal) {
      signal.throwIfAborted()
      const { profile, context } = policy
      const read = (answer: unknown): ContentVerdict => {
        const parsed = checkAnswer.safeParse(answer)
        const verdict = parsed.success ? fromCheckAnswer(parsed.data, parts, policy) : null
        if (verdict === null || !isByAll(verdict, askedBy(profile, context.direction))) throw wrongForm()
        const { so_far: seen } = parsed.data ?? {}
        // Without it what is split over the pieces would not add up.
        if (context.answer !== undefined && seen === undefined) throw wrongForm()
        context.answer?.take(seen ?? {})
        return verdict
      }
      const body = toCheckRequest(parts, profile, context)
      const { systemPrompts = [] } = context
      const characters = lengthOf(parts.map(({ text }) => text)) + lengthOf(systemPrompts)
      try {
        return await processes.ask({ body, characters, group: context.group }, read, signal)
      } catch (cause) {
        signal.throwIfAborted()
        if (!(cause instanceof DetectorFault)) throw cause
        const verdict = unanswered(askedBy(profile, context.direction), policy, cause)
        const isClosed = verdict.failures.some((each) => each.onFailure === 'closed')
        onFailure?.({ filter: 'filter-service', onFailure: isClosed ? 'closed' : 'open', cause })
        return verdict
      }
    },
  }
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0)

/**
 * Were all asked that have to be? A process of an older configuration has not every detector; once a block is certain it does
 * not matter.
 */
function isByAll({ action, detectors }: ContentVerdict, asked: readonly AskedDetector[]): boolean {
  return action === 'block' || asked.every(({ name }) => Object.hasOwn(detectors, name))
}

/** What the rules make of it that nobody was there to look at the texts. */
function unanswered(
  asked: readonly AskedDetector[],
  { profile, context }: ContentPolicy,
  { why }: DetectorFault,
): ContentVerdict {
  const votes = new Votes({ asked, profile, context, calibrations: {} })
  for (const detector of asked) votes.fail(detector, why)
  const failures = votes.failures()
  const { name, version } = profile
  const action = failures.some(({ onFailure }) => onFailure === 'closed') ? 'block' : 'allow'
  return { action, decisions: [], failures, detectors: {}, profile: { name, version } }
}
