import type { PlanEstimate } from './database.ts'
import type { Session } from './session.ts'

/** Relations reached from the given ones by way of views, partitions and inheritance. */
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
  SELECT pg_catalog.format('%s.%s', n.nspname, c.relname)
  FROM behind b JOIN pg_catalog.pg_class c ON c.oid = b.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`

/**
 * What the planner makes of a statement, which it does not run. Planning folds constants, so the caller bounds what a
 * statement may hold before it gets here. What lies behind the statement's own relations (the tables of a view,
 * partitions) is named by the statement's own.
 */
export async function estimatePlan(
  session: Session,
  statement: { readonly text: string; readonly relations: readonly string[] },
): Promise<PlanEstimate> {
  const { rows } = await session.run(`EXPLAIN (VERBOSE, FORMAT JSON) ${statement.text}`)
  const [plan] = JSON.parse(rows.map((row) => row[0] ?? '').join('')) as { Plan: PlanNode }[]
  if (plan === undefined) throw new Error('EXPLAIN answered no plan')
  const read = relationsOf(plan.Plan)
  const own = new Set(statement.relations)
  const others = [...read].filter((relation) => !own.has(relation))
  const behind = others.length === 0 ? new Set<string>() : await relationsBehind(session, statement.relations)
  return {
    cost: plan.Plan['Total Cost'],
    rows: plan.Plan['Plan Rows'],
    relations: [...read].filter((relation) => own.has(relation) || !behind.has(relation)).sort(),
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

async function relationsBehind(session: Session, relations: readonly string[]): Promise<Set<string>> {
  const list = relations.map((name) => `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')
  const { rows } = await session.run(behindStatement, [`{${list}}`])
  return new Set(rows.map((row) => row[0] ?? ''))
}
