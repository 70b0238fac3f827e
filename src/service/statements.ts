import { columnMasks } from '../core/column-masks.ts'
import { bytesOf } from '../core/sizes.ts'
import type { DatabasesOptions } from '../databases/options.ts'
import type { SourcesConfig } from '../sources/options.ts'
import type { SqlSource } from '../sources/source.ts'
import type { SqlGateOptions } from '../validators/sql/options.ts'
import type { SqlChecker } from './sallyport.ts'
import type {
  SourceDescription,
  SourceFreshness,
  StatementAnswer,
  StatementExplanation,
  StatementFacts,
  StatementVerdict,
} from '../core/statement.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Vetted } from '../core/vetted.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'
import { groupsInForce, type GatewayOptions } from '../gateway/options.ts'
import { screenRows } from '../gateway/screen/cell.ts'
import type { StatementAuthorizer, StatementReceived, StatementTask } from '../gateway/statements.ts'
import type { ObserveStatement } from '../telemetry/statement-observer.ts'
import type { Databases } from '../sources/databases.ts'
import { describeSource } from './describe-source.ts'
import { openAdHocChecker } from '../sources/ad-hoc-checker.ts'
import type { Sources } from '../sources/sources.ts'

interface StatementsConfig extends SourcesConfig {
  readonly databases: DatabasesOptions
  readonly sql: SqlGateOptions
  readonly gateway: GatewayOptions
}

interface StatementParts {
  readonly config: StatementsConfig
  readonly sources: Sources
  readonly databases: Databases
  readonly authorize: StatementAuthorizer
  readonly observe: ObserveStatement
}

/** SQL that callers write themselves: authorize → gate → database → screen, for every interface. */
export class Statements {
  readonly #parts: StatementParts

  constructor(parts: StatementParts) {
    this.#parts = parts
  }

