import { detectorOptions } from '../../../../src/filters/remote/detector-options.ts'
import { createRemoteDetectors, type RemoteDetectorsOptions } from '../../../../src/filters/remote/detectors.ts'
import type { RemoteOutcome } from '../../../../src/filters/remote/remote-detector.ts'
import type { RemoteFilter } from '../../../../src/filters/remote/remote-filter.ts'
import { completion, startFakeLlamaGuard, startFakeScores } from './fake-judge.ts'
import { highScore, startFakeModeration } from './fake-moderation.ts'
import { startFakeNemo } from './fake-nemo.ts'
import type { FakeServer, ReceivedQuestion } from './fake-server.ts'
import { startFakeWebhook, webhookKey } from './fake-webhook.ts'

/** A text with a word that every fake knows, and one without. */
export const hit = 'I will hurt you'
export const miss = 'Good morning to all of you'

interface NamedAnswer {
  readonly name: string
  readonly body: unknown
}

export interface Adapter {
  readonly kind: string
  start(): Promise<FakeServer>
  settings(url: string): object
  /** What it says of `hit`. */
  readonly found: { readonly category: string; readonly score: number }
  /** JSON of another form than its answers have. */
  readonly wrongForms: readonly NamedAnswer[]
  /** Answers of the right form to one text whose verdict is none. `right` is what it would have answered. */
  garbage(question: ReceivedQuestion, right: unknown): readonly NamedAnswer[]
}

/** Anything that is of none of the forms. */
const otherForms: readonly NamedAnswer[] = [
  { name: 'null', body: null },
  { name: 'a number', body: 7 },
  { name: 'an empty object', body: {} },
  { name: 'an empty list', body: [] },
  { name: 'an error with success', body: { error: { message: `about ${hit}` } } },
]

interface ModerationAnswer {
  readonly model: string
  readonly results: readonly {
    readonly flagged: boolean
    readonly categories: object
    readonly category_scores: Readonly<Record<string, number>>
  }[]
}

const withScore = (right: unknown, score: unknown): object => {
  const { model, results } = right as ModerationAnswer
  const changed = results.map(({ flagged, categories, category_scores: scores }) => {
    const category_scores = Object.fromEntries([...Object.entries(scores), ['violence', score]]) as object
    return { flagged, categories, category_scores }
  })
  return { model, results: changed }
}

const said = (name: string, content: string | null, finish?: string, message?: object): NamedAnswer => ({
  name,
  body: completion(content, finish, message),
})

const endings: readonly NamedAnswer[] = [
  said('silence', null),
  said('an empty text', ''),
  said('a call of a tool', null, 'tool_calls', { tool_calls: [{ id: 'x' }] }),
  said('a refusal', 'safe', 'stop', { refusal: 'No.' }),
]

const moderation: Adapter = {
  kind: 'moderation',
  start: startFakeModeration,
  settings: (url) => ({ kind: 'moderation', url: `${url}/v1` }),
  found: { category: 'toxicity/violence', score: highScore },
  wrongForms: [
    ...otherForms,
    { name: 'no results', body: { model: 'm', results: [] } },
    {
      name: 'scores that are texts',
      body: { model: 'm', results: [{ flagged: true, categories: {}, category_scores: { violence: '1' } }] },
    },
    ...[1.01, -0.01, 93].map((violence) => ({
      name: `the score ${violence}`,
      body: { model: 'm', results: [{ flagged: true, categories: {}, category_scores: { violence } }] },
    })),
  ],
  garbage: (_question, right) => [
    { name: 'a category without a score', body: withScore(right, undefined) },
    { name: 'a score that is no number, which JSON writes as null', body: withScore(right, Number.NaN) },
  ],
}

const llamaGuard: Adapter = {
  kind: 'judge (llama-guard)',
  start: startFakeLlamaGuard,
  settings: (url) => ({ kind: 'judge', url: `${url}/v1`, model: 'guard', verdict: 'llama-guard' }),
  found: { category: 'toxicity/violence', score: 1 },
  wrongForms: [...otherForms, { name: 'no choices', body: { choices: [] } }],
  garbage: () => [
    ...endings,
    said('a verdict that was cut off', 'safe', 'length'),
    said('a sentence', 'I think that this is safe.'),
    said('more behind the verdict', 'safe\nBut see below.'),
    said('another word', 'SAFE'),
    said('unsafe without a code', 'unsafe'),
    said('a code that there is not', 'unsafe\nS99'),
    said('codes of another form', 'unsafe\nviolence'),
    said('both', 'safe\nunsafe\nS1'),
  ],
}

