import { createOpenAI } from '@ai-sdk/openai'
import { ChatOpenAI } from '@langchain/openai'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { generateText } from 'ai'
import { Sandbox } from 'e2b'
import OpenAI from 'openai'

const question = 'How many orders are there?'
const apiKey = 'sp-test'

/** One call of each client that people use, with its own way of trying again; rejects with what it tells its user. */
export const realClients = {
  openai: async (url: string): Promise<unknown> =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey }).chat.completions.create({
      model: 'analyst',
      messages: [{ role: 'user', content: question }],
    }),
  'AI SDK': async (url: string): Promise<unknown> =>
    generateText({ model: createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat('analyst'), prompt: question }),
  LangChain: async (url: string): Promise<unknown> =>
    // Its own default is 6, each after twice the time of the one before.
    new ChatOpenAI({ model: 'analyst', apiKey, configuration: { baseURL: `${url}/v1` }, maxRetries: 1 }).invoke(
      question,
    ),
  E2B: async (url: string): Promise<unknown> =>
    Sandbox.create('code-interpreter-v1', { apiKey: `e2b_${'0'.repeat(40)}`, apiUrl: url, sandboxUrl: url }),
  MCP: async (url: string): Promise<unknown> =>
    new Client({ name: 'test', version: '1' }).connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`))),
} as const

export type RealClient = keyof typeof realClients