  /** `maximumRows` can only lower what configuration and policy allow; null leaves it at that. */
  run(
    received: StatementReceived,
    { statement, maximumRows }: { readonly statement: string; readonly maximumRows: number | null },
    signal: AbortSignal,
  ): Promise<StatementAnswer> {
    const most = this.#parts.config.databases.query.maximum_rows
    const asked = { ...received, maximumRows: Math.min(most, maximumRows ?? most) }
    return this.#parts.authorize(asked, (task) =>
      this.#parts.observe(this.#seen(task, 'run', statement), async () => {
        const verdict = await this.#judge(task, statement, signal)
        if (verdict.kind === 'refused') return verdict
        return this.#query(task, { vetted: verdict.value, maximumRows }, signal)
      }),
    )
  }

  check(received: StatementReceived, statement: string, signal: AbortSignal): Promise<StatementVerdict> {
    return this.#parts.authorize(received, (task) =>
      this.#parts.observe(this.#seen(task, 'check', statement), async () =>
        toFacts(await this.#judge(task, statement, signal), mayShow(task)),
      ),
    )
  }

  explain(received: StatementReceived, statement: string, signal: AbortSignal): Promise<StatementExplanation> {
    return this.#parts.authorize(received, (task) =>
      this.#parts.observe(this.#seen(task, 'explain', statement), async () => {
        const verdict = await this.#judge(task, statement, signal)
        if (verdict.kind === 'refused') return verdict
        const database = this.#parts.sources.database(task.request.dataSource)
        const plan = (await database.estimate?.(verdict.value, signal)) ?? null
        const estimate = plan === null ? null : { cost: plan.cost, rows: plan.rows }
        return { kind: 'accepted', value: { ...factsOf(verdict.value, mayShow(task)), estimate } }
      }),
    )
  }

  /** What a group may see; without one, what the caller's own may. Naming another is for the local operator. */
  async describe(received: StatementReceived, group: string | null, signal: AbortSignal): Promise<SourceDescription> {
    if (group !== null) requireGroup(group, Object.keys(groupsInForce(this.#parts.config.gateway)))
    return this.#parts.authorize(received, ({ request, screener }) =>
      describeSource(
        { sources: this.#parts.sources, screener },
        { name: request.dataSource, group: group ?? request.principal.group },
        signal,
      ),
    )
  }

  /** What the caller's group may see of a source, and how fresh it is; null where the gate lets nothing ask that. */
  async look(
    received: StatementReceived,
    signal: AbortSignal,
  ): Promise<{ readonly description: SourceDescription; readonly freshness: SourceFreshness | null }> {
    const { sources } = this.#parts
    return this.#parts.authorize(received, async (task) => {
      const { dataSource: name, principal } = task.request
      const { screener } = task
      const description = await describeSource({ sources, screener }, { name, group: principal.group }, signal)
      const verdict = await this.#judge(task, 'SELECT 1 AS one', signal)
      if (verdict.kind === 'refused') return { description, freshness: null }
      const { asOf, lagMilliseconds } = await sources
        .database(name)
        .query(verdict.value, this.#limits({ maximumRows: 1 }), signal)
      return { description, freshness: { asOf, lagMilliseconds, lagEstimated: this.#estimatesLag(name) } }
    })
  }

  /** Opens a checker for many statements in a row; the caller is authorized once. */
  async openChecker(received: StatementReceived, source: SqlSource, signal: AbortSignal): Promise<SqlChecker> {
    const { config, databases, authorize } = this.#parts
    if (source.kind === 'ad-hoc') {
      const checker = await openAdHocChecker({ config, databases }, source, signal)
      return {
        check: async (statement, inner) => toFacts(await checker.check(statement, inner), true),
        [Symbol.asyncDispose]: () => checker[Symbol.asyncDispose](),
      }
    }
    const task = await authorize({ ...received, dataSource: source.name }, async (opened) => opened)
    // A source that does not answer is known before the first statement.
    await this.#parts.sources.gate(task.request.dataSource, task.request.principal.group, signal)
    return {
      check: async (statement, inner) => toFacts(await this.#judge(task, statement, inner), mayShow(task)),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  #seen({ request }: StatementTask, action: 'run' | 'check' | 'explain', statement: string) {
    const { requestId, channel, principal, dataSource: source } = request
    return { requestId, channel, principal, source, action, statement }
  }

  async #judge(
    { request: { dataSource, principal } }: StatementTask,
    statement: string,
    signal: AbortSignal,
  ): Promise<Verdict<Vetted<'sql'>>> {
    const { gate } = await this.#parts.sources.gate(dataSource, principal.group, signal)
    return gate.validate(statement, signal)
  }

  async #query(
    { request, screener, countRows }: StatementTask,
    { vetted, maximumRows }: { readonly vetted: Vetted<'sql'>; readonly maximumRows: number | null },
    signal: AbortSignal,
  ): Promise<StatementAnswer> {
    const name = request.dataSource
    const database = this.#parts.sources.database(name)
    const result = await database.query(vetted, this.#limits({ maximumRows }), signal)
    const { columns, rows, replaced, isCut, findings } = await screenRows(result, screener, signal)
    countRows(rows.length)
    const byPolicy = (vetted.masks ?? []).map(({ position }) => position)
    const lagEstimated = this.#estimatesLag(name)
    const { asOf, lagMilliseconds, milliseconds } = result
    const truncated = isCut ? 'bytes' : result.truncated
    const dates = result.dates === undefined ? {} : { dates: result.dates }
    const sandbox = result.sandbox === undefined ? {} : { sandbox: result.sandbox }
    return {
      kind: 'result',
      result: {
        columns,
        rows,
        masks: columnMasks(columns, { byPolicy, byFilter: replaced }),
        truncated,
        asOf,
        lagMilliseconds,
        lagEstimated,
        milliseconds,
        findings,
        ...dates,
        ...sandbox,
      },
      source: name,
      ranIn: `${name} (${database.kind})`,
      canonical: request.grant.revealSql === 'always' ? vetted.text : null,
    }
  }

  #limits({ maximumRows }: { readonly maximumRows: number | null }) {
    const { query } = this.#parts.config.databases
    return {
      maximumRows: Math.min(query.maximum_rows, maximumRows ?? query.maximum_rows),
      maximumBytes: bytesOf.mb(query.maximum_mb),
      timeoutMilliseconds: query.timeout_ms,
    }
  }

  #estimatesLag(source: string): boolean {
    const settings = this.#parts.config.sources[source]?.database
    return settings?.kind === 'postgresql' && settings.heartbeat_query === null
  }
}

/** Asking for a check is the request that `on-request` waits for. */
function mayShow({ request }: StatementTask): boolean {
  return request.grant.revealSql !== 'never'
}

function toFacts(verdict: Verdict<Vetted<'sql'>>, showsText: boolean): StatementVerdict {
  return verdict.kind === 'refused' ? verdict : { kind: 'accepted', value: factsOf(verdict.value, showsText) }
}

function factsOf(vetted: Vetted<'sql'>, showsText: boolean): StatementFacts {
  const { relations, columns, functions, masks = [], rowLimit } = vetted
  return { relations, columns, functions, masks, rowLimit: rowLimit - 1, canonical: showsText ? vetted.text : null }
}
