import type { SandboxesJson, SandboxesStateJson, SandboxTraceJson } from '../../surfaces/wire/admin/sandboxes.ts'
import {
  drainSandboxes,
  endSandbox,
  listSandboxes,
  resumeSandboxes,
  traceSandbox,
} from '../../surfaces/wire/admin/sandboxes.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import { createAskAdmin, type ServerAddress } from '../remote/admin-client.ts'

interface SandboxesOptions extends ServerAddress {
  readonly server: string
  readonly output?: 'text' | 'json'
}

/** `sallyport sandboxes list`: those of the process at `--server`, with what proves that they are in gVisor. */
export async function sandboxesList(
  context: CommandContext,
  { output, ...address }: SandboxesOptions,
): Promise<ExitCode> {
  const seen = await createAskAdmin(context, address)(listSandboxes, {})
  const { out } = context.terminal
  if (output === 'json') out.writeJson(seen)
  else {
    out.write(stateText(seen))
    for (const each of seen.data) out.write(lineOf(each))
  }
  return exitCodes.ok
}

/** `sallyport sandboxes end ID`: what runs in it ends, and says that an operator ended it. */
export async function sandboxesEnd(
  context: CommandContext,
  id: string,
  { output, ...address }: SandboxesOptions,
): Promise<ExitCode> {
  await createAskAdmin(context, address)(endSandbox, { params: { id } })
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ ended: id })
  else out.write(`Ended ${id}.\n`)
  return exitCodes.ok
}

/** `sallyport sandboxes trace ID`: what detection has heard of one. What stands there is text of the code in it. */
export async function sandboxesTrace(
  context: CommandContext,
  id: string,
  { output, ...address }: SandboxesOptions,
): Promise<ExitCode> {
  const trace = await createAskAdmin(context, address)(traceSandbox, { params: { id } })
  const { out } = context.terminal
  if (output === 'json') out.writeJson(trace)
  else out.write(traceText(trace))
  return exitCodes.ok
}

/** `sallyport sandboxes drain` and `resume`: whether the process hands out sandboxes. */
export async function sandboxesServe(
  context: CommandContext,
  { resume, why, output, ...address }: SandboxesOptions & { readonly resume: boolean; readonly why?: string },
): Promise<ExitCode> {
  const contract = resume ? resumeSandboxes : drainSandboxes
  const state = await createAskAdmin(context, address)(contract, { body: why === undefined ? {} : { why } })
  const { out } = context.terminal
  if (output === 'json') out.writeJson(state)
  else out.write(stateText(state))
  return exitCodes.ok
}

const badges = {
  proven: 'gVisor, as each of their kernels says',
  unproven: 'not proven: there is none whose kernel says so',
  failed: 'the walls do not stand',
} as const

function stateText({ driver, pool, draining }: SandboxesStateJson): string {
  const { name, gvisor, fault, missing_walls: missing } = driver
  const why = fault === null ? '' : ` (${plainLine(fault, 300)})`
  const walls = missing.length === 0 ? '' : `; missing: ${plainLine(missing.join(' '), 500)}`
  const counts =
    pool === null
      ? 'nothing was asked for yet'
      : `${pool.claimed} in use, ${pool.ready} ready, ${pool.starting} starting, ${pool.waiting} waiting, ${pool.maximum} at most`
  const drained = draining ? 'drained: none is handed out\n' : ''
  return `${plainLine(name ?? 'no driver yet', 50)}: ${badges[gvisor]}${why}${walls}\n${counts}\n${drained}`
}

function traceText({ id, over, unheard, figures, alerts }: SandboxTraceJson): string {
  const state = unheard ? 'ended unheard' : over ? 'over' : 'heard'
  const counts =
    figures === null
      ? ''
      : `; ${figures.messages} messages of its kernel (${figures.bytes} bytes), ${figures.lost} lost; ${figures.alerts} alerts (${figures.told} bytes), ${figures.suppressed} more held back`
  return `${id}: ${state}${counts}\n${alerts.map(alertLine).join('')}`
}

function alertLine({ at, holder, cell, rule, priority, output, ended }: SandboxTraceJson['alerts'][number]): string {
  const who = holder === null ? 'nobody’s' : `of ${plainLine(holder, 200)}`
  const where = cell === null ? 'before its first program' : `program ${cell}`
  const end = ended ? '  ended for it' : ''
  return `${at}  ${priority.padEnd(8)}  ${plainLine(rule, 200)}  ${who}, ${where}${end}\n    ${plainLine(output, 1000)}\n`
}

function lineOf({ id, state, holder, age_ms: age, memory_mb: memory }: SandboxesJson['data'][number]): string {
  const who = holder === null ? 'nobody’s' : `of ${plainLine(holder, 200)}`
  return `${id}  ${state.padEnd(7)}  ${who}  ${Math.round(age / 1000)} s old  ${memory} MiB\n`
}
