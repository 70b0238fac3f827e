import { z } from 'zod'
import { taints, thingKinds } from '../../core/provenance.ts'
import type { RunExplanation } from '../../sessions/explain-run.ts'
import { origins } from './origins.ts'

/** Why calls of a run were stopped, and what it was made of: ids and origins, never contents. */
export const runExplanation = z
  .object({
    id: z.string(),
    object: z.literal('run.explanation'),
    conversation: z.string(),
    status: z.enum(['running', 'completed', 'incomplete', 'failed', 'cancelled', 'interrupted']),
    calls: z.array(
      z.object({
        call: z.int().nullable().describe('From 1 on, in the order of the run.'),
        tool: z.string(),
        outcome: z.enum(['asked', 'refused', 'planned', 'put-back']),
        rules: z.array(z.string()),
        sentence: z.string().describe('What was asked, by which data, and what came of it.'),
        ran: z.boolean(),
        reads: z
          .array(
            z.object({
              id: z.string(),
              call: z.int().nullable(),
              tool: z.string().nullable(),
              origin: z.enum(taints),
            }),
          )
          .describe(
            'What the model had read that the call may come of, as on the audit trail; `call` is the one that gave it.',
          ),
      }),
    ),
    lineage: z
      .array(z.object({ id: z.string(), kind: z.enum(thingKinds), origins, made_of: z.array(z.string()) }))
      .nullable()
      .describe('What everything in the run was made of; null where the run has not ended.'),
  })
  .meta({ id: 'RunExplanation' })

export type RunExplanationJson = z.infer<typeof runExplanation>

export function toRunExplanation({ run, conversation, state, calls, lineage }: RunExplanation): RunExplanationJson {
  return {
    id: run,
    object: 'run.explanation',
    conversation,
    status: state,
    calls: calls.map(({ call, tool, outcome, rules, sentence, ran, reads }) => {
      const read = reads.map(({ id, call: from, tool: by, origin }) => ({ id, call: from, tool: by, origin }))
      return { call, tool, outcome, rules: [...rules], sentence, ran, reads: read }
    }),
    lineage:
      lineage?.map(({ id, kind, origins: of, from }) => ({ id, kind, origins: [...of], made_of: [...from] })) ?? null,
  }
}

/** The other way, for who asks a service elsewhere. */
export function explanationOf({ id, conversation, status, calls, lineage }: RunExplanationJson): RunExplanation {
  const things = lineage?.map(({ id: thing, kind, origins: of, made_of: from }) => ({
    id: thing,
    kind,
    origins: of,
    from,
  }))
  return { run: id, conversation, state: status, calls, lineage: things ?? null }
}
