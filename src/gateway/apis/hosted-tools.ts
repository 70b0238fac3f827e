import type { NamedInBody } from '../../core/model-call.ts'
import { isObject, type JsonObject } from './api.ts'
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
    // Without a type it is the client's where it has a name: `{ googleSearch: {} }` is one that a provider runs.
    const isNamed = typeof tool['name'] === 'string' || isObject(tool['function'])
    const type = tool['type'] ?? (isNamed ? 'custom' : 'unknown')
    // A namespace is a list of tools.
    if (typeof type === 'string' && clientRun.test(type)) {
      return hostedTools(elementsOf(tool['tools'], `${path}.tools`), clientRun)
    }
    return [{ name: typeof type === 'string' ? type : 'unknown', parameter: `${path}.type` }]
  })
}

/**
 * The right that a member of a body needs wherever it says anything: servers and searches that the provider runs, and
 * other models than the one that is asked for, which it may turn to.
 */
export function neededFor(body: JsonObject, member: string, right: string): readonly NamedInBody[] {
  return (body[member] ?? null) === null ? [] : [{ name: right, parameter: member }]
}

/** Does a right by this name cover the tool? `web_search` covers `web_search_preview` and every dated version of both. */
export function covers(right: string, tool: string): boolean {
  return tool === right || tool.startsWith(`${right}_`)
}

const otherModels = ['models', 'fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks', 'preset']
const searches = ['web_search_options', 'plugins', 'search_parameters', 'enable_search']

/**
 * The rights that members of a body for an OpenAI-compatible endpoint need: other models than the one that is asked for
 * (OpenRouter's `models` and `preset`, LiteLLM's `fallbacks`), and searches (`plugins` of OpenRouter, `search_parameters`
 * of xAI, `enable_search` of DashScope). A list of known names: an endpoint with others has to be kept from them itself.
 */
export function neededForExtensions(body: JsonObject): readonly NamedInBody[] {
  return [
    ...searches.flatMap((member) => (body[member] === false ? [] : neededFor(body, member, 'web_search'))),
    ...otherModels.flatMap((member) => neededFor(body, member, 'fallbacks')),
  ]
}
