import { z } from 'zod'
import type { JsonObject } from './json-object.ts'
import type { McpCaller, McpTool, ToolCall, ToolHints, ToolOutcome } from './tool.ts'

/** What `tools/list` says of a tool. */
export interface ToolListing {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonObject
  readonly outputSchema: JsonObject
  readonly annotations: ToolHints
}

/** A tool as the protocol uses it: the types of its input and its output stay inside. */
export interface BoundMcpTool {
  readonly listing: ToolListing
  readonly isFor: (caller: McpCaller) => boolean
  /** A sentence for the model where the arguments are not what the tool takes. */
  read(
    input: unknown,
  ):
    | { readonly kind: 'ready'; readonly execute: (call: ToolCall) => Promise<ToolOutcome<JsonObject>> }
    | { readonly kind: 'invalid'; readonly message: string }
}

export function bindMcpTool<Input, Output extends JsonObject>(tool: McpTool<Input, Output>): BoundMcpTool {
  const { name, title, description, hints } = tool
  const listing = {
    name,
    title,
    description,
    inputSchema: schemaOf(tool.input, 'input'),
    outputSchema: schemaOf(tool.output, 'output'),
    annotations: hints,
  }
  return {
    listing,
    isFor: tool.isFor,
    read(input) {
      const read = tool.input.safeParse(input ?? {})
      if (!read.success) return { kind: 'invalid', message: z.prettifyError(read.error) }
      return { kind: 'ready', execute: (call) => tool.execute(read.data, call) }
    },
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  return z.toJSONSchema(schema, { io }) as JsonObject
}
