import { bindPolicy } from '../../../src/validators/sql/bind-policy.ts'
import { createExaminer } from '../../../src/validators/sql/postgresql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { createFakeCatalog } from './fake-shadow.ts'

/** The audits that the gate writes for a statement over tables of these columns and types, all under the same rules. */
export async function auditTexts(
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
  rules: { readonly columns: Readonly<Record<string, string>>; readonly entity_key: string; readonly row_key?: string },
  sql: string,
): Promise<readonly string[]> {
  const { columns, entity_key, row_key } = rules
  const relation = { columns, other_columns: 'allow', entity_key, ...(row_key === undefined ? {} : { row_key }) }
  const relations = Object.fromEntries(Object.keys(tables).map((name) => [name, relation]))
  const policy = bindPolicy(sqlPolicyOptions.parse({ relations }), createFakeCatalog(tables))
  const examined = (await createExaminer({ policy, major: 18, options: sqlGateOptions.parse({}) }))(sql)
  if (examined.kind !== 'examined') throw new Error(JSON.stringify(examined))
  return examined.value.plan.audits.map(({ text }) => text)
}
