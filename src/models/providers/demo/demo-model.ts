import type { Model, ModelEvent, ModelMessage, ModelRequest, ToolRequest } from '../../model.ts'
import { findScript, scripts } from './find-script.ts'
import type { CallingTurn, Script, Seen } from './script.ts'
import { readToolResult, unexpected } from './tool-result.ts'

/** Put before an answer on interfaces that have only its text, so that nobody takes it for a real model's. */
export const demoLabel =
  'Scripted demo model: the steps were written in advance; what the tools returned, and every number, is from this run.'

/** Questions the demo model knows, numbered from 1 in this order. */
export const demoQuestions: readonly string[] = scripts.map((script) => script.question)

/** A model whose turns are written in advance. It goes through the same loop, validators, sandboxes and filters as any other. */
export function createDemoModel(): Model {
  return { id: 'demo', scripted: true, turn }
}

async function* turn(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void> {
  signal.throwIfAborted()
  const asked = request.messages.findLastIndex((message) => message.role === 'user')
  const since = request.messages.slice(asked + 1)
  const script = findScript(request.messages[asked]?.content ?? '')
  const missing = script?.tools.filter((name) => !request.tools.some((tool) => tool.name === name)) ?? []
  const { calling, text } = step(script, missing, since)
  for (const piece of text.match(/\s*\S+|\s+$/g) ?? []) {
    signal.throwIfAborted()
    yield { type: 'text-delta', text: piece }
  }
  const calls = calling === null ? [] : toRequests(calling, since)
  for (const call of calls) yield { type: 'tool-call', call }
  const prompt = request.messages.reduce((sum, message) => sum + message.content.length, 0)
  const usage = { inputTokens: Math.ceil(prompt / 4), outputTokens: Math.ceil(text.length / 4), estimated: true }
  yield { type: 'finish', reason: calls.length > 0 ? 'tool-calls' : 'stop', usage }
}

interface Step {
  /** Null at the end. */
  readonly calling: CallingTurn | null
  readonly text: string
}

/** Throws where a tool answered something that no wall explains. */
function step(script: Script | null, missing: readonly string[], since: readonly ModelMessage[]): Step {
  if (script === null) return { calling: null, text: unknownQuestion() }
  if (missing.length > 0) {
    const text = `This question needs ${missing.join(' and ')}, which your group is not granted here.`
    return { calling: null, text }
  }
  try {
    const calling = script.turns[turnsTaken(since)]?.(seenIn(since)) ?? null
    return { calling, text: calling === null ? script.answer(seenIn(since)) : calling.say }
  } catch (thrown) {
    const refusal = refusedAtLast(since)
    if (refusal === null) throw thrown
    return { calling: null, text: otherSource(refusal) }
  }
}

/** Why the last round of calls came to nothing; null where it did not. A source that is not the sample shop refuses its tables. */
function refusedAtLast(since: readonly ModelMessage[]): string | null {
  const round = since.slice(since.findLastIndex((message) => message.role === 'assistant') + 1)
  const results = round.filter((message) => message.role === 'tool').map((message) => readToolResult(message.content))
  return results.find((result) => result.refused)?.text ?? null
}

function turnsTaken(since: readonly ModelMessage[]): number {
  return since.filter((message) => message.role === 'assistant').length
}

function seenIn(since: readonly ModelMessage[]): Seen {
  const results = since.filter((message) => message.role === 'tool').map((message) => readToolResult(message.content))
  return {
    results,
    at(position) {
      const result = results[position]
      if (result === undefined) throw unexpected(`a tool result number ${position + 1}`, `${results.length} results`)
      return result
    },
  }
}

function toRequests(calling: CallingTurn, since: readonly ModelMessage[]): ToolRequest[] {
  return calling.calls.map((call, position) => ({
    callId: `demo_${turnsTaken(since) + 1}_${position + 1}`,
    name: call.tool,
    argumentsText: JSON.stringify(call.input),
  }))
}

function otherSource(refusal: string): string {
  return [
    'This question is about the sample shop, and a step of it was refused here:',
    '',
    ...refusal.split('\n').map((line) => `    ${line}`),
    '',
    `No model is configured here. ${realModel}`,
  ].join('\n')
}

const realModel =
  'For any other question, configure a real model: set `SALLYPORT_MODEL_BASE_URL`, `SALLYPORT_MODEL_NAME` and, where the endpoint wants one, `SALLYPORT_MODEL_API_KEY` to an OpenAI-compatible endpoint, or the same under `model:` in the configuration file.'

function unknownQuestion(): string {
  const known = demoQuestions.map((question, position) => `${position + 1}. ${question}`)
  return [
    'I only know these questions about the sample shop; ask one in its words or by its number:',
    '',
    ...known,
    '',
    realModel,
  ].join('\n')
}
