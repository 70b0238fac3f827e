import type { FilterFailure } from '../../core/facts.ts'
import type { Direction, Filter, FilterContext, FilterPart } from '../filter.ts'
import { LoopShare } from '../loop-share.ts'
import { moreFinal, type FilterAction, type FilterDecision } from '../profile.ts'
import type { Calibrations } from './calibration.ts'
import { askedByProfile, detectorOf, type AskedDetector } from './detectors.ts'
import type { NamedProfile } from './named-profiles.ts'
import { runDetectors } from './run-detectors.ts'
import { Votes, type ContentFailure, type VotedScore } from './votes.ts'

/** What a profile makes of some texts. */
export interface ContentVerdict {
  /** The most final of all that is in force; `allow` where nothing is. */
  readonly action: FilterAction
  /**
   * What was found in what the profile looks for, in the order of the parts; also what is in shadow mode. Nothing that stands
   * outside a part's focus, and no name of somebody in what programs compare.
   */
  readonly decisions: readonly FilterDecision[]
  /** A closed one has made `action` a block. */
  readonly failures: readonly ContentFailure[]
  /** Versions by name, of all that were asked. */
  readonly detectors: Readonly<Record<string, string>>
  readonly profile: { readonly name: string; readonly version: number }
  /** Of each rule that is written for the direction, also where nothing was found. Absent where nobody has said it. */
  readonly scores?: readonly VotedScore[]
}

export interface ContentPolicy {
  readonly profile: NamedProfile
  readonly context: FilterContext
}

/** Asks detectors of content side by side and takes together what they say. */
export interface ContentPipeline {
  /** Does the profile look for anything in this direction? */
  applies(profile: NamedProfile, direction: Direction): boolean
  /**
   * Gives way to other work of the process every few milliseconds. Ends as soon as a block is certain: detectors that are
   * still at work are aborted, and what they would have said is not in the verdict. Rejects with the signal's reason alone.
   */
  inspect(parts: readonly FilterPart[], policy: ContentPolicy, signal: AbortSignal): Promise<ContentVerdict>
}

export interface ContentPipelineOptions {
  readonly filters: readonly Filter[]
  readonly calibrations?: Calibrations
  /** For what waits for others, as `AwakeTime` counts it; for the rest, of work of the processor. */
  readonly deadlineMilliseconds: number
  readonly onFailure?: (failure: FilterFailure) => void
  /** What works beside it in the same process; without it, a share of its own. */
  readonly share?: LoopShare
}

export function createContentPipeline(options: ContentPipelineOptions): ContentPipeline {
  const { calibrations = {}, deadlineMilliseconds, onFailure } = options
  const share = options.share ?? new LoopShare()
  const askedBy = askedByProfile(options.filters.map(detectorOf))
  return {
    applies: (profile, direction) => askedBy(profile, direction).length > 0,
    async inspect(parts, { profile, context }, signal) {
      signal.throwIfAborted()
      const asked = askedBy(profile, context.direction)
      const votes = new Votes({ asked, profile, context, calibrations })
      const begun = await runDetectors(asked, { parts, context, votes, share, deadlineMilliseconds, onFailure }, signal)
      return verdictOf(votes, begun, profile)
    },
  }
}

function verdictOf(votes: Votes, begun: Iterable<AskedDetector>, { name, version }: NamedProfile): ContentVerdict {
  const decisions = votes.decisions()
  const failures = votes.failures()
  const found = decisions.reduce<FilterAction>((action, { effective }) => moreFinal(action, effective), 'allow')
  const isClosed = failures.some(({ onFailure }) => onFailure === 'closed')
  return {
    action: isClosed ? 'block' : found,
    decisions,
    failures,
    detectors: Object.fromEntries(Array.from(begun, (each) => [each.name, each.version])),
    profile: { name, version },
    scores: votes.scores(),
  }
}
