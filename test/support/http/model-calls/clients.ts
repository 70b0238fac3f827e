import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import type { UpstreamServerOptions } from '../upstream/upstream-server.ts'
import { aiSdkCalls } from './ai-sdk-calls.ts'
import { anthropicCalls } from './anthropic-calls.ts'
import { langChainCalls } from './langchain-calls.ts'
import type { ModelCalls } from './model-call.ts'
import { openAiCalls } from './openai-calls.ts'

/** A client that people use, unmodified, with all that it can ask of its kind of upstream. */
export interface ModelClient {
  readonly kind: UpstreamServerOptions['kind']
  readonly calls: ModelCalls
}

export const modelClients: Readonly<Record<string, ModelClient>> = {
  'openai 7': { kind: 'openai', calls: openAiCalls(OpenAI) },
  // The types of the two versions do not fit each other; what is called here is the same in both.
  'openai 6': { kind: 'openai', calls: openAiCalls(OpenAI6 as unknown as typeof OpenAI) },
  '@anthropic-ai/sdk': { kind: 'anthropic', calls: anthropicCalls },
  '@ai-sdk/openai': { kind: 'openai', calls: aiSdkCalls },
  '@langchain/openai': { kind: 'openai', calls: langChainCalls },
}
