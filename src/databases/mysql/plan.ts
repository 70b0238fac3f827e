import type { PlanEstimate } from '../../core/statement.ts'
import { namesIn } from './canonical-names.ts'
import type { MysqlConnection } from './connection.ts'

/**
 * What the planner expects of a statement: the rows it looks at, which is the product of the tables that are joined, for
 * every query in it. Tables are named by their aliases, which a canonical text makes unique; what is not among them stands
 * in the answer under a schema that no statement has.
 */
export async function estimatePlan(
  connection: MysqlConnection,
  statement: { readonly text: string },
): Promise<PlanEstimate> {
  const { fields, rows } = await connection.run(`EXPLAIN FORMAT=TRADITIONAL ${statement.text}`)
  const place = (name: string): number => fields.findIndex((field) => field.name.toLowerCase() === name)
  const [idAt, tableAt, rowsAt] = [place('id'), place('table'), place('rows')]
  const { aliases } = namesIn(statement.text)
  const products = new Map<string, number>()
  const relations = new Set<string>()
  for (const row of rows) {
    const [id, table] = [String(row[idAt]), row[tableAt] === null ? null : String(row[tableAt])]
    products.set(id, (products.get(id) ?? 1) * Math.max(1, Number(row[rowsAt] ?? 1)))
    if (table !== null && !table.startsWith('<')) relations.add(aliases.get(table) ?? `?.${table}`)
  }
  const looked = [...products.values()].reduce((sum, product) => sum + product, 0)
  return { cost: looked, rows: looked, relations: [...relations].sort() }
}
