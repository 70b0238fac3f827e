import type { NamedInBody } from '../../core/model-call.ts'
import type { JsonObject } from './api.ts'
import { elementsOf } from './members.ts'

/**
 * Of tools with their paths those that a provider runs by itself: everything but the types that the client runs. A type
 * that is not known counts as hosted, since a new tool of a provider must not be used before somebody has granted it.
 */
export function hostedTools(
  tools: readonly (readonly [tool: JsonObject, path: string])[],
  clientRun: RegExp,
): readonly NamedInBody[] {
  return tools.flatMap(([tool, path]) => {
    const type = tool['type'] ?? 'custom'
    // A namespace is a list of tools.
    if (typeof type === 'string' && clientRun.test(type)) {
      return hostedTools(elementsOf(tool['tools'], `${path}.tools`), clientRun)
    }
    return [{ name: typeof type === 'string' ? type : 'unknown', parameter: `${path}.type` }]
  })
}

/**
 * The right that a member of a body needs wherever it says anything: servers and searches that the provider runs, and
 * other models than the one that is asked for, which it may turn to (`fallbacks` of Anthropic, `models` of routers that
 * speak OpenAI's APIs).
 */
export function neededFor(body: JsonObject, member: string, right: string): readonly NamedInBody[] {
  return (body[member] ?? null) === null ? [] : [{ name: right, parameter: member }]
}

/** Does a right by this name cover the tool? `web_search` covers `web_search_preview` and every dated version of both. */
export function covers(right: string, tool: string): boolean {
  return tool === right || tool.startsWith(`${right}_`)
}
