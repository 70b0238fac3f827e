import type { ServerResponse } from 'node:http'

const routeName = Symbol('route')

interface Routed extends ServerResponse {
  [routeName]?: string
}

/** Notes which route answers, for the log: what a caller wrote in its place may be any text. */
export function nameRoute(response: ServerResponse, path: string): void {
  ;(response as Routed)[routeName] = path
}

/** null where no route answers. */
export function routeOf(response: ServerResponse): string | null {
  return (response as Routed)[routeName] ?? null
}
