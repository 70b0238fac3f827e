import { toProblem } from '../../../api/problem.ts'
import type { AskService } from '../ask-service.ts'
import { durationOf, endedAs } from '../turn/reduce-events.ts'
import type { Fault, Turn } from '../turn/turn.ts'

interface LookedUp {
  /** What its response says beyond its items. */
  readonly change: Partial<Turn>
  /** Null where nobody knows it any more. */
  readonly model: string | null
}

/** How a kept turn ended, or that it goes on; null for one of another surface, which has no response. Rejects as the service does. */
async function lookUp(api: Pick<AskService, 'showResponse'>, turn: Turn): Promise<LookedUp | null> {
  if (turn.response === null) return null
  try {
    const whole = await api.showResponse(turn.response)
    const model = typeof whole['model'] === 'string' ? whole['model'] : null
    if (whole['status'] === 'in_progress') return { change: { state: 'elsewhere' }, model }
    const { state, fault, decision, findings } = endedAs(turn, { ...whole, output: null }, 0)
    return { change: { state, fault, decision, findings, milliseconds: durationOf(whole) }, model }
  } catch (thrown) {
    if (toProblem(thrown).status === 404) return null
    throw thrown
  }
}

/** So many turns are looked up for how they ended when a conversation is opened; older ones are shown as they are kept. */
const mostLookedUp = 20

/** Kept turns with how they ended, and the model that was asked last; null where nobody knows it any more. Rejects as the service does. */
export async function lookUpTurns(
  api: Pick<AskService, 'showResponse'>,
  kept: readonly Turn[],
): Promise<{ readonly turns: readonly Turn[]; readonly model: string | null }> {
  const older = kept.slice(0, -mostLookedUp)
  const found = await Promise.all(
    kept.slice(-mostLookedUp).map(async (turn) => ({ turn, known: await lookUp(api, turn) })),
  )
  return {
    turns: [...older, ...found.map(({ turn, known }) => Object.assign({ ...turn }, known?.change))],
    model: found.at(-1)?.known?.model ?? null,
  }
}

/** Until an answer that another page reads is asked for again, milliseconds. */
const lookAgainAfter = 2_000

interface Watching {
  readonly wait: (milliseconds: number) => Promise<void>
  /** Does nobody want to know it any more? */
  readonly isLeft: () => boolean
}

/** Resolves when a response is over or nobody wants to know, with the fault of one that can not be seen any more. */
export async function untilOver(
  api: Pick<AskService, 'showResponse'>,
  response: string,
  { wait, isLeft }: Watching,
): Promise<Fault | null> {
  for (;;) {
    await wait(lookAgainAfter)
    if (isLeft()) return null
    try {
      if ((await api.showResponse(response))['status'] !== 'in_progress') return null
    } catch (thrown) {
      const { code, message, status } = toProblem(thrown)
      // The service may be away for a moment.
      if (status !== 0 && status < 500) return { code, message }
    }
  }
}
