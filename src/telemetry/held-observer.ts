import { toServiceError } from '../core/errors.ts'
import type { ObserveHeld } from '../core/facts.ts'
import { isId } from '../core/new-id.ts'
import type { Metrics } from './metrics.ts'
import type { KeptTrail } from './observer.ts'

const events = {
  file: 'stored-file',
  conversation: 'conversation',
  session: 'session',
  share: 'share',
  container: 'container',
} as const

const isOwnId = {
  file: (text: string) => isId('file', text),
  // A table is taken by the id of its run.
  conversation: (text: string) => isId('conv', text) || isId('run', text),
  share: (text: string) => isId('shr', text),
  container: (text: string) => /^cntr_[0-9a-f]{32}$/.test(text),
  session: (text: string) => /^session_[0-9a-f-]{36}$/.test(text),
} as const

/**
 * Who does what with which file, conversation, session or container, by ids and never by names or contents. The trail has it before it is done, and a fault before
 * its caller hears of it.
 */
export function createHeldObserver({
  metrics,
  trail,
}: {
  readonly metrics: Metrics
  readonly trail: KeptTrail | null
}): ObserveHeld {
  const audit = trail?.audit
  return {
    async act({ of, id, ...about }, work) {
      const named = id === null || isOwnId[of](id) ? id : `unknown:${trail?.digests.of(id) ?? ''}`
      await audit?.append({ event: events[of], ...about, [of]: named })
      try {
        const done = await work()
        metrics.count('held', `${of}-${about.action}`)
        return done
      } catch (thrown) {
        metrics.count('held', `${of}-fault`)
        await audit?.append({ event: 'fault', requestId: about.requestId, code: toServiceError(thrown).code })
        throw thrown
      }
    },
    async made({ requestId, of, id, ...facts }) {
      await audit?.append({ event: `${events[of]}-made`, requestId, [of]: id, ...facts })
    },
  }
}
