import { bytesOf } from '../../../core/sizes.ts'
import type { Catalog, StatementAnalyzer } from '../../../core/catalog.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { JsonValue } from '../../../core/json.ts'
import { checkBytes } from '../bytes.ts'
import { placeFindings, type RawFinding } from '../location.ts'
import type { SqlGateOptions } from '../options.ts'
import { usableColumns } from '../policy.ts'
import { refusedWith, type SqlVerdict } from '../refusals.ts'
import { createGate, gateOptions, uncheckable, vetStatement, type SqlGate, type SqlGateParts } from '../sql-gate.ts'
import { isStruct } from '../syntax-tree.ts'
import { explainFailure } from './explain.ts'
import { rebuildTree } from './rebuild.ts'
import { isSameTree } from './same-tree.ts'
import { limitRows } from './tables.ts'
import type { TreeFacts } from './tree-facts.ts'

export interface DuckdbGateParts extends SqlGateParts {
  readonly catalog: Catalog
  /** The source's own DuckDB, in its sandbox. */
  readonly analyzer: StatementAnalyzer
}

/** Version of the grammar that the table of the tree was made from. */
const knownMajor = 2

/**
 * The gate of a DuckDB source under one policy: DuckDB's parser, in the sandbox, reads the text; its tree is walked here,
 * part by part, against lists of what is allowed; DuckDB prints the tree that was walked, and that text is all that runs.
 * Throws `invalid-config` for a policy that asks for what this kind of source cannot keep.
 */
export function createDuckdbGate(parts: DuckdbGateParts): SqlGate {
  const options = gateOptions(parts.options)
  checkPolicy(parts)
  return createGate({
    decide: async (source, signal) => ({
      verdict: await validate(source, { ...parts, options }, signal),
      isLasting: false,
    }),
    cacheEntries: 0,
    process: { residentBytes: 0 },
  })
}

function checkPolicy({ source, policy, catalog }: DuckdbGateParts): void {
  const { name, major } = catalog.dialect
  if (name !== 'duckdb' || major !== knownMajor) {
    throw new ServiceError('invalid-config', `"${source}": ${name} ${major} has no reviewed grammar; DuckDB 2 has.`)
  }
  const problems: string[] = []
  for (const [relation, { columns }] of policy.relations) {
    for (const [column, { kind }] of columns) {
      if (kind === 'allow' || kind === 'deny') continue
      problems.push(`"${relation}.${column}" is ${kind === 'mask' ? 'masked' : 'aggregate-only'}`)
    }
    if ([...columns.values()].every(({ kind }) => kind === 'deny')) problems.push(`"${relation}" allows no column`)
  }
  if (policy.maximumCost !== null) problems.push('it limits the cost, which nothing here estimates')
  if (policy.functions.length > 0) problems.push('it adds functions')
  if (problems.length === 0) return
  throw new ServiceError(
    'invalid-config',
    `A policy of "${source}" cannot be kept over files: ${problems.join('; ')}.`,
    {
      advice: 'Columns of files can be allowed or denied. Load the files into PostgreSQL for masks and aggregate-only.',
    },
  )
}

type Settled = DuckdbGateParts & { readonly options: SqlGateOptions }

async function validate(source: string, given: Settled, signal: AbortSignal): Promise<SqlVerdict> {
  const { analyzer, options, policy } = given
  const refuse = (...raw: readonly RawFinding[]): SqlVerdict => refusedWith(placeFindings(source, raw))
  const bytes = checkBytes(source, {
    maximumBytes: bytesOf.kb(options.maximum_kb),
    maximumBrackets: options.maximum_depth,
  })
  if (bytes !== null) return refuse(bytes)
  const parsed = await endingIsRefusal(analyzer.parse(source, signal))
  if (parsed === null) return uncheckable('hung')
  const statement = onlyStatement(parsed, source)
  if ('rule' in statement) return refuse(statement)
  const rebuilt = rebuildTree(statement.node, policy, options)
  const { facts } = rebuilt
  if (facts.findings.length > 0) return refuse(...facts.findings)
  const node = limitRows(rebuilt.node as { readonly [field: string]: JsonValue }, policy.rowLimit + 1)
  const tree = { error: false, statements: [{ node, named_param_map: [] }] }
  const bound = await endingIsRefusal(analyzer.bind(tree, signal))
  if (bound === null) return uncheckable('hung')
  if (bound.kind === 'failed') return refuse(explainFailure(bound.reason, facts, policy))
  if (!isSameTree(bound.tree, tree)) return refuse(notCanonical)
  return { kind: 'accepted', value: vetStatement(bound.text, factsOf(facts), given) }
}

