import { ServiceError } from '../../core/errors.ts'
import type { SqlGateEvent } from '../../core/facts.ts'
import type { PlanEstimate } from '../../core/statement.ts'
import type { Vetted, VettedFacts } from '../../core/vetted.ts'
import type { Validator } from '../validator.ts'
import { vet } from '../vet.ts'
import { RecentCache } from './cache.ts'
import { sqlGateOptions, type SqlGateOptions } from './options.ts'
import type { SqlPolicy } from './policy.ts'
import { GateProcess, type ExamineOutcome } from './process/gate-process.ts'
import type { AnyProfile } from './process/gate-worker.ts'
import { refused, type SqlVerdict } from './refusals.ts'

/** What every gate is given, whatever its dialect. */
export interface SqlGateParts {
  /** Data source the verdicts are for. */
  readonly source: string
  readonly policy: SqlPolicy
  readonly options?: SqlGateOptions
  /** EXPLAIN of a vetted text, where the source has it. */
  readonly estimate?: (statement: Vetted<'sql'>, signal: AbortSignal) => Promise<PlanEstimate>
  /** Told of what an operator should know: a second reading, a crash, a hang. */
  readonly report?: (event: SqlGateEvent) => void
}

export interface SqlGate extends Validator<'sql'>, AsyncDisposable {
  /** Resident bytes of the process that parses; 0 where the source parses itself. */
  readonly residentBytes: number
}

/**
 * A verdict, and whether it may be remembered for the same text: one that depends on the planner or on a fault may not.
 */
export interface Decision {
  readonly verdict: SqlVerdict
  readonly isLasting: boolean
}

interface Dialect {
  /** Every check of this dialect, in order; each fails closed. */
  readonly decide: (source: string, signal: AbortSignal) => Promise<Decision>
  /** A reason to refuse any statement for now; null for none. Asked before what is remembered. */
  readonly hindrance?: () => SqlVerdict | null
  readonly cacheEntries: number
  readonly process: Pick<GateProcess, 'residentBytes'> & Partial<AsyncDisposable>
}

/** Longest text whose verdict is remembered, in UTF-16 code units. */
const maximumRemembered = 8_192

/** A gate that remembers what lasts. */
export function createGate({ decide, hindrance, cacheEntries, process }: Dialect): SqlGate {
  const verdicts = new RecentCache<SqlVerdict>(cacheEntries)
  return {
    language: 'sql',
    async validate(source, signal) {
      signal.throwIfAborted()
      const hindered = hindrance?.() ?? null
      if (hindered !== null) return hindered
      const known = verdicts.get(source)
      if (known !== undefined) return known
      const { verdict, isLasting } = await decide(source, signal)
      if (isLasting && source.length <= maximumRemembered) verdicts.set(source, verdict)
      return verdict
    },
    get residentBytes() {
      return process.residentBytes
    },
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]?.()
    },
  }
}

/** The process in which statements under one profile are examined: the given one, or one of the gate's own. */
export function startExaminer(
  profile: AnyProfile & { readonly options: SqlGateOptions },
  key: string,
  shared: GateProcess | undefined,
) {
  const { deadline_ms: deadlineMilliseconds, memory_mb: memoryMegabytes } = profile.options
  const process = shared ?? new GateProcess({ deadlineMilliseconds, memoryMegabytes })
  const name = `${key}:${profile.policy.version}:${JSON.stringify(profile.options)}`
  process.addProfile(name, profile)
  process.start()
  return {
    examine: (statement: Parameters<GateProcess['examine']>[1], signal: AbortSignal): Promise<ExamineOutcome> =>
      process.examine(name, statement, signal),
    get residentBytes() {
      return process.residentBytes
    },
    ...(shared === undefined ? { [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() } : {}),
  }
}

/** The refusal of a statement on which a check crashed or hung. */
export function uncheckable(kind: 'crashed' | 'hung'): SqlVerdict {
  return refused(
    `sql/gate-${kind}`,
    'This statement could not be checked: it is too complex for the parser. Write it in a simpler form.',
  )
}

/** A statement as it may run, with the limits of its policy. */
export function vetStatement(
  text: string,
  facts: Omit<VettedFacts['sql'], 'source' | 'rowLimit' | 'maximumBytes' | 'timeoutMilliseconds'>,
  { source, policy }: Pick<SqlGateParts, 'source' | 'policy'>,
): Vetted<'sql'> {
  const { rowLimit, maximumBytes, timeoutMilliseconds } = policy
  return vet('sql', text, {
    source,
    ...facts,
    rowLimit: rowLimit + 1,
    ...(maximumBytes === null ? {} : { maximumBytes }),
    ...(timeoutMilliseconds === null ? {} : { timeoutMilliseconds }),
  })
}

interface PlannerCheck {
  readonly estimate: SqlGateParts['estimate']
  readonly maximumCost: number
  /** What is said of a statement whose cost, rounded, is above that. */
  readonly tooExpensive: (cost: number) => string
}

/** The last check: what the planner makes of a statement reads nothing else, and costs no more than is allowed. */
export function askPlanner(
  vetted: Vetted<'sql'>,
  { estimate, ...check }: PlannerCheck,
  signal: AbortSignal,
): Decision | Promise<Decision> {
  if (estimate === undefined) return { verdict: { kind: 'accepted', value: vetted }, isLasting: true }
  return checkPlan(vetted, { estimate, ...check }, signal)
}

async function checkPlan(
  vetted: Vetted<'sql'>,
  { estimate, maximumCost, tooExpensive }: PlannerCheck & { readonly estimate: NonNullable<SqlGateParts['estimate']> },
  signal: AbortSignal,
): Promise<Decision> {
  const plan = await estimate(vetted, signal).catch((thrown: unknown) => {
    if (thrown instanceof ServiceError && thrown.code === 'query-failed') return thrown
    throw thrown
  })
  if (plan instanceof ServiceError) {
    return { verdict: refused('sql/cannot-be-planned', plan.message), isLasting: false }
  }
  if (plan.relations.some((relation) => !vetted.relations.includes(relation))) {
    return { verdict: refused('sql/plan-differs', 'The plan reads a table that was not resolved.'), isLasting: false }
  }
  if (plan.cost <= maximumCost) return { verdict: { kind: 'accepted', value: vetted }, isLasting: true }
  return { verdict: refused('sql/too-expensive', tooExpensive(Math.round(plan.cost))), isLasting: false }
}

/** The settings of a gate, or those it has without any. */
export function gateOptions(options: SqlGateOptions | undefined): SqlGateOptions {
  return options ?? sqlGateOptions.parse({})
}
