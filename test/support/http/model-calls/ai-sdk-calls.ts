import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai'
import { embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool, type LanguageModel } from 'ai'
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

const provider = ({ origin, apiKey, headers }: CallTarget) =>
  createOpenAI({ baseURL: `${origin}/v1`, apiKey, headers: { ...headers } })

const tools = {
  weather: tool({
    description: 'The weather of a city.',
    inputSchema: jsonSchema<{ readonly city: string }>(weatherParameters),
    execute: async ({ city }) => ({ city, degrees: 21.5 }),
  }),
}

/** Both language models of `@ai-sdk/openai`, and its embeddings. */
export const aiSdkCalls: ModelCalls = {
  ...modelCalls('chat', (openai) => openai.chat('gpt-5')),
  ...modelCalls('responses', (openai) => openai.responses('gpt-5')),
  embeddings: async (to) => {
    const model = provider(to).embedding('text-embedding-3-small')
    const { embeddings, usage } = await embedMany({ model, values: [question, '“é” 🌤'], maxRetries: 0 })
    return { embeddings, usage }
  },
}

function modelCalls(surface: string, modelOf: (openai: OpenAIProvider) => LanguageModel): ModelCalls {
  const common = (to: CallTarget) => ({ model: modelOf(provider(to)), maxRetries: 0 })
  const generated = async (to: CallTarget, options: object) => {
    const { steps } = await generateText({ ...common(to), prompt: question, ...options })
    return steps.map(({ content, finishReason, usage }) => ({ content, finishReason, usage }))
  }
  const streamed = async (to: CallTarget, options: object) =>
    collected(streamText({ ...common(to), prompt: question, ...options }).fullStream)
  return {
    [`${surface}, plain`]: (to) => generated(to, { instructions: 'Be brief.' }),
    [`${surface}, streamed`]: (to) => streamed(to, {}),
    [`${surface}, tools`]: (to) => generated(to, { tools, stopWhen: stepCountIs(3) }),
    [`${surface}, tools streamed`]: (to) => streamed(to, { tools, stopWhen: stepCountIs(3) }),
    [`${surface}, structured`]: (to) =>
      generated(to, { output: Output.object({ schema: jsonSchema<unknown>(placeSchema) }) }),
    [`${surface}, picture`]: (to) => {
      const content = [
        { type: 'text', text: question },
        { type: 'file', mediaType: 'image/png', data: Buffer.from(picture, 'base64') },
      ]
      return generated(to, { prompt: undefined, messages: [{ role: 'user', content }] })
    },
    [`${surface}, abort`]: async (to) => {
      const controller = new AbortController()
      const prompt = `${question} Answer slowly.`
      const { textStream } = streamText({ ...common(to), prompt, abortSignal: controller.signal })
      return abortedAfterFirst(textStream, controller)
    },
  }
}
