import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'

/** One endpoint of a provider, as its own client asks it. */
export interface Endpoint {
  readonly method: string
  /** With `/v1`, without a query; `x_1` stands where an id goes. */
  readonly path: string
  /** What stands behind the `?` of the address; empty without one. */
  readonly query: string
}

const require = createRequire(import.meta.url)

/** Where the parts of a client's API stand, one file for each kind of thing. */
export const resourcesOf = (client: string): string => join(dirname(require.resolve(client)), 'resources')

const asked =
  /\b_client\s*\.(get|post|put|patch|delete|getAPIList)\(\s*(?:\(0, path_\d\.path\))?\s*(?:'([^']+)'|`([^`]+)`)/g

/** Every endpoint that a client of a provider can ask, by the program of the client itself; each once with each of its queries. */
export function endpointsOf(client: string): readonly Endpoint[] {
  const found = new Map<string, Endpoint>()
  for (const file of globSync('**/*.js', { cwd: resourcesOf(client) })) {
    for (const [, verb = '', plain, template] of readFileSync(join(resourcesOf(client), file), 'utf8').matchAll(
      asked,
    )) {
      const method = verb === 'getAPIList' ? 'GET' : verb.toUpperCase()
      const [bare = '', query = ''] = (plain ?? template ?? '').replaceAll(/\$\{[^}]+\}/g, 'x_1').split('?')
      const path = bare.startsWith('/v1/') ? bare : `/v1${bare}`
      found.set(`${method} ${path}?${query}`, { method, path, query })
    }
  }
  return [...found.values()]
}
