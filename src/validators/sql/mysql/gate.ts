import type { Catalog } from '../../../core/catalog.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { SqlGateOptions } from '../options.ts'
import type { SqlPolicy } from '../policy.ts'
import type { GateProcess } from '../process/gate-process.ts'
import {
  askPlanner,
  createGate,
  gateOptions,
  startExaminer,
  uncheckable,
  vetStatement,
  type Decision,
  type SqlGate,
  type SqlGateParts,
} from '../sql-gate.ts'
import type { Translated } from './examine.ts'

export interface MysqlGateParts extends SqlGateParts {
  readonly catalog: Catalog
  /** A process shared with other gates; one of its own otherwise. */
  readonly process?: GateProcess
}

/**
 * The gate of a MySQL or MariaDB source under one policy: weaker than PostgreSQL's, since no analyzer of the server's
 * own resolves the names. Every step fails closed; a crash or a hang of any is a refusal. The cost that `estimate` gives
 * is the rows that the planner expects to look at.
 */
export function createMysqlGate(parts: MysqlGateParts): SqlGate {
  checkPolicy(parts.policy)
  const options = gateOptions(parts.options)
  const examiner = startExaminer({ dialect: 'mysql', policy: parts.policy, options }, 'mysql', parts.process)
  return createGate({
    decide: async (source, signal) => {
      const outcome = await examiner.examine({ source }, signal)
      if (outcome.kind === 'refused') return { verdict: outcome, isLasting: true }
      if (outcome.kind === 'translated') return plan(outcome.value, { ...parts, options }, signal)
      const kind = outcome.kind === 'hung' ? 'hung' : 'crashed'
      parts.report?.({ kind: `gate-${kind}`, source: parts.source, statement: source })
      return { verdict: uncheckable(kind), isLasting: false }
    },
    cacheEntries: options.cache_entries,
    process: examiner,
  })
}

/** What only an analyzer can hold is not promised here: it is an error of the configuration, not a rule that does less. */
function checkPolicy(policy: SqlPolicy): void {
  const problems = [...policy.relations.values()].flatMap((relation) =>
    [...relation.columns]
      .filter(([, rule]) => rule.kind === 'aggregate-only')
      .map(([column]) => `"${relation.name}.${column}" is aggregate-only, which MySQL sources do not have`),
  )
  if (policy.maximumCost !== null) {
    problems.push("the cost is limited in a planner's units, which MySQL sources do not have")
  }
  if (policy.functions.length > 0)
    problems.push('functions beside the built-in list are named, which MySQL sources do not have')
  if (problems.length === 0) return
  throw new ServiceError(
    'invalid-config',
    `The policy asks for what this kind of source cannot hold: ${problems.join('; ')}.`,
  )
}

function plan(
  translated: Translated,
  given: MysqlGateParts & { readonly options: SqlGateOptions },
  signal: AbortSignal,
): Decision | Promise<Decision> {
  const { shown, relations, columns, functions, masks } = translated
  const vetted = vetStatement(shown, { relations, columns, functions, masks }, given)
  // The plan of a view is shown to those who may read what is behind it, which this role may not.
  const estimate = relations.some((name) => isView(given.catalog, name)) ? undefined : given.estimate
  const maximumCost = given.options.maximum_cartesian_rows
  const tooExpensive = (rows: number): string =>
    `The planner expects to look at ${rows} rows; at most ${maximumCost} are allowed. Filter more, or join by indexed columns.`
  return askPlanner(vetted, { estimate, maximumCost, tooExpensive }, signal)
}

function isView({ relations }: Catalog, name: string): boolean {
  return relations.some((relation) => relation.kind === 'view' && `${relation.schema}.${relation.name}` === name)
}
