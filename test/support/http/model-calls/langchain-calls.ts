import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import {
  abortedAfterFirst,
  collected,
  picture,
  placeSchema,
  question,
  weatherParameters,
  type CallTarget,
  type ModelCalls,
} from './model-call.ts'

const configuration = ({ origin, headers }: CallTarget) => ({ baseURL: `${origin}/v1`, defaultHeaders: headers })

const weather = {
  type: 'function' as const,
  function: { name: 'weather', description: 'The weather of a city.', parameters: weatherParameters },
}

/** Both APIs that `@langchain/openai` speaks, and its embeddings. */
export const langChainCalls: ModelCalls = {
  ...modelCalls('chat', false),
  ...modelCalls('responses', true),
  embeddings: (to) =>
    new OpenAIEmbeddings({
      model: 'text-embedding-3-small',
      apiKey: to.apiKey,
      configuration: configuration(to),
      maxRetries: 0,
    }).embedDocuments([question, '“é” 🌤']),
}

function modelCalls(surface: string, useResponsesApi: boolean): ModelCalls {
  const open = (to: CallTarget) =>
    new ChatOpenAI({
      model: 'gpt-5',
      apiKey: to.apiKey,
      configuration: configuration(to),
      maxRetries: 0,
      useResponsesApi,
    })
  return {
    [`${surface}, plain`]: (to) => open(to).invoke(question),
    [`${surface}, streamed`]: async (to) => collected(await open(to).stream(question)),
    [`${surface}, tools`]: async (to) => {
      const model = open(to).bindTools([weather])
      const first = await model.invoke(question)
      const results = (first.tool_calls ?? []).map(
        ({ id = '' }) => new ToolMessage({ tool_call_id: id, content: '{"degrees": 21.50}' }),
      )
      return [
        first,
        await model.invoke([new HumanMessage(question), AIMessage.isInstance(first) ? first : '', ...results]),
      ]
    },
    [`${surface}, tools streamed`]: async (to) => collected(await open(to).bindTools([weather]).stream(question)),
    [`${surface}, structured`]: (to) =>
      open(to).withStructuredOutput(placeSchema, { name: 'place', method: 'jsonSchema' }).invoke(question),
    [`${surface}, picture`]: (to) =>
      open(to).invoke([
        new HumanMessage({
          content: [
            { type: 'text', text: question },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } },
          ],
        }),
      ]),
    [`${surface}, abort`]: async (to) => {
      const controller = new AbortController()
      const stream = await open(to).stream(`${question} Answer slowly.`, { signal: controller.signal })
      return abortedAfterFirst(stream, controller)
    },
  }
}
