import type { ShadowNotice } from '../../../core/facts.ts'
import { createDecide } from '../decide.ts'
import { policyStamp } from '../open-policy.ts'
import { createReloadingEngine } from '../reloading-engine.ts'
import { createCompareWithShadow, type CompareWithShadow } from './compare.ts'
import { ShadowThread } from './shadow-thread.ts'

export interface OpenShadowOptions {
  /** Path of the bundle that is asked and decides nothing. */
  readonly bundle: string
  /** How long what was found of it is taken for what is there. */
  readonly everyMilliseconds: number
  readonly deadlineMilliseconds: number
  /** Told each time that it is opened: null where it can be used, else why not. */
  readonly onOpened: (fault: unknown) => void
  readonly onCompared: (notice: ShadowNotice) => void
}

export interface Shadow extends AsyncDisposable {
  readonly compare: CompareWithShadow
  /** Opens the bundle before it is first asked; what is wrong with it is told, and not thrown. */
  prepare(): Promise<void>
}

/** Rules that are tried beside those in force. Whatever is wrong with them, nothing of a request waits for it or depends on it. */
export function openShadow(options: OpenShadowOptions): Shadow {
  const { bundle, everyMilliseconds, deadlineMilliseconds, onOpened, onCompared } = options
  let inUse: ShadowThread | null = null
  let failed: { readonly until: number; readonly fault: unknown } | null = null
  const open = async (): Promise<ShadowThread> => {
    // A thread for each question, only to find the same fault again, would be a fault of its own.
    if (failed !== null && performance.now() < failed.until) throw failed.fault
    try {
      const opened = await ShadowThread.open(bundle)
      const former = inUse
      inUse = opened
      failed = null
      onOpened(null)
      await former?.[Symbol.asyncDispose]()
      return opened
    } catch (fault) {
      failed = { until: performance.now() + everyMilliseconds, fault }
      onOpened(fault)
      throw fault
    }
  }
  const engine = createReloadingEngine({
    open,
    // One that is not there is said by `open`, too.
    stamp: () => policyStamp({ bundle, server: null }).catch(() => null),
    everyMilliseconds,
    // Said by `open`, also of the first one.
    onChange: () => undefined,
  })
  const decide = createDecide({ engine, deadlineMilliseconds })
  return {
    compare: createCompareWithShadow({ decide, onCompared }),
    prepare: async () => {
      await engine().catch(() => undefined)
    },
    [Symbol.asyncDispose]: async () => {
      await inUse?.[Symbol.asyncDispose]()
    },
  }
}
