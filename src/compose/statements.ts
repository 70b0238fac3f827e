import type { SqlAnswer, SqlChecker, SqlSource } from '../cli/service.ts'
import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import { screenRows } from '../gateway/screen/cell.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import { bindPolicy } from '../validators/sql/bind-policy.ts'
import { createSqlGate } from '../validators/sql/gate.ts'
import { sqlPolicyOptions } from '../validators/sql/options.ts'
import type { Databases } from './databases.ts'
import type { Sources } from './sources.ts'

interface StatementParts {
  readonly config: Config
  readonly sources: Sources
  readonly databases: Databases
  readonly screener: () => Screener
}

/** The group of whoever sits at the command line. */
const group = 'operator'

export async function runStatement(
  parts: StatementParts,
  request: { readonly statement: string; readonly source: string | null },
  signal: AbortSignal,
): Promise<SqlAnswer> {
  const { query } = parts.config.databases
  const name = request.source ?? firstSource(parts.sources)
  const database = parts.sources.database(name)
  const { gate } = await parts.sources.gate(name, group, signal)
  const verdict = await gate.validate(request.statement, signal)
  if (verdict.kind === 'refused') return { kind: 'refused', findings: verdict.findings }
  const limits = {
    maximumRows: query.maximum_rows,
    maximumBytes: query.maximum_bytes,
    timeoutMilliseconds: query.timeout_milliseconds,
  }
  const result = await database.query(verdict.value, limits, signal)
  const screened = await screenRows(result, parts.screener(), signal)
  return { kind: 'result', result: { ...result, ...screened }, ranIn: `${name} (${database.kind})` }
}

/** Checks statements without running them, against a configured source or one made from DDL alone. */
export async function openChecker(parts: StatementParts, source: SqlSource, signal: AbortSignal): Promise<SqlChecker> {
  if (source.kind === 'configured') {
    const { gate } = await parts.sources.gate(source.name ?? firstSource(parts.sources), group, signal)
    return { check: (statement, inner) => gate.validate(statement, inner), [Symbol.asyncDispose]: async () => {} }
  }
  const { catalog, shadow } = await parts.databases.adHoc(source.schema, signal)
  try {
    const allowed = source.allow === 'everything' ? everything(catalog.relations) : source.allow
    const relations = Object.fromEntries(allowed.map(({ relation, columns }) => [relation, columns]))
    const policy = bindPolicy(sqlPolicyOptions.parse({ relations }), catalog)
    const gate = createSqlGate({ source: 'ad-hoc', catalog, shadow, policy, options: parts.config.sql })
    return {
      check: (statement, inner) => gate.validate(statement, inner),
      [Symbol.asyncDispose]: async () => {
        await gate[Symbol.asyncDispose]()
        await shadow[Symbol.asyncDispose]()
      },
    }
  } catch (thrown) {
    await shadow[Symbol.asyncDispose]()
    throw thrown
  }
}

function everything(relations: readonly { readonly schema: string; readonly name: string }[]) {
  return relations.map(({ schema, name }) => ({ relation: `${schema}.${name}`, columns: '*' as const }))
}

function firstSource(sources: Sources): string {
  const [name] = sources.names()
  if (name === undefined)
    throw new ServiceError('not-found', 'No data source is configured.', { advice: 'Add one under sources.' })
  return name
}
