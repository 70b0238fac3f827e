const names: Readonly<Record<string, string>> = { duckdb: 'DuckDB', mysql: 'MySQL' }

/** What a model is told to write for a database of this kind. */
export function dialectName(kind: string): string {
  return (Object.hasOwn(names, kind) ? names[kind] : undefined) ?? 'PostgreSQL'
}
