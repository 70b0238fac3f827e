import type { NamedInBody } from '../../core/model-call.ts'
import type { JsonObject } from './api.ts'
import { elementsOf } from './members.ts'

/**
 * The tools of a request that its provider runs by itself: everything but the types that the client runs. A type that is
 * not known counts as hosted, since a new tool of a provider must not be used before somebody has granted it.
 */
export function hostedTools(body: JsonObject, clientRun: RegExp): readonly NamedInBody[] {
  return elementsOf(body['tools'], 'tools').flatMap(([tool, path]) => {
    const type = tool['type'] ?? 'custom'
    if (typeof type === 'string' && clientRun.test(type)) return []
    return [{ name: typeof type === 'string' ? type : 'unknown', parameter: `${path}.type` }]
  })
}

/** Does a right by this name cover the tool? `web_search` covers `web_search_preview` and every dated version of both. */
export function covers(right: string, tool: string): boolean {
  return tool === right || tool.startsWith(`${right}_`)
}
