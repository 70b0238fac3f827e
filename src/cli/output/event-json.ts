import type { AgentEvent } from '../../core/events.ts'
import type { JsonValue } from '../../core/json.ts'
import { cellJson, tableJson } from '../../surfaces/wire/cell.ts'
import { groundingJson } from '../../surfaces/wire/grounding.ts'
import { toFindings } from '../../surfaces/wire/sql.ts'
import type { PlanStep } from '../../core/plan.ts'

/** What a person has to allow first, where somebody is waited for. */
export function approvalJson({ approval }: Pick<Extract<AgentEvent, { type: 'end' }>, 'approval'>) {
  return approval === undefined ? {} : { approval: { id: approval.id, expires_at: approval.expires.toISOString() } }
}

/** A plan for programs. */
export const planJson = (steps: readonly PlanStep[]) => steps.map(({ text, status }) => ({ text, status }))

/** One event of a run as a line of `--output stream-json`; an artifact's content is replaced by where it was saved. */
export function eventJson(event: AgentEvent, path: string | null): JsonValue {
  switch (event.type) {
    case 'step-start':
      return { type: event.type, step: event.step }
    case 'text-delta':
      return { type: event.type, step: event.step, text: event.text }
    case 'plan':
      return { type: event.type, steps: planJson(event.steps) }
    case 'tool-call': {
      const source = event.source === null ? null : { language: event.source.language, text: event.source.text }
      return { type: event.type, call_id: event.callId, tool: event.tool, source }
    }
    case 'tool-refusal': {
      const { type, callId, tool, findings, message } = event
      return { type, call_id: callId, tool, findings: toFindings(findings), message }
    }
    case 'tool-result':
      return {
        type: event.type,
        call_id: event.callId,
        tool: event.tool,
        duration_ms: event.milliseconds,
        cell: event.cell === null ? null : cellJson(event.cell),
        table: event.table === null ? null : tableJson(event.table),
        ...(event.number === undefined ? {} : { run: event.number }),
        ran_in: event.ranIn,
        summary: event.summary,
        findings: toFindings(event.findings ?? []),
      }
    case 'tool-failure':
      return { type: event.type, call_id: event.callId, tool: event.tool, message: event.message }
    case 'artifact':
      return {
        type: event.type,
        name: event.artifact.name,
        media_type: event.artifact.mediaType,
        path,
        masked: event.artifact.isMasked === true,
      }
    case 'end':
      return {
        type: event.type,
        ending: event.ending,
        message: event.message,
        code: event.code ?? null,
        ...approvalJson(event),
        usage: { input_tokens: event.usage.inputTokens, output_tokens: event.usage.outputTokens },
        steps: event.steps,
        duration_ms: event.milliseconds,
        findings: toFindings(event.findings ?? []),
        ...(event.grounding === undefined ? {} : { grounding: groundingJson(event.grounding) }),
      }
  }
}
