/** What the first of two models does with one attempt, in words of no API. The second model of each route is well unless it is said. */
export type Step =
  | {
      readonly status: number
      readonly code?: string
      readonly type?: string
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Breaks the connection off, or ends it in order without another word. */
  | 'reset'
  | 'close'
  /** Says nothing more, and leaves the connection open. */
  | 'silent'
  /** The head of a stream; what announces an answer; so many of its twelve words; why it ends; its count; its end. */
  | 'head'
  | 'announce'
  | `words ${number}`
  | 'finish'
  | 'refuse'
  | 'usage'
  | 'end'
  /** Ends the body as HTTP does. */
  | 'over'
  /** Pings now and then until the other side has gone. */
  | 'pings'
  /** The same by events of the answer with no text in them. */
  | 'empty pieces'
  | 'ping'
  | 'unreadable ping'
  | 'unreadable'
  | 'half an event'
  | 'error event'
  /** One that only its name tells of. */
  | 'named error'
  /** A refusal by content policy that only its words tell of. */
  | 'policy event'
  | 'overloaded event'
  /** Two events in one write, the second of which cannot be read. */
  | 'word and unreadable'
  | 'page'
  /** All of a usual stream in writes of one byte. */
  | 'bytes'
  /**
   * Answers that are not streamed: whole, cut (in the length that was said, in chunks, or in gzip), an error or a refusal with 200, no JSON,
   * JSON that is none, one that says it is not over.
   */
  | 'whole'
  | 'cut whole'
  | 'cut chunks'
  | 'cut gzip'
  | 'error whole'
  | 'refusal whole'
  | 'no json'
  | 'other json'
  | 'unfinished whole'

export type Grade = 'pass' | 'safe' | 'partial' | 'fail'

export interface Scenario {
  readonly id: string
  readonly title: string
  /** One list for each attempt at the first model; the last one holds for all that follow. */
  readonly first: readonly (readonly Step[])[]
  readonly second?: readonly (readonly Step[])[]
  /** What a caller is to have at best: all of one answer, an error, or an answer that says it was refused. */
  readonly ideal: 'answer' | 'error' | 'refusal'
  /** The grade where events leave as they come; `pass` where it is not said. Held answers all pass. */
  readonly streamed?: 'safe'
  /** Attempts at the first and at the second model, at the least and at the most. */
  readonly asked: readonly [first: readonly [number, number], second: readonly [number, number]]
  /** Milliseconds between the first two attempts, at the least. */
  readonly gap?: number
  /** Does the caller let the provider run a tool of its own? */
  readonly tool?: true
  readonly plain?: true
  /** Milliseconds after which the caller leaves. */
  readonly leavesAfter?: number
}

const usual: readonly Step[] = ['head', 'announce', 'words 12', 'finish', 'usage', 'end', 'over']
const begun: readonly Step[] = ['head', 'announce', 'words 5']
const [once, never, retried, spent] = [
  [1, 1],
  [0, 0],
  [2, 2],
  [3, 3],
] as const
const status = (code: number, more: object = {}): Step => ({ status: code, ...more })

/** Ways in which a model fails, with what its caller is to see. */
export const scenarios: readonly Scenario[] = [
  // Before anything of an answer.
  {
    id: 'limit-with-wait',
    title: '429 with Retry-After, then well',
    first: [[status(429, { headers: { 'retry-after': '1' } })], usual],
    ideal: 'answer',
    asked: [retried, never],
    gap: 1_000,
  },
  {
    id: 'limit-with-wait-ms',
    title: '429 with retry-after-ms, then well',
    first: [[status(429, { headers: { 'retry-after-ms': '700' } })], usual],
    ideal: 'answer',
    asked: [retried, never],
    gap: 700,
  },
  {
    id: 'limit-with-long-wait',
    title: '429 that asks for an hour',
    first: [[status(429, { headers: { 'retry-after': '3600' } })]],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'limit-for-good',
    title: '429 at every attempt',
    first: [[status(429)]],
    ideal: 'answer',
    asked: [spent, once],
  },
  {
    id: 'account-spent',
    title: '429 of an account that is spent',
    first: [[status(429, { code: 'insufficient_quota', type: 'insufficient_quota' })]],
    ideal: 'answer',
    asked: [once, once],
  },
  { id: 'overloaded', title: '529 at every attempt', first: [[status(529)]], ideal: 'answer', asked: [spent, once] },
  {
    id: 'fails-once',
    title: '500, then well',
    first: [[status(500)], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'fails-for-good',
    title: '503 at every attempt',
    first: [[status(503)]],
    ideal: 'answer',
    asked: [spent, once],
  },
  {
    id: 'timed-out-there',
    title: '408, then well',
    first: [[status(408)], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  { id: 'key-refused', title: '401', first: [[status(401)]], ideal: 'answer', asked: [once, once] },
  {
    id: 'no-such-model',
    title: '404',
    first: [[status(404, { code: 'model_not_found' })]],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'too-long',
    title: '400 for a prompt that is too long',
    first: [[status(400, { code: 'context_length_exceeded' })]],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'wrong-request',
    title: '400 for the request',
    first: [[status(400, { code: 'bad_value' })]],
    ideal: 'error',
    asked: [once, never],
  },
  {
    id: 'policy',
    title: '400 for what is asked',
    first: [[status(400, { code: 'content_policy_violation' })]],
    ideal: 'error',
    asked: [once, never],
  },
  {
    id: 'policy-in-words',
    title: '403 for what is asked, in words only',
    first: [[status(403, { type: 'permission_error', message: 'Content violates usage guidelines.' })]],
    ideal: 'error',
    asked: [once, never],
  },
  {
    id: 'policy-event',
    title: 'a refusal behind the announcement, in words only',
    first: [['head', 'announce', 'policy event', 'over']],
    ideal: 'error',
    asked: [once, never],
  },
  {
    id: 'policy-whole',
    title: 'a refusal with 200 that is no stream',
    first: [['refusal whole']],
    ideal: 'error',
    asked: [once, never],
  },
  {
    id: 'policy-elsewhere',
    title: '503, and the other model refuses what is asked',
    first: [[status(503)]],
    second: [[status(403, { code: 'content_filter' })]],
    ideal: 'error',
    asked: [spent, once],
  },
  {
    id: 'both-down',
    title: '503 at both models',
    first: [[status(503)]],
    second: [[status(503)]],
    ideal: 'error',
    asked: [spent, spent],
  },
  {
    id: 'reset-once',
    title: 'reset before the head, then well',
    first: [['reset'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'closed-once',
    title: 'closed before the head, then well',
    first: [['close'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  { id: 'silent', title: 'no answer', first: [['silent']], ideal: 'answer', asked: [once, once] },
  {
    id: 'silent-behind-head',
    title: 'a head and no more',
    first: [['head', 'silent']],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'silent-behind-announcement',
    title: 'an announcement and no more',
    first: [['head', 'announce', 'silent']],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'pings',
    title: 'pings and no more',
    first: [['head', 'announce', 'pings']],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'empty-pieces',
    title: 'pieces with no text and no more',
    first: [['head', 'announce', 'empty pieces']],
    ideal: 'answer',
    asked: [once, once],
  },
  {
    id: 'named-error',
    title: 'an error that only its name tells of, then well',
    first: [['head', 'announce', 'named error', 'over'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'mark-alone',
    title: 'nothing but the mark of an end, then well',
    first: [['head', 'announce', 'end', 'over'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'page',
    title: 'a web page with 200, then well',
    first: [['page'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'announced-reset',
    title: 'reset behind the announcement, then well',
    first: [['head', 'announce', 'reset'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'announced-error',
    title: 'an error event behind the announcement, then well',
    first: [['head', 'announce', 'error event', 'over'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'error-first',
    title: 'an overload as the first event, at every attempt',
    first: [['head', 'overloaded event', 'over']],
    ideal: 'answer',
    asked: [spent, once],
  },
  {
    id: 'unreadable-first',
    title: 'an event that cannot be read first, then well',
    first: [['head', 'unreadable', ...usual.slice(1)], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  {
    id: 'empty',
    title: 'a stream of nothing, then well',
    first: [['head', 'over'], usual],
    ideal: 'answer',
    asked: [retried, never],
  },
  // In the middle.
  {
    id: 'reset',
    title: 'reset in the middle',
    first: [[...begun, 'reset']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'closed',
    title: 'closed in the middle',
    first: [[...begun, 'close']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'ended',
    title: 'ended in order in the middle',
    first: [[...begun, 'over']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'ended-with-mark',
    title: 'ended in the middle of an event',
    first: [[...begun, 'half an event', 'over']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'mark-without-reason',
    title: 'the mark of the end in the middle, without a reason',
    first: [[...begun, 'end', 'over']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'stalls',
    title: 'silent in the middle',
    first: [[...begun, 'silent']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 1],
      [0, 1],
    ],
  },
  {
    id: 'stalls-with-pings',
    title: 'pings in the middle and no more',
    first: [[...begun, 'pings']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 1],
      [0, 1],
    ],
  },
  {
    id: 'unreadable',
    title: 'an event that cannot be read in the middle',
    first: [[...begun, 'unreadable', 'words 7', 'finish', 'end', 'over']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'unreadable-in-one-write',
    title: 'a word and an event that cannot be read in one write',
    first: [[...begun, 'word and unreadable', 'words 6', 'finish', 'end', 'over']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'error-event',
    title: 'an error event in the middle',
    first: [[...begun, 'error event', 'over']],
    ideal: 'answer',
    streamed: 'safe',
    asked: [
      [1, 3],
      [0, 1],
    ],
  },
  {
    id: 'broken-once',
    title: 'reset in the middle, then well',
    first: [[...begun, 'reset'], usual],
    ideal: 'answer',
    streamed: 'safe',
    asked: [[1, 2], never],
  },
  {
    id: 'tool-reset',
    title: 'reset while the provider may run a tool',
    first: [['head', 'announce', 'reset'], usual],
    ideal: 'error',
    asked: [once, never],
    tool: true,
  },
  {
    id: 'leaves',
    title: 'the caller leaves between two attempts',
    first: [[status(503)]],
    ideal: 'error',
    asked: [[1, 2], never],
    leavesAfter: 400,
  },
  // At the end, and none at all.
  {
    id: 'no-mark',
    title: 'whole, without the mark of its end',
    first: [['head', 'announce', 'words 12', 'finish', 'over']],
    ideal: 'answer',
    asked: [once, never],
  },
  {
    id: 'stays-open',
    title: 'whole, and the connection stays open',
    first: [['head', 'announce', 'words 12', 'finish', 'silent']],
    ideal: 'answer',
    asked: [once, never],
  },
  {
    id: 'stays-open-behind-end',
    title: 'whole with its end, and the connection stays open',
    first: [[...usual.slice(0, -1), 'silent']],
    ideal: 'answer',
    asked: [once, never],
  },
  {
    id: 'error-behind-reason',
    title: 'an error event behind the reason to end',
    first: [['head', 'announce', 'words 12', 'finish', 'error event', 'over']],
    ideal: 'answer',
    asked: [once, never],
  },
  {
    id: 'reset-behind-reason',
    title: 'reset behind the reason to end',
    first: [['head', 'announce', 'words 12', 'finish', 'reset']],
    ideal: 'answer',
    asked: [once, never],
  },
  {
    id: 'pings-between',
    title: 'pings, one of them unreadable, between the words',
    first: [
      ['head', 'ping', 'announce', 'words 5', 'ping', 'unreadable ping', 'words 7', 'finish', 'usage', 'end', 'over'],
    ],
    ideal: 'answer',
    asked: [once, never],
  },
  { id: 'bytes', title: 'byte by byte', first: [['bytes']], ideal: 'answer', asked: [once, never] },
  {
    id: 'refused-answer',
    title: 'an answer that a content filter ended',
    first: [['head', 'announce', 'words 3', 'refuse', 'usage', 'end', 'over']],
    ideal: 'refusal',
    asked: [once, never],
  },
  // Answers that are not streamed.
  {
    id: 'plain-cut',
    title: 'not streamed: cut, then well',
    first: [['cut whole'], ['whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [retried, never],
    plain: true,
  },
  {
    id: 'plain-cut-chunks',
    title: 'not streamed: cut between chunks, then well',
    first: [['cut chunks'], ['whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [retried, never],
    plain: true,
  },
  {
    id: 'plain-cut-gzip',
    title: 'not streamed: cut in gzip that nobody asked for, then well',
    first: [['cut gzip'], ['whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [retried, never],
    plain: true,
  },
  {
    id: 'plain-other-json',
    title: 'not streamed: JSON that is no answer, then well',
    first: [['other json'], ['whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [retried, never],
    plain: true,
  },
  {
    id: 'plain-unfinished',
    title: 'not streamed: an answer that says it is not over, then well',
    first: [['unfinished whole'], ['whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [retried, never],
    plain: true,
  },
  {
    id: 'plain-no-json',
    title: 'not streamed: no JSON, then well',
    first: [['no json'], ['whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [retried, never],
    plain: true,
  },
  {
    id: 'plain-error',
    title: 'not streamed: an error with 200 at every attempt',
    first: [['error whole']],
    second: [['whole']],
    ideal: 'answer',
    asked: [spent, once],
    plain: true,
  },
]
