import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'

const routes = new WeakMap<ServerResponse, string>()

/** Notes which route answers, for the log: what a caller wrote in its place may be any text. */
export function nameRoute(path: string): RequestHandler {
  return (_request, response, next) => {
    routes.set(response, path)
    next()
  }
}

/** null where no route answers. */
export function routeOf(response: ServerResponse): string | null {
  return routes.get(response) ?? null
}
