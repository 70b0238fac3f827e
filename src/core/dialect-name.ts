const names: Readonly<Record<string, string>> = { duckdb: 'DuckDB', mysql: 'MySQL' }

/** The name of the dialect that the prompt asks a model to write for this kind of database. */
export function dialectName(kind: string): string {
  return (Object.hasOwn(names, kind) ? names[kind] : undefined) ?? 'PostgreSQL'
}
