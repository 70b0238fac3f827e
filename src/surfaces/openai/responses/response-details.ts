import type { ResponseRequest } from '../wire/response-request.ts'
import { z } from 'zod'
import type { Run } from '../../../core/conversations.ts'
import type { ResponseHead } from '../wire/response-json.ts'
import { containerIdOf, responseIdOf } from './response-ids.ts'

/** What is kept of a response beside its run. */
const responseDetails = z.object({
  surface: z.literal('responses'),
  /** How many of its items were said to it. */
  inputs: z.int().min(0),
  instructions: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  background: z.boolean(),
  /** The response and the conversation that were named. */
  previous: z.string().nullable(),
  conversation: z.string().nullable(),
  /** The container that was named; null for the one of the conversation. */
  container: z.string().nullable().default(null),
  maxOutputTokens: z.int().nullable().default(null),
  maxToolCalls: z.int().nullable().default(null),
  toolChoice: z.enum(['none', 'auto']).default('auto'),
})

export type ResponseDetails = z.infer<typeof responseDetails>

/** Null for a run of another surface. */
export function detailsOf({ details }: Run): ResponseDetails | null {
  const parsed = responseDetails.safeParse(details)
  return parsed.success ? parsed.data : null
}

/** The container that the programs of a run ran in. */
export const containerOfRun = (run: Run): string => detailsOf(run)?.container ?? containerIdOf(run.conversation)

export function headOf(run: Run, details: ResponseDetails): ResponseHead {
  const { surface: _surface, inputs: _inputs, ...said } = details
  return {
    ...said,
    id: responseIdOf(run.id),
    created: Math.floor(run.begun.getTime() / 1_000),
    model: run.model,
    store: true,
  }
}

/** What a response says again of what it was asked with. */
export function saidOf(body: ResponseRequest) {
  return {
    instructions: body.instructions ?? null,
    metadata: body.metadata ?? {},
    background: body.background === true,
    maxOutputTokens: body.max_output_tokens ?? null,
    maxToolCalls: body.max_tool_calls ?? null,
    toolChoice: body.tool_choice ?? 'auto',
  }
}
