import type { Replay } from '../agent/replay.ts'
import type { AgentBudget } from '../core/grant.ts'
import type { ReplayedCall } from '../core/replayed-call.ts'
import type { Admitted } from '../core/request.ts'
import type { Session, SessionSandbox } from '../sessions/session.ts'

/** What stands in the place of the model where programs are run again, which begin in a sandbox without anything of others; null for a question. */
export async function replayOf(
  { replay: calls, grant, dataSource }: Admitted,
  session: Session<SessionSandbox>,
): Promise<Replay | null> {
  if (calls === undefined) return null
  await session.beginAnew()
  const { Replay: Replaying } = await import('../agent/replay.ts')
  const isSourceOf = ({ model }: ReplayedCall) => (sourceIn(model) ?? grant.dataSources[0] ?? null) === dataSource
  const onCall = ({ result }: ReplayedCall) => void (result !== null && session.countResultsFrom(result))
  return new Replaying({ calls, isSourceOf, onCall })
}

/** Of a replay as many steps as there are calls, and one more after a refusal, to say so; no model is asked that costs anything. */
export function budgetOf({ grant, replay }: Admitted): AgentBudget {
  if (replay === undefined) return grant.budget
  const { maximumCost: _none, ...budget } = grant.budget
  return { ...budget, maximumSteps: replay.length + 1, maximumCorrections: 1 }
}

/** `shop` of `analyst:shop`; null for a group's first. */
function sourceIn(model: string): string | null {
  const colon = model.indexOf(':')
  return colon < 0 ? null : model.slice(colon + 1)
}
