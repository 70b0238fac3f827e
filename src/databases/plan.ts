import type { PlanEstimate } from '../core/statement.ts'
import type { Vetted } from '../core/vetted.ts'
import type { Session } from './session.ts'
import { textArray } from './text-array.ts'

/**
 * Relations reached from the given ones by way of views, partitions and inheritance, and functions in SQL that the given
 * ones or these views call: the planner can write their bodies into the statement, and the tables of those with them.
 */
const behindStatement = `
  WITH RECURSIVE behind (oid) AS (
    SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE pg_catalog.format('%s.%s', n.nspname, c.relname) = ANY ($1::pg_catalog.text[])
    UNION
    SELECT next.oid FROM behind b CROSS JOIN LATERAL (
      SELECT d.refobjid AS oid
      FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d ON d.objid = r.oid
      WHERE r.ev_class = b.oid AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      UNION ALL
      SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = b.oid
    ) AS next
  )
  SELECT 'relation', pg_catalog.format('%s.%s', n.nspname, c.relname)
  FROM behind b JOIN pg_catalog.pg_class c ON c.oid = b.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'function', pg_catalog.format('%s.%s', n.nspname, p.proname)
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE l.lanname = 'sql' AND n.nspname <> 'pg_catalog' AND (
    pg_catalog.format('%s.%s', n.nspname, p.proname) = ANY ($2::pg_catalog.text[])
    OR EXISTS (
      SELECT FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d ON d.objid = r.oid
      WHERE r.ev_class IN (SELECT oid FROM behind) AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid = p.oid))`

/**
 * What the planner makes of a statement, which it does not run. Planning folds constants, so the caller bounds what a
 * statement may hold before it gets here. What lies behind the statement's own relations (the tables of a view,
 * partitions) is named by the statement's own. Where a function in SQL is called, what its body reads is its own affair:
 * whoever names a function in a policy trusts it.
 */
export async function estimatePlan(
  session: Session,
  statement: Pick<Vetted<'sql'>, 'text' | 'relations' | 'functions'>,
): Promise<PlanEstimate> {
  const { rows } = await session.run(`EXPLAIN (VERBOSE, FORMAT JSON) ${statement.text}`)
  const [plan] = JSON.parse(rows.map((row) => row[0] ?? '').join('')) as { Plan: PlanNode }[]
  if (plan === undefined) throw new Error('EXPLAIN answered no plan')
  const read = relationsOf(plan.Plan)
  const own = new Set(statement.relations)
  const others = [...read].filter((relation) => !own.has(relation))
  const behind = others.length === 0 ? null : await lookBehind(session, statement)
  const isExplained = (relation: string): boolean =>
    behind === null || behind.callsSql || behind.relations.has(relation)
  return {
    cost: plan.Plan['Total Cost'],
    rows: plan.Plan['Plan Rows'],
    relations: [...read].filter((relation) => own.has(relation) || !isExplained(relation)).sort(),
  }
}

interface PlanNode {
  readonly 'Total Cost': number
  readonly 'Plan Rows': number
  readonly 'Relation Name'?: string
  readonly Schema?: string
  readonly Plans?: readonly PlanNode[]
}

function relationsOf(node: PlanNode, found = new Set<string>()): Set<string> {
  if (node['Relation Name'] !== undefined) found.add(`${node.Schema ?? 'pg_temp'}.${node['Relation Name']}`)
  for (const child of node.Plans ?? []) relationsOf(child, found)
  return found
}

async function lookBehind(
  session: Session,
  { relations, functions }: Pick<Vetted<'sql'>, 'relations' | 'functions'>,
): Promise<{ readonly relations: ReadonlySet<string>; readonly callsSql: boolean }> {
  const called = functions.map((signature) => signature.replace(/\([^()]*\)$/, ''))
  const { rows } = await session.run(behindStatement, [textArray(relations), textArray(called)])
  const found = rows.flatMap(([kind, name]) => (kind === 'relation' && name != null ? [name] : []))
  return { relations: new Set(found), callsSql: rows.some(([kind]) => kind === 'function') }
}
