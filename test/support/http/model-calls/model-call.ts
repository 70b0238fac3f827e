import { asker } from '../upstream/provider-api.ts'

/** Where a client is pointed, and with what. */
export interface CallTarget {
  /** Without `/v1`. */
  readonly origin: string
  readonly apiKey: string
  /** Sent with each request beside the client's own headers. */
  readonly headers: Readonly<Record<string, string>>
}

/** One thing that people do with a client; resolves to all that the client tells of it. */
export type ModelCall = (target: CallTarget) => Promise<unknown>

/** Calls of one client by what they do. Those under `abort` go away after the first words. */
export type ModelCalls = Readonly<Record<string, ModelCall>>

/** It has something of a person, which a model that is asked through a privacy profile does not see. */
export const question = `What is the weather in Oslo? Tell ${asker}.`

/** One white pixel. */
export const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

export const weatherParameters = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const }, note: { type: 'string' as const } },
  required: ['city', 'note'],
  additionalProperties: false,
}

export const placeSchema = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const }, degrees: { type: 'number' as const } },
  required: ['city', 'degrees'],
  additionalProperties: false,
}

export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** What came before the abort, and how the client tells of the abort. */
export async function abortedAfterFirst(
  items: AsyncIterable<unknown>,
  controller: AbortController,
): Promise<{ readonly first: unknown; readonly end: string }> {
  let first: unknown = null
  try {
    for await (const item of items) {
      first ??= item
      controller.abort()
    }
    return { first, end: 'ended' }
  } catch (error) {
    return { first, end: (error as Error).name }
  }
}
