import { isObject, type JsonObject } from '../../apis/api.ts'
import type { MaskedChoice } from '../mask/mask-body.ts'

const none: ReadonlySet<string> = new Set()
const ofTool = /^(tools|functions)\[(\d+)\]/

/**
 * The tokens in a tool's own schema that stand for values which its caller lists there (`enum`, `const`), by the tool's name:
 * whoever listed them is told nothing by having them back.
 */
export function choicesByTool(
  body: JsonObject,
  choices: readonly MaskedChoice[],
): (tool: string) => ReadonlySet<string> {
  const byTool = new Map<string, Set<string>>()
  for (const { path, token } of choices) {
    const [, list = '', index = ''] = ofTool.exec(path) ?? []
    const tools = body[list]
    const tool: unknown = Array.isArray(tools) ? tools[Number(index)] : null
    const name = isObject(tool) ? nameOf(tool) : null
    if (name !== null) byTool.set(name, (byTool.get(name) ?? new Set()).add(token))
  }
  return (tool) => byTool.get(tool) ?? none
}

function nameOf(tool: JsonObject): string | null {
  const named = isObject(tool['function']) ? tool['function']['name'] : tool['name']
  return typeof named === 'string' ? named : null
}