const scores: Adapter = {
  kind: 'judge (scores)',
  start: startFakeScores,
  settings: (url) => ({
    kind: 'judge',
    url: `${url}/v1`,
    model: 'guard',
    verdict: 'scores',
    prompt: 'Judge how much a text threatens somebody.',
    categories: { threat: 'guard/threat', insult: 'guard/insult' },
  }),
  found: { category: 'guard/threat', score: 0.9 },
  wrongForms: [...otherForms, { name: 'no choices', body: { choices: [] } }],
  garbage: () => [
    ...endings,
    said('a verdict that was cut off', '{"scores":{"threat":0,"insult":0}}', 'length'),
    said('a sentence', 'The text is harmless.'),
    said('damaged JSON', '{"scores":{"threat":0,'),
    said('a category too few', '{"scores":{"threat":0}}'),
    said('a category too many', '{"scores":{"threat":0,"insult":0,"other":0}}'),
    said('a name that stands twice', '{"scores":{"threat":1,"threat":0,"insult":0}}'),
    said('all scores twice', '{"scores":{"threat":1,"insult":1},"scores":{"threat":0,"insult":0}}'),
    said('a score above one', '{"scores":{"threat":1.5,"insult":0}}'),
    said('a score below zero', '{"scores":{"threat":-1,"insult":0}}'),
    said('a score that is no number', '{"scores":{"threat":NaN,"insult":0}}'),
    said('a score in words', '{"scores":{"threat":"0","insult":0}}'),
    said('a fence around it', '```json\n{"scores":{"threat":0,"insult":0}}\n```'),
  ],
}

const nemo: Adapter = {
  kind: 'nemo',
  start: startFakeNemo,
  settings: (url) => ({ kind: 'nemo', url, config_id: 'words', categories: { 'regex check input': 'guard/threat' } }),
  found: { category: 'guard/threat', score: 1 },
  wrongForms: [
    ...otherForms,
    { name: 'a status that there is not', body: { status: 'allowed', content: hit } },
    { name: 'no content', body: { status: 'passed' } },
  ],
  garbage: () => [
    { name: 'a pass of another text', body: { status: 'passed', content: 'something else' } },
    { name: 'a change that changes nothing', body: { status: 'modified', content: hit } },
    { name: 'a block by no rail', body: { status: 'blocked', content: 'No.' } },
    { name: 'a pass by a rail that stopped it', body: { status: 'passed', content: hit, rail: 'x' } },
  ],
}

const webhookAnswer = (question: ReceivedQuestion, findings: readonly object[]): object => {
  const { id } = question.body as { readonly id: string }
  return { version: 1, id, results: [{ findings }] }
}

const webhook: Adapter = {
  kind: 'webhook',
  start: startFakeWebhook,
  settings: (url) => ({ kind: 'webhook', url: `${url}/check`, categories: ['guard/threat'], signing_key: webhookKey }),
  found: { category: 'guard/threat', score: 0.8 },
  wrongForms: [
    ...otherForms,
    { name: 'an answer to another question', body: { version: 1, id: 'another', results: [{ findings: [] }] } },
    { name: 'another version', body: { version: 2, id: 'x', results: [{ findings: [] }] } },
    { name: 'a member of its own', body: { version: 1, id: 'x', results: [{ findings: [] }], note: hit } },
  ],
  garbage: (question) => [
    {
      name: 'a category that was not declared',
      body: webhookAnswer(question, [{ category: 'guard/other', score: 1 }]),
    },
    {
      name: 'a place behind the end',
      body: webhookAnswer(question, [{ category: 'guard/threat', score: 1, start: 0, end: 99 }]),
    },
    {
      name: 'an empty place',
      body: webhookAnswer(question, [{ category: 'guard/threat', score: 1, start: 3, end: 3 }]),
    },
    { name: 'half a place', body: webhookAnswer(question, [{ category: 'guard/threat', score: 1, start: 3 }]) },
  ],
}

export const adapters: readonly Adapter[] = [moderation, llamaGuard, scores, nemo, webhook]

export interface DetectorUnderTest {
  readonly filter: RemoteFilter
  readonly outcomes: RemoteOutcome[]
}

/** A detector named `guard`, and what it tells of its checks. */
export function detectorOf(settings: object, time: Pick<RemoteDetectorsOptions, 'elapsed'> = {}): DetectorUnderTest {
  const outcomes: RemoteOutcome[] = []
  const guard = detectorOptions.parse({ deadline_ms: 20_000, ...settings })
  const [filter] = createRemoteDetectors({ guard }, { onOutcome: (_name, outcome) => outcomes.push(outcome), ...time })
  if (filter === undefined) throw new Error('There is one detector for each that is configured.')
  return { filter, outcomes }
}
