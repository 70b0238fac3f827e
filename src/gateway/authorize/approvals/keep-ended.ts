import { setTimeout as sleep } from 'node:timers/promises'
import type { Approvals, TellOfEnd } from '../../../core/approvals.ts'
import type { TellOfApproval } from './ask-person.ts'

interface KeepEndedOptions {
  readonly approvals: () => Promise<Pick<Approvals, 'endOver'>>
  readonly tell: TellOfApproval
  readonly onFault: (error: unknown) => void
  /** Rejects where the signal ends it. */
  readonly wait?: (signal: AbortSignal) => Promise<unknown>
}

const minuteMilliseconds = 60_000

/** Ends approvals whose time is over, and tells of each, every minute until it is disposed. */
export function keepEnded({ approvals, tell, onFault, wait = aMinute }: KeepEndedOptions): AsyncDisposable {
  const ending = new AbortController()
  const { signal } = ending
  const keep = async (): Promise<void> => {
    for (;;) {
      await wait(signal).catch(() => undefined)
      if (signal.aborted) return
      try {
        await endOver(await approvals(), tell)
      } catch (error) {
        onFault(error)
      }
    }
  }
  const kept = keep()
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      await kept
    },
  }
}

/** Ends those whose time is over now, each told in the name of the request that asked. */
export async function endOver(approvals: Pick<Approvals, 'endOver'>, tell: TellOfApproval): Promise<void> {
  const tellOfEnd: TellOfEnd = (over) => tell('approval-expired', over, { requestId: over.requestId, by: null })
  // Some at a time: whoever else writes waits no longer than for these.
  while ((await approvals.endOver(tellOfEnd)) > 0);
}

function aMinute(signal: AbortSignal): Promise<unknown> {
  return sleep(minuteMilliseconds, undefined, { signal, ref: false })
}