/** `json_serialize_sql` answers `{error: false, statements: […]}`, or what is wrong and where. */
function onlyStatement(parsed: unknown, source: string): { readonly node: unknown } | RawFinding {
  if (!isStruct(parsed) || parsed['error'] !== false || !Array.isArray(parsed['statements'])) {
    return notParsed(parsed, source)
  }
  const [statement, ...others] = parsed['statements'] as readonly unknown[]
  if (others.length > 0) return { rule: 'sql/one-statement', offset: 0, message: 'Send one statement at a time.' }
  if (!isStruct(statement)) return notParsed(null, source)
  const { node, named_param_map: parameters } = statement
  if (Array.isArray(parameters) && parameters.length === 0) return { node }
  const message = 'Parameters are not allowed: write the values into the statement.'
  return { rule: 'sql/syntax-not-allowed', offset: 0, message }
}

function notParsed(parsed: unknown, source: string): RawFinding {
  const facts = isStruct(parsed) ? parsed : {}
  if (facts['error_type'] === 'not implemented') {
    const pivot = pivotWithoutValues(source)
    if (pivot !== null) return pivot
    return { rule: 'sql/not-select', offset: 0, message: 'Only SELECT may be used: this data source can only be read.' }
  }
  const position = Number(facts['position'])
  const offset = Number.isSafeInteger(position) && position >= 0 && position < 16_777_216 ? position : 0
  const local = /\bAT\s+LOCAL\b/i.test(source) ? " Write AT TIME ZONE 'zone' for AT LOCAL." : ''
  const message = `DuckDB cannot read this.${local} Names that are words of its SQL, such as "at", stand in double quotes.`
  return { rule: 'sql/syntax', offset, message }
}

/** DuckDB makes such a PIVOT of several statements, the first of which writes: what it would read is not known before. */
function pivotWithoutValues(source: string): RawFinding | null {
  const pivot = /\bPIVOT(?:_WIDER)?\b/i.exec(source)
  if (pivot === null || !/^[\s;(]*(?:PIVOT(?:_WIDER)?|SELECT|FROM|WITH)\b/i.test(source)) return null
  const message =
    "PIVOT without IN makes columns of whatever values it finds. Name them: PIVOT orders ON status IN ('open', 'paid') USING sum(total); or write sum(total) FILTER (WHERE status = 'open') for each."
  return { rule: 'sql/syntax-not-allowed', offset: Buffer.byteLength(source.slice(0, pivot.index)), message }
}

const notCanonical: RawFinding = {
  rule: 'sql/not-canonical',
  offset: 0,
  message:
    'What this statement means could not be proven: it does not print as it was read. Write it in a simpler form.',
}

/** An analysis that was stopped becomes a refusal; a source that cannot be reached stays a fault. */
async function endingIsRefusal<Value>(analysis: Promise<Value>): Promise<Value | null> {
  try {
    return await analysis
  } catch (thrown) {
    if (thrown instanceof ServiceError && (thrown.code === 'deadline-exceeded' || thrown.code === 'query-failed')) {
      return null
    }
    throw thrown
  }
}

function factsOf(facts: TreeFacts) {
  const mentioned = new Set(facts.columns.map(({ name }) => name.toLowerCase()))
  const names = [...facts.relations].map((relation) => [`${relation.schema}.${relation.name}`, relation] as const)
  // A row as a whole goes by the name of its table or alias; only DuckDB knows which table each of the named columns
  // belongs to.
  const usesAll = facts.usesUnnamed || [...mentioned].some((name) => facts.ownNames.has(name))
  const columns = names.flatMap(([name, relation]) =>
    usableColumns(relation)
      .filter((column) => usesAll || mentioned.has(column.toLowerCase()))
      .map((column) => `${name}.${column}`),
  )
  return {
    relations: names.map(([name]) => name).sort(),
    columns: columns.sort(),
    functions: [...facts.functions].sort(),
  }
}
