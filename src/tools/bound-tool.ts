import { z } from 'zod'
import type { ToolSource } from '../core/events.ts'
import type { ModelToolName } from '../core/grant.ts'
import type { JsonValue } from '../core/json.ts'
import type { OnChanged } from './permit.ts'
import type { Tool, ToolOutcome } from './tool.ts'

/** A call whose arguments are what the tool asks for. */
export interface ReadyCall {
  readonly source: ToolSource | null
  execute(signal: AbortSignal, onChanged: OnChanged): Promise<ToolOutcome>
}

/** A tool as the agent uses it: the type of its input stays inside. */
export interface BoundTool {
  readonly name: ModelToolName
  readonly description: string
  readonly independent: boolean
  /** JSON Schema of the input. */
  readonly parameters: { readonly [key: string]: JsonValue }
  /** Reads the arguments a model wrote. A sentence for the model where they are not what the tool takes. */
  read(
    argumentsText: string,
  ): { readonly kind: 'ready'; readonly call: ReadyCall } | { readonly kind: 'invalid'; readonly message: string }
}

const schemas = new WeakMap<z.ZodType, BoundTool['parameters']>()

/** Made once of each input: every question binds its tools anew, and the inputs are the same. */
function schemaOf(input: z.ZodType): BoundTool['parameters'] {
  const known = schemas.get(input)
  if (known !== undefined) return known
  const made = z.toJSONSchema(input) as BoundTool['parameters']
  schemas.set(input, made)
  return made
}

export function bindTool<Input>(tool: Tool<Input>): BoundTool {
  const parameters = schemaOf(tool.input)
  return {
    name: tool.name,
    description: tool.description,
    independent: tool.independent,
    parameters,
    read(argumentsText) {
      const value = parseArguments(argumentsText)
      if (value === undefined) {
        return { kind: 'invalid', message: `the arguments are not JSON; they must match ${JSON.stringify(parameters)}` }
      }
      const input = tool.input.safeParse(value)
      if (!input.success) {
        return { kind: 'invalid', message: `the arguments do not fit: ${z.prettifyError(input.error)}` }
      }
      const call = {
        source: tool.source(input.data),
        execute: (signal: AbortSignal, onChanged: OnChanged) => tool.execute(input.data, signal, onChanged),
      }
      return { kind: 'ready', call }
    },
  }
}

/** Undefined for what is not JSON. No arguments at all are an empty object: models leave them out where nothing is required. */
function parseArguments(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
