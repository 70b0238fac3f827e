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
  ahead?(signal: AbortSignal): void
  /** Reads the arguments a model wrote. A sentence for the model where they are not what the tool takes. */
  read(
    argumentsText: string,
  ): { readonly kind: 'ready'; readonly call: ReadyCall } | { readonly kind: 'invalid'; readonly message: string }
}

const schemas = new WeakMap<z.ZodType, BoundTool['parameters']>()

/** Made once of each input: every question binds its tools anew, and the inputs are the same. */
export function schemaOf(input: z.ZodType): BoundTool['parameters'] {
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
    ...(tool.ahead === undefined ? {} : { ahead: (signal: AbortSignal) => tool.ahead?.(signal) }),
    read(argumentsText) {
      const input = readArguments(tool.input, argumentsText)
      if (input.kind === 'invalid') return input
      const call = {
        source: tool.source(input.value),
        execute: (signal: AbortSignal, onChanged: OnChanged) => tool.execute(input.value, signal, onChanged),
      }
      return { kind: 'ready', call }
    },
  }
}

/** The arguments that a model wrote. A sentence for the model where they are not what the input takes. */
export function readArguments<Input>(
  input: z.ZodType<Input>,
  argumentsText: string,
): { readonly kind: 'ready'; readonly value: Input } | { readonly kind: 'invalid'; readonly message: string } {
  const value = parseArguments(argumentsText)
  if (value === undefined) {
    const parameters = JSON.stringify(schemaOf(input))
    return { kind: 'invalid', message: `the arguments are not JSON; they must match ${parameters}` }
  }
  const read = input.safeParse(value)
  if (!read.success) return { kind: 'invalid', message: `the arguments do not fit: ${z.prettifyError(read.error)}` }
  return { kind: 'ready', value: read.data }
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
