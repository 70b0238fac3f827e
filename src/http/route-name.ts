import type { ServerResponse } from 'node:http'

const routes = new WeakMap<ServerResponse, string>()

/** Notes which route answers, for the log: what a caller wrote in its place may be any text. */
export function nameRoute(response: ServerResponse, path: string): void {
  routes.set(response, path)
}

/** null where no route answers. */
export function routeOf(response: ServerResponse): string | null {
  return routes.get(response) ?? null
}
