import type { Filter, FilterFinding } from '../../../src/filters/filter.ts'
import { defaultProfile, type FilterDecision, type FilterProfile } from '../../../src/filters/profile.ts'
import { createStandardChain } from '../../../src/filters/standard-chain.ts'
import { createScreener, type Screener, type ScreenLimits } from '../../../src/gateway/screen/screener.ts'
import { TextStream } from '../../../src/gateway/screen/text-stream.ts'

export const never = new AbortController().signal

export const chain = createStandardChain({ deadlineMilliseconds: 120_000 })

export const limits: ScreenLimits = { maximumResultCharacters: 1_000_000_000, maximumTurnCharacters: 1_000_000_000 }

export interface TestScreenerOptions {
  readonly profile?: FilterProfile
  readonly hiddenSql?: readonly string[] | null
  readonly limits?: ScreenLimits
  readonly decisions?: FilterDecision[]
}

/** A screener as a request gets it, with the standard detectors. */
export function testScreener(options: TestScreenerOptions = {}): Screener {
  return createScreener({
    chain,
    profile: options.profile ?? defaultProfile,
    direction: 'outbound',
    group: 'default',
    limits: options.limits ?? limits,
    hiddenSql: () => (options.hiddenSql === undefined ? [] : options.hiddenSql),
    onDecisions: (decisions) => options.decisions?.push(...decisions),
  })
}

/** `text[start..end]` with category of what a filter finds in a text at the default threshold. */
export async function found(
  filter: Filter,
  text: string,
  extra: { readonly label?: string; readonly executedSql?: readonly string[]; readonly anySql?: boolean } = {},
): Promise<string[]> {
  const { label, executedSql = [], anySql = false } = extra
  const part = { text, provenance: 'model' as const, ...(label === undefined ? {} : { label }) }
  const context = { direction: 'outbound', group: 'default', executedSql, anySql } as const
  const findings: readonly FilterFinding[] = await filter.inspect([part], context, never)
  return findings
    .filter((finding) => finding.score >= 0.5)
    .map((finding) => `${finding.category}: ${text.slice(finding.start, finding.end)}`)
}

/** What leaves when `text` streams in as these chunks. */
export async function stream(chunks: readonly string[], screener: Screener): Promise<string> {
  const held = new TextStream(screener)
  let released = ''
  for (const chunk of chunks) released += await held.push(chunk, never)
  return released + (await held.flush(never))
}
