import type { SandboxOperations } from '../../core/sandbox-operations.ts'
import type { SumUpTraffic } from '../../core/traffic.ts'
import type { SuspensionKeeper } from '../../gateway/abuse/suspension-keeper.ts'
import type { OperatorApprovals } from '../../gateway/authorize/approvals/operator-desk.ts'
import { mostCounted, showOverview, toTraffic } from '../wire/admin/overview.ts'
import { toPool } from '../wire/admin/sandboxes.ts'
import { answers, type AdminRoute } from './handlers.ts'

/** What is said of a process as a whole. */
export interface OverviewParts {
  readonly sumUpTraffic: SumUpTraffic
  /** As `/readyz` says it. */
  readonly state: () => Promise<{ readonly ready: boolean; readonly detail: string }>
  readonly sandboxes: Pick<SandboxOperations, 'seen'>
  readonly approvals: Pick<OperatorApprovals, 'list'>
  readonly suspensions: Pick<SuspensionKeeper, 'list'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export function overviewRoutes(parts: OverviewParts): readonly AdminRoute[] {
  const { sumUpTraffic, state, sandboxes, approvals, suspensions, now } = parts
  return [
    answers(showOverview, async ({ query: { window } }) => {
      const [{ ready, detail }, { pool, isDraining }, waiting, inForce] = await Promise.all([
        state(),
        sandboxes.seen(),
        approvals.list({ waiting: true, most: mostCounted }),
        suspensions.list({ isInForce: true, after: null, most: mostCounted }),
      ])
      return {
        ...toTraffic(sumUpTraffic(window), now()),
        state: { ready, detail },
        sandboxes: pool && toPool(pool),
        draining: isDraining,
        waiting: { approvals: waiting.length, suspensions: inForce.length },
      }
    }),
  ]
}
