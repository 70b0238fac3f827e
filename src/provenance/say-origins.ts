import type { Taint } from '../core/provenance.ts'

const said: Readonly<Record<Taint, string>> = {
  user: 'what the person wrote',
  operator: 'instructions of the operator',
  row: 'rows of a data source',
  file: 'files',
  tool: 'output of programs',
  web: 'pages of others',
  model: 'words of a model',
  unknown: 'what nobody has followed',
}

/** Origins as a person reads them: "rows of a data source, files and what the person wrote". */
export function sayOrigins(origins: readonly Taint[]): string {
  const named = (Object.keys(said) as Taint[]).filter((taint) => origins.includes(taint)).map((taint) => said[taint])
  const last = named.at(-1) ?? said.unknown
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`
}
