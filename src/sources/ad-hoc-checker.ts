import type { SqlSource } from './source.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Vetted } from '../core/vetted.ts'
import { bindPolicy } from '../validators/sql/bind-policy.ts'
import { createPostgresqlGate } from '../validators/sql/postgresql/gate.ts'
import { type SqlGateOptions, sqlPolicyOptions } from '../validators/sql/options.ts'
import type { Databases } from './databases.ts'

export interface AdHocChecker extends AsyncDisposable {
  check(statement: string, signal: AbortSignal): Promise<Verdict<Vetted<'sql'>>>
}

/** A gate over DDL alone: there are no rows, and nothing runs. */
export async function openAdHocChecker(
  { config, databases }: { readonly config: { readonly sql: SqlGateOptions }; readonly databases: Databases },
  source: SqlSource & { readonly kind: 'ad-hoc' },
  signal: AbortSignal,
): Promise<AdHocChecker> {
  const { catalog, shadow } = await databases.adHoc(source.schema, signal)
  try {
    const allowed = source.allow === 'everything' ? everything(catalog.relations) : source.allow
    const relations = Object.fromEntries(allowed.map(({ relation, columns }) => [relation, columns]))
    const policy = bindPolicy(sqlPolicyOptions.parse({ relations }), catalog)
    const gate = createPostgresqlGate({ source: 'ad-hoc', catalog, shadow, policy, options: config.sql })
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
