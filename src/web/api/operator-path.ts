import type { OperatorRoutes } from './generated/operators.ts'

export type OperatorRoute = keyof OperatorRoutes

/** What fills a route: `{id}` of its path, and its query. */
export interface Filling {
  readonly id?: string | undefined
  readonly query?: object | undefined
}

/** The method of a route, and its path with the id and the query in it. Throws TypeError where a path wants an id and has none. */
export function operatorPath(
  route: OperatorRoute,
  { id, query }: Filling,
): { readonly method: string; readonly path: string } {
  const [method = '', pattern = ''] = route.split(' ')
  // A browser would take `..` for the folder above, and ask another route.
  if (pattern.includes('{id}') && ['', '.', '..'].includes(id ?? '')) {
    throw new TypeError(`${route} is of one thing, and none is named.`)
  }
  const path = pattern.replace('{id}', encodeURIComponent(id ?? ''))
  const members = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(members.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return { method, path: text === '' ? path : `${path}?${text}` }
}
