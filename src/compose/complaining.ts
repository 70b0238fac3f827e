import type { Config } from '../config/schema.ts'
import type { NameAnswer } from '../core/complaints.ts'
import { createAnswerIds } from '../feedback/complaints/answer-ids.ts'
import { createComplaining, type Complaining } from '../feedback/complaints/complaining.ts'
import { createFindAnswer } from '../feedback/complaints/find-answer.ts'
import { countComplaint } from '../feedback/rollouts/count-complaint.ts'
import { countedSubject } from '../gateway/abuse/subjects.ts'
import { Throttle } from '../gateway/admit/throttle.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { History } from './open-history.ts'

interface ComplainingParts {
  readonly config: Pick<Config, 'feedback' | 'upstreams'>
  readonly storage: Pick<Storage, 'complaints' | 'labels' | 'ownedIds' | 'recordedDecisions' | 'rollouts'>
  readonly history: Pick<History, 'answerKeys' | 'complaints' | 'conversations'>
  readonly telemetry: Pick<Telemetry, 'log' | 'notices'>
}

/** What takes complaints, and what names answers for them. */
export interface HeardComplaints {
  readonly complaining: Complaining
  readonly nameAnswer: NameAnswer
}

/** Null where `feedback.complaints` takes none: answers have no names then. */
export async function openComplaining(parts: ComplainingParts): Promise<HeardComplaints | null> {
  const { config, storage, history, telemetry } = parts
  const { complaints, retention_days: retentionDays } = config.feedback
  if (complaints === null) return null
  const ids = createAnswerIds({ keys: await history.answerKeys(), now: Date.now })
  const ofOne = new Throttle({ what: 'complaints', burst: 20, everyMilliseconds: 3_000 })
  // Persons behind one key are whom its application says: all of them together are bounded, too.
  const ofKey = new Throttle({ what: 'complaints', burst: 200, everyMilliseconds: 300 })
  const complaining = createComplaining({
    findAnswer: createFindAnswer({
      ids,
      conversations: history.conversations,
      ownedIds: storage.ownedIds,
      upstreams: Object.keys(config.upstreams),
    }),
    recorded: storage.recordedDecisions,
    complaints: storage.complaints,
    labels: storage.labels,
    keep: (facts, comment, mostADay) => history.complaints.keep(facts, comment, mostADay),
    tell: (notice) => telemetry.notices.onComplaint(notice),
    onKept: (complaint, caller) => {
      telemetry.notices.onComplaintKept(complaint)
      // The complaint is kept, and its caller waits for no count of a rollout.
      const stores = {
        decisions: storage.recordedDecisions,
        rollouts: storage.rollouts,
        complaints: storage.complaints,
      }
      const complainer = { caller: caller.id, readAnswer: (id: string) => ids.read(caller, id) }
      countComplaint(stores, complaint, complainer).catch((error: unknown) =>
        telemetry.log.warn({ error }, 'a complaint could not be counted for a rollout'),
      )
    },
    count: (caller) => {
      ofKey.take(caller.id)
      ofOne.take(countedSubject(caller))
    },
    subjectOf: countedSubject,
    mostADay: complaints.most_a_day,
    retentionDays,
    now: Date.now,
  })
  return { complaining, nameAnswer: ids.name }
}
