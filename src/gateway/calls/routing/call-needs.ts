import type { Ability } from '../../../models/upstreams/options.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'

/** By the type of a part of a message, in each of the APIs. */
const needOfType: Readonly<Record<string, Ability>> = {
  image_url: 'pictures',
  input_image: 'pictures',
  image: 'pictures',
  input_audio: 'sound',
  audio: 'sound',
  file: 'files',
  input_file: 'files',
  document: 'files',
}

/** What is the caller's own data or a schema: a type in there is no part of a message. */
const opaque: ReadonlySet<string> = new Set(['arguments', 'input_schema', 'metadata', 'parameters', 'schema'])

/** What a request asks of its model beyond writing, by what stands in its body. */
export function needsOf(body: JsonObject): ReadonlySet<Ability> {
  const needs = new Set<Ability>()
  if ([body['tools'], body['functions']].some((tools) => Array.isArray(tools) && tools.length > 0)) needs.add('tools')
  if (asksForForm(body)) needs.add('json')
  if (asksToReason(body)) needs.add('reasoning')
  const { modalities } = body
  if (Array.isArray(modalities) && modalities.includes('audio')) needs.add('sound')
  visit([body['messages'], body['input'], body['system']], needs)
  return needs
}

function visit(value: unknown, needs: Set<Ability>): void {
  if (Array.isArray(value)) for (const element of value) visit(element, needs)
  else if (isObject(value)) {
    const { type } = value
    const need = typeof type === 'string' && Object.hasOwn(needOfType, type) ? needOfType[type] : undefined
    if (need !== undefined) needs.add(need)
    for (const [name, inner] of Object.entries(value)) if (!opaque.has(name)) visit(inner, needs)
  }
}

/** OpenAI: `response_format`, and `text.format` of Responses; Anthropic: `output_config.format`, before that `output_format`. */
function asksForForm(body: JsonObject): boolean {
  const { text, output_config: output } = body
  const inside = [text, output].map((holder) => (isObject(holder) ? holder['format'] : undefined))
  return [body['response_format'], body['output_format'], ...inside].some(
    (format) => isObject(format) && (format['type'] === 'json_object' || format['type'] === 'json_schema'),
  )
}

function asksToReason({ reasoning_effort: effort, reasoning, thinking }: JsonObject): boolean {
  const asked = isObject(reasoning) ? reasoning['effort'] : effort
  if (typeof asked === 'string' && asked !== 'none') return true
  return isObject(thinking) && thinking['type'] !== 'disabled'
}
