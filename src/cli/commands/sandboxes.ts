import type { SandboxesJson, SandboxesStateJson } from '../../surfaces/wire/admin/sandboxes.ts'
import { drainSandboxes, endSandbox, listSandboxes, resumeSandboxes } from '../../surfaces/wire/admin/sandboxes.ts'
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

function lineOf({ id, state, holder, age_ms: age, memory_mb: memory }: SandboxesJson['data'][number]): string {
  const who = holder === null ? 'nobody’s' : `of ${plainLine(holder, 200)}`
  return `${id}  ${state.padEnd(7)}  ${who}  ${Math.round(age / 1000)} s old  ${memory} MiB\n`
}
