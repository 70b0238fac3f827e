import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { Rollout, RolloutCounts } from '../../core/tuning.ts'
import type { HistoryEntry } from '../../service/tuning-keeper.ts'
import { toHistory, toRollout, toSeen, toState } from '../../surfaces/wire/admin/tuning-rollouts.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import { tuningAt } from '../remote/open.ts'
import { placeText } from '../tuning-options.ts'
import { operatorOf, type TuningOptions } from './tuning-queue.ts'

/** `sallyport tuning show`: what is in force and on its way; `show ROLLOUT`: one with what was counted of it. */
export async function tuningShow(
  context: CommandContext,
  id: string | undefined,
  { output, ...address }: TuningOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const { out } = context.terminal
  if (id !== undefined) {
    const seen = await keeper.rollout(id)
    if (output === 'json') out.writeJson(toSeen(seen))
    else out.write(`${rolloutText(seen.rollout)}${seen.counts.map(countsLine).join('')}`)
    return exitCodes.ok
  }
  const state = await keeper.state()
  if (output === 'json') {
    out.writeJson(toState(state))
    return exitCodes.ok
  }
  const { thresholds, rollouts } = state
  if (thresholds.length === 0) out.write('Every threshold is that of the configuration.\n')
  for (const { place, threshold, rollout } of thresholds) {
    out.write(`${plainLine(placeText(place), 300)}  ${threshold}  by ${plainLine(rollout, 120)}\n`)
  }
  for (const rollout of rollouts) out.write(rolloutLine(rollout))
  return exitCodes.ok
}

interface StepOptions extends TuningOptions {
  readonly why: string
  readonly by?: string
  readonly digest?: string
}

interface ShadowOptions extends Omit<StepOptions, 'digest'> {
  readonly mostActedRatio?: number
  readonly mostActedIncrease?: number
  readonly mostComplaintIncrease?: number
  readonly error?: number
}

/** `sallyport tuning shadow PROPOSAL` */
export async function tuningShadow(
  context: CommandContext,
  proposal: string,
  { output, why, by, mostActedRatio, mostActedIncrease, mostComplaintIncrease, error, ...address }: ShadowOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const bounds = {
    ...(mostActedRatio === undefined ? {} : { mostActedRatio }),
    ...(mostActedIncrease === undefined ? {} : { mostActedIncrease }),
    ...(mostComplaintIncrease === undefined ? {} : { mostComplaintIncrease }),
    ...(error === undefined ? {} : { error }),
  }
  return write(context, await keeper.shadow({ proposal, why, bounds }, operatorOf(by)), output)
}

/** `sallyport tuning canary ROLLOUT --share SHARE` */
export async function tuningCanary(
  context: CommandContext,
  rollout: string,
  { output, why, by, digest, share, ...address }: StepOptions & { readonly share: number },
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  return write(context, await keeper.canary({ rollout, why, digest: digest ?? null, share }, operatorOf(by)), output)
}

/** `sallyport tuning promote ROLLOUT`, `rollback ROLLOUT` and `stop ROLLOUT` */
export async function tuningStep(
  context: CommandContext,
  { name, rollout }: { readonly name: 'promote' | 'rollback' | 'stop'; readonly rollout: string },
  { output, why, by, digest, ...address }: StepOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  return write(context, await keeper[name]({ rollout, why, digest: digest ?? null }, operatorOf(by)), output)
}

/** `sallyport tuning history PLACE` */
export async function tuningHistory(
  context: CommandContext,
  place: TuningPlace | undefined,
  { output, ...address }: TuningOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const entries = await keeper.history(place ?? null)
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ rollouts: entries.map(toHistory) })
  else if (entries.length === 0) out.write('No threshold was ever on its way.\n')
  else for (const entry of entries) out.write(historyText(entry))
  return exitCodes.ok
}

function write({ terminal: { out } }: CommandContext, rollout: Rollout, output: TuningOptions['output']): ExitCode {
  if (output === 'json') out.writeJson(toRollout(rollout))
  else out.write(rolloutLine(rollout))
  return exitCodes.ok
}

function rolloutLine({ id, place, from, to, stage, share }: Rollout): string {
  const told = stage === 'canary' ? `canary of ${share}` : stage
  return `${id}  ${plainLine(placeText(place), 300)}  ${from} → ${to}  ${told}\n`
}

function rolloutText(rollout: Rollout): string {
  const steps = rollout.steps.map(
    ({ at, by, to, why }) => `  ${at}  ${to}  ${plainLine(by, 200)}: ${plainLine(why, 500)}\n`,
  )
  return `${rolloutLine(rollout)}${steps.join('')}`
}

function historyText({ rollout, proposal }: HistoryEntry): string {
  if (proposal === null) return rolloutText(rollout)
  const { set, by, made } = proposal
  return `${rolloutText(rollout)}  proposed ${made} by ${plainLine(by, 200)}, of ${set.name}@${set.version} ${set.digest}\n`
}

function countsLine({ stage, arm, requests, unknown, complaints, ...acted }: RolloutCounts): string {
  const { actedBefore, actedAfter, onlyBefore, onlyAfter } = acted
  const told = `${requests} requests, acted on ${actedBefore} → ${actedAfter} (only before ${onlyBefore}, only after ${onlyAfter})`
  return `  ${stage} ${arm}: ${told}, unknown ${unknown}, complaints ${complaints}\n`
}
