import { isObject, type JsonObject } from '../../apis/api.ts'
import type { MaskedChoice } from '../mask/mask-body.ts'

const none: ReadonlyMap<string, string> = new Map()
const ofTool = /^(tools|functions)\[(\d+)\]/

/**
 * The texts of a tool's own schema that are listed there (`enum`, `const`) and hold values, as the model sees them and as they
 * were written, by the tool's name: whoever listed them is told nothing by having them back.
 */
export function choicesByTool(
  body: JsonObject,
  choices: readonly MaskedChoice[],
): (tool: string) => ReadonlyMap<string, string> {
  const byTool = new Map<string, Map<string, string>>()
  for (const { path, masked, text } of choices) {
    const [, list = '', index = ''] = ofTool.exec(path) ?? []
    const tools = body[list]
    const tool: unknown = Array.isArray(tools) ? tools[Number(index)] : null
    const name = isObject(tool) ? nameOf(tool) : null
    if (name !== null) byTool.set(name, (byTool.get(name) ?? new Map<string, string>()).set(masked, text))
  }
  return (tool) => byTool.get(tool) ?? none
}

function nameOf(tool: JsonObject): string | null {
  const named = isObject(tool['function']) ? tool['function']['name'] : tool['name']
  return typeof named === 'string' ? named : null
}
