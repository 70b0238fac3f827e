import type { ComplaintNotice, NameAnswer } from '../../../src/core/complaints.ts'
import type { RecordedDecision } from '../../../src/core/recorded-decisions.ts'
import type { Label } from '../../../src/core/tuning.ts'
import { createAnswerIds } from '../../../src/feedback/complaints/answer-ids.ts'
import {
  createComplaining,
  type Complaining,
  type ComplainingParts,
} from '../../../src/feedback/complaints/complaining.ts'
import { createFindAnswer } from '../../../src/feedback/complaints/find-answer.ts'
import { countedSubject } from '../../../src/gateway/abuse/subjects.ts'
import { complaintsInMemory } from './complaints-in-memory.ts'

export const decisionId = (digit: string): string => `dec-${digit.repeat(8)}-1111-4111-8111-${digit.repeat(12)}`

export function recordedDecision(changed: Partial<RecordedDecision> = {}): RecordedDecision {
  return {
    id: decisionId('a'),
    principal: 'k1',
    group: 'default',
    conversation: null,
    direction: 'inbound',
    api: 'chat-completions',
    profile: { name: 'callers', version: 1 },
    revision: 0,
    canary: null,
    action: 'block',
    scores: [],
    stratum: 'withheld',
    weight: 1,
    made: '2026-01-02T03:04:05.000Z',
    ...changed,
  }
}

export interface ListeningParts extends Partial<ComplainingParts> {
  readonly decisions?: readonly RecordedDecision[]
}

export interface Listening {
  readonly complaining: Complaining
  readonly nameAnswer: NameAnswer
  readonly stored: ReturnType<typeof complaintsInMemory>
  readonly recorded: Map<string, RecordedDecision>
  readonly labels: Label[]
  readonly notices: ComplaintNotice[]
  /** Ids of what was told to be kept. */
  readonly kept: string[]
  /** What was waited for, in milliseconds. */
  readonly waits: number[]
}

/** What takes complaints, over a storage in memory. */
export function listening({
  decisions = [recordedDecision()],
  now = Date.now,
  ...parts
}: ListeningParts = {}): Listening {
  const stored = complaintsInMemory()
  const recorded = new Map(decisions.map((decision) => [decision.id, decision]))
  const labels: Label[] = []
  const notices: ComplaintNotice[] = []
  const kept: string[] = []
  const waits: number[] = []
  const ids = createAnswerIds({ keys: [Buffer.alloc(32, 7)], now })
  const complaining = createComplaining({
    findAnswer: createFindAnswer({
      ids,
      conversations: { showRun: async () => null, items: async () => null },
      ownedIds: { owners: async () => new Map() },
      upstreams: [],
    }),
    recorded: { find: async (id) => recorded.get(id) ?? null },
    complaints: stored,
    labels: { history: async (decision) => labels.filter((label) => label.decision === decision) },
    keep: async (...kept) => await stored.keep(...kept),
    tell: async (notice) => void notices.push(notice),
    onKept: (complaint) => void kept.push(complaint.id),
    count: () => undefined,
    subjectOf: countedSubject,
    now,
    mostADay: 20,
    retentionDays: 30,
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...parts,
  })
  return { complaining, nameAnswer: ids.name, stored, recorded, labels, notices, kept, waits }
}
