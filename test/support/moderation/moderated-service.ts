import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { appealsPath } from '../../../src/core/complaints.ts'
import type { ContentNotice } from '../../../src/core/facts.ts'
import { createLeakFilter } from '../../../src/filters/leak/leak-filter.ts'
import { createPiiFilter } from '../../../src/filters/pii/pii-filter.ts'
import { filtersOptions } from '../../../src/filters/options.ts'
import type { ThresholdsFor } from '../../../src/filters/pipeline/call-thresholds.ts'
import { namedProfiles } from '../../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../../src/filters/pipeline/pipeline.ts'
import type { AskPerson, WantedAction } from '../../../src/gateway/authorize/approvals/ask-person.ts'
import { createModeration } from '../../../src/gateway/moderate/moderation.ts'
import { key } from '../http/http-service.ts'
import { startPassService, type PassService, type PassServiceOptions } from '../http/pass-service.ts'
import { createWordDetector } from './word-detector.ts'

export interface ModeratedOptions extends Omit<PassServiceOptions, 'moderation'> {
  /** Under `filters.profiles`; both callers have `callers`, or the second `others` where that is there. */
  readonly profiles: Readonly<Record<string, object>>
  readonly askPerson?: AskPerson
  readonly fails?: () => boolean
  readonly thresholds?: ThresholdsFor
  /** Resolves when the audit trail has what it was told; at once without it. */
  readonly kept?: () => Promise<void>
}

export interface ModeratedService extends PassService {
  /** All that the audit trail is told. */
  readonly told: readonly ContentNotice[]
  /** What people were asked. */
  readonly asked: readonly WantedAction[]
}

/** What passes calls on, with a detector of a few words that stand for toxicity, and the one of personal data. */
export async function startModerated({
  profiles,
  askPerson,
  fails,
  thresholds,
  kept = async () => undefined,
  ...options
}: ModeratedOptions): Promise<ModeratedService> {
  const told: ContentNotice[] = []
  const asked: WantedAction[] = []
  const parsed = filtersOptions.parse({ profiles })
  const moderation = createModeration({
    pipeline: createContentPipeline({
      filters: [createPiiFilter(), createLeakFilter(), createWordDetector(fails === undefined ? {} : { fails })],
      deadlineMilliseconds: 5_000,
    }),
    profiles: namedProfiles(parsed.profiles),
    ...(thresholds === undefined ? {} : { thresholds }),
    askPerson: async (action, signal) => {
      asked.push(action)
      return askPerson === undefined ? null : askPerson(action, signal)
    },
    rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
    tell: async (notice) => {
      told.push(notice)
      await kept()
    },
    ...(options.complaints === undefined ? {} : { appeals: appealsPath }),
  })
  const group = { call_filter_profile: 'callers', ...options.group }
  const others = Object.hasOwn(profiles, 'others') ? { otherGroup: { call_filter_profile: 'others' } } : {}
  const service = await startPassService({ ...others, ...options, group, moderation })
  return Object.assign(service, { told, asked })
}

/** The official clients of a service, which ask once. */
export function clientsOf(
  { service }: PassService,
  apiKey: string = key,
  defaultHeaders: Readonly<Record<string, string>> = {},
) {
  return {
    openai: new OpenAI({ baseURL: `${service.url}/v1`, apiKey, maxRetries: 0, defaultHeaders }),
    anthropic: new Anthropic({ baseURL: service.url, apiKey, maxRetries: 0, defaultHeaders }),
  }
}

export type Clients = ReturnType<typeof clientsOf>

export async function allOf<Event>(events: AsyncIterable<Event>): Promise<readonly Event[]> {
  const all: Event[] = []
  for await (const event of events) all.push(event)
  return all
}

/** One call of each API that writes text, plain and streamed, with a question; resolves with what its client tells. */
export const calls: Readonly<Record<string, (clients: Clients, question: string) => Promise<unknown>>> = {
  'chat completions': ({ openai }, content) =>
    openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content }] }),
  'chat completions, streamed': async ({ openai }, content) =>
    allOf(
      await openai.chat.completions.create({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content }] }),
    ),
  responses: ({ openai }, input) => openai.responses.create({ model: 'gpt-5', input }),
  'responses, streamed': async ({ openai }, input) =>
    allOf(await openai.responses.create({ model: 'gpt-5', stream: true, input })),
  messages: ({ anthropic }, content) =>
    anthropic.messages.create({ model: 'claude-sonnet-5', max_tokens: 64, messages: [{ role: 'user', content }] }),
  'messages, streamed': async ({ anthropic }, content) =>
    allOf(
      await anthropic.messages.create({
        model: 'claude-sonnet-5',
        max_tokens: 64,
        stream: true,
        messages: [{ role: 'user', content }],
      }),
    ),
}

export const embed = ({ openai }: Clients, input: string): Promise<unknown> =>
  openai.embeddings.create({ model: 'text-embedding-3-small', input })
