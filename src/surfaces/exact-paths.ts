import { Router, type RequestHandler } from 'express'

/**
 * A router for each path that has no parameters and that none before it would match, by that path: it is found at once, where the
 * framework compares an address with every path that was registered before its own, which are some hundred.
 */
export function routersOfExactPaths(paths: readonly string[]): ReadonlyMap<string, Router> {
  const own = paths.filter(
    (path, index) => isExact(path) && !paths.slice(0, index).some((before) => mayMatch(before, path)),
  )
  return new Map(own.map((path) => [path, Router({ strict: true, caseSensitive: true })]))
}

/** Leads a request to the router of its path; all others go on. */
export function takeExactPaths(routers: ReadonlyMap<string, Router>): RequestHandler {
  return (request, response, next) => {
    const router = routers.get(request.path)
    if (router === undefined) next()
    else router(request, response, next)
  }
}

const isExact = (path: string): boolean => !/[^\w./-]/.test(path)

/** True where a pattern could match a path; of patterns that end anywhere their beginning is compared. */
function mayMatch(pattern: string, path: string): boolean {
  const beginning = /^[^*{(?]*(?=[*{(?])/.exec(pattern)?.[0]
  if (beginning !== undefined) return path.startsWith(beginning.slice(0, beginning.search(/:|$/)))
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  return wanted.length === given.length && wanted.every((each, at) => each.includes(':') || each === given[at])
}
