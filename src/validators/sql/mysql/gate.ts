import type { PlanEstimate } from '../../../core/statement.ts'
import type { SqlGateEvent } from '../../../core/facts.ts'
import type { Catalog } from '../../../core/catalog.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Finding, Verdict } from '../../../core/verdict.ts'
import type { Vetted } from '../../../core/vetted.ts'
import { vet } from '../../vet.ts'
import { RecentCache } from '../cache.ts'
import type { SqlGate } from '../postgresql/gate.ts'
import { sqlGateOptions, type SqlGateOptions } from '../options.ts'
import type { SqlPolicy } from '../policy.ts'
import { GateProcess } from '../process/gate-process.ts'
import type { Translated } from './examine.ts'

export interface MysqlGateDependencies {
  /** Data source the verdicts are for. */
  readonly source: string
  readonly catalog: Catalog
  readonly policy: SqlPolicy
  readonly options?: SqlGateOptions
  /** A process shared with other gates; one of its own otherwise. */
  readonly process?: GateProcess
  /** EXPLAIN of a vetted text. Its cost is the rows the planner expects to look at. */
  readonly estimate?: (statement: Vetted<'sql'>, signal: AbortSignal) => Promise<PlanEstimate>
  /** Told of what an operator should know: a crash, a hang. */
  readonly report?: (event: SqlGateEvent) => void
}

type SqlVerdict = Verdict<Vetted<'sql'>>
type Decision = { readonly verdict: SqlVerdict; readonly isLasting: boolean }

/** Longest text whose verdict is remembered, in UTF-16 code units. */
const maximumRemembered = 8_192

/**
 * The gate of a MySQL or MariaDB source under one policy: weaker than PostgreSQL's, since no analyzer of the server's
 * own resolves the names. Every step fails closed; a crash or a hang of any is a refusal.
 */
export function createMysqlGate(given: MysqlGateDependencies): SqlGate {
  checkPolicy(given.policy)
  const options = given.options ?? sqlGateOptions.parse({})
  const owned = given.process === undefined
  const process =
    given.process ?? new GateProcess({ deadlineMilliseconds: options.deadline_ms, memoryMegabytes: options.memory_mb })
  const key = `mysql:${given.policy.version}:${JSON.stringify(options)}`
  process.addProfile(key, { dialect: 'mysql', policy: given.policy, options })
  process.start()
  const verdicts = new RecentCache<SqlVerdict>(options.cache_entries)
  return {
    language: 'sql',
    async validate(source, signal) {
      signal.throwIfAborted()
      const known = verdicts.get(source)
      if (known !== undefined) return known
      const { verdict, isLasting } = await decide(source, { ...given, options, process, key }, signal)
      if (isLasting && source.length <= maximumRemembered) verdicts.set(source, verdict)
      return verdict
    },
    get residentBytes() {
      return process.residentBytes
    },
    async [Symbol.asyncDispose]() {
      if (owned) await process[Symbol.asyncDispose]()
    },
  }
}

/** What only an analyzer can hold is not promised here: it is an error of the configuration, not a rule that does less. */
function checkPolicy(policy: SqlPolicy): void {
  const problems = [...policy.relations.values()].flatMap((relation) =>
    [...relation.columns]
      .filter(([, rule]) => rule.kind === 'aggregate-only')
      .map(([column]) => `"${relation.name}.${column}" is aggregate-only, which MySQL sources do not have`),
  )
  if (policy.functions.length > 0)
    problems.push('functions beside the built-in list are named, which MySQL sources do not have')
  if (problems.length === 0) return
  throw new ServiceError(
    'invalid-config',
    `The policy asks for what this kind of source cannot hold: ${problems.join('; ')}.`,
  )
}

interface Deciding extends MysqlGateDependencies {
  readonly options: SqlGateOptions
  readonly process: GateProcess
  readonly key: string
}

async function decide(source: string, given: Deciding, signal: AbortSignal): Promise<Decision> {
  const outcome = await given.process.examine(given.key, { source }, signal)
  if (outcome.kind === 'refused') return { verdict: outcome, isLasting: true }
  if (outcome.kind === 'translated') return plan(outcome.value, given, signal)
  const kind = outcome.kind === 'hung' ? 'hung' : 'crashed'
  given.report?.({ kind: `gate-${kind}`, source: given.source, statement: source })
  const message = 'This statement could not be checked: it is too complex for the parser. Write it in a simpler form.'
  return refuse(`sql/gate-${kind}`, message, false)
}

async function plan(translated: Translated, given: Deciding, signal: AbortSignal): Promise<Decision> {
  const { shown, relations, columns, functions, masks } = translated
  const { source, policy, estimate, options } = given
  const facts = { source, relations, columns, functions, masks, rowLimit: policy.rowLimit + 1 }
  const vetted = vet('sql', shown, facts)
  const accepted: SqlVerdict = { kind: 'accepted', value: vetted }
  // The plan of a view is shown to those who may read what is behind it, which this role may not.
  if (estimate === undefined || relations.some((name) => isView(given.catalog, name))) {
    return { verdict: accepted, isLasting: true }
  }
  const expected = await estimate(vetted, signal).catch((thrown: unknown) => {
    if (thrown instanceof ServiceError && thrown.code === 'query-failed') return thrown
    throw thrown
  })
  if (expected instanceof ServiceError) return refuse('sql/cannot-be-planned', expected.message, false)
  if (expected.relations.some((relation) => !relations.includes(relation))) {
    return refuse('sql/plan-differs', 'The plan reads a table that was not resolved.', false)
  }
  const maximum = options.maximum_cartesian_rows
  if (expected.cost <= maximum) return { verdict: accepted, isLasting: true }
  const message = `The planner expects to look at ${Math.round(expected.cost)} rows; at most ${maximum} are allowed. Filter more, or join by indexed columns.`
  return refuse('sql/too-expensive', message, false)
}

function isView({ relations }: Catalog, name: string): boolean {
  return relations.some((relation) => relation.kind === 'view' && `${relation.schema}.${relation.name}` === name)
}

function refuse(rule: string, message: string, isLasting: boolean): Decision {
  const finding: Finding = { rule, line: 1, column: 1, message }
  return { verdict: { kind: 'refused', findings: [finding] }, isLasting }
}
