/** The names in a canonical text, which the gate writes so that each is unique: tables `t1`, `t2`, …, WITH queries `w1`, … */
export interface CanonicalNames {
  /** Alias → `schema.relation`. */
  readonly aliases: ReadonlyMap<string, string>
  /** Aliases of subqueries and names of WITH queries: no table of the server's. */
  readonly made: ReadonlySet<string>
}

export function namesIn(text: string): CanonicalNames {
  const code = text.replaceAll(/'(?:[^']|'')*'/g, "''")
  const tables = [...code.matchAll(/`([^`]+)`\.`([^`]+)` AS `(t\d+)`/g)]
  const made = [...code.matchAll(/(?:\)|`w\d+`) AS `(t\d+)`|`(w\d+)` AS \(/g)].map(
    ([, alias, query]) => alias ?? query ?? '',
  )
  return {
    aliases: new Map(tables.map(([, schema, name, alias]) => [alias ?? '', `${schema}.${name}`])),
    made: new Set(made),
  }
}
