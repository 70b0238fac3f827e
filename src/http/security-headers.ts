import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

const setAll = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
})

/** Name and value of each header that keeps an answer inert wherever it is shown. No request changes them: helmet is asked once. */
export const securityHeaders: readonly (readonly [name: string, value: string])[] = readHeaders()

function readHeaders(): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = []
  const recorder = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  }
  setAll({} as IncomingMessage, recorder as unknown as ServerResponse, (fault?: unknown) => {
    if (fault !== undefined) throw fault
  })
  return headers
}
