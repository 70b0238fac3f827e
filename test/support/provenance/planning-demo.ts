import type { ModelMessage, ToolSpecification } from '../../../src/models/model.ts'
import { createDemoModel, demoQuestions } from '../../../src/models/providers/demo/demo-model.ts'
import { ScriptedOpenAiServer, type ServedRequest, type ServedTurn } from '../http/scripted-openai-server.ts'
import { isAskedForPlan } from './asked-for-a-plan.ts'

/**
 * Tables that each question of the demo needs, by its number. They were written from the questions and from what a model is told of the shop, by somebody who
 * had not looked at the statements that answer them, and none was changed for what came of it.
 */
const plans: readonly (readonly string[])[] = [
  ['public.orders'],
  ['public.order_lines', 'public.products', 'public.orders'],
  ['public.orders', 'public.refunds', 'public.customers'],
  ['public.orders'],
  ['public.reviews', 'public.products'],
  ['public.customers', 'public.orders'],
  ['public.staff_salaries'],
]

/** The demo's model behind an endpoint as a real one is, so that it is asked for plans. */
export function startPlanningDemo(): Promise<ScriptedOpenAiServer> {
  const model = createDemoModel()
  return ScriptedOpenAiServer.start(async (request): Promise<ServedTurn> => {
    const { messages, tools = [] } = request.body
    if (isAskedForPlan(request)) {
      const question = demoQuestions.indexOf(messages.at(-1)?.content ?? '')
      return { kind: 'turn', text: JSON.stringify(plans[question] ?? []) }
    }
    const specifications = tools.map(({ function: { name } }): ToolSpecification => ({
      name,
      description: '',
      parameters: {},
    }))
    const asked = { messages: messages.map(toMessage), tools: specifications, maximumOutputTokens: 4_000 }
    let text = ''
    const calls: { readonly id: string; readonly name: string; readonly arguments: string }[] = []
    for await (const event of model.turn(asked, new AbortController().signal)) {
      if (event.type === 'text-delta') text += event.text
      if (event.type === 'tool-call') {
        const { callId: id, name, argumentsText } = event.call
        calls.push({ id, name, arguments: argumentsText })
      }
    }
    return { kind: 'turn', text, calls }
  })
}

function toMessage({ role, content: said, tool_call_id: callId = '' }: ServedRequest['body']['messages'][number]) {
  const content = said ?? ''
  const message: ModelMessage =
    role === 'assistant'
      ? { role, content, toolCalls: [] }
      : role === 'tool'
        ? { role, callId, content }
        : { role: role === 'system' ? role : 'user', content }
  return message
}
