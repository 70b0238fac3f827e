import type { Suspension, SuspensionRequest } from '../../service/suspensions.ts'
import { toSuspension } from '../../surfaces/wire/admin/suspensions.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { suspensionsAt } from '../remote/open.ts'
import { plainLine } from '../output/plain-text.ts'

export interface SuspensionsOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

/** Whoever can run the command line on the machine of the service. */
const local = 'local'
const pageLength = 1_000

/** `sallyport suspensions list`: those in force, newest first; with `--all`, those that are over as well. */
export async function suspensionsList(
  context: CommandContext,
  { all, output, ...address }: SuspensionsOptions & { readonly all?: boolean },
): Promise<ExitCode> {
  await using keeper = await suspensionsAt(context, address)
  const found: Suspension[] = []
  for (let after: string | null = null; ; after = found.at(-1)?.id ?? null) {
    const page = await keeper.list({ isInForce: all !== true, after, most: pageLength })
    found.push(...page)
    if (page.length < pageLength) break
  }
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ suspensions: found.map(toSuspension) })
  else if (found.length === 0) out.write('Nobody is suspended.\n')
  else for (const each of found) out.write(lineOf(each))
  return exitCodes.ok
}

/** `sallyport suspensions show ID` */
export async function suspensionsShow(
  context: CommandContext,
  id: string,
  { output, ...address }: SuspensionsOptions,
): Promise<ExitCode> {
  await using keeper = await suspensionsAt(context, address)
  return write(context, await keeper.show(id), { output })
}

/** `sallyport suspensions add CALLER`: counts from the next request on. */
export async function suspensionsAdd(
  context: CommandContext,
  principal: string,
  { person, note, lasts, output, ...address }: SuspensionsOptions & Partial<SuspensionRequest>,
): Promise<ExitCode> {
  await using keeper = await suspensionsAt(context, address)
  const request = { principal, person: person ?? null, note: note ?? null, lasts: lasts ?? null }
  return write(context, await keeper.add(request, local), { output })
}

/** `sallyport suspensions lift ID`: the next request is answered. */
export async function suspensionsLift(
  context: CommandContext,
  id: string,
  { output, ...address }: SuspensionsOptions,
): Promise<ExitCode> {
  await using keeper = await suspensionsAt(context, address)
  return write(context, await keeper.lift(id, local), { output })
}

function write(
  { terminal: { out } }: CommandContext,
  suspension: Suspension,
  { output }: { readonly output: SuspensionsOptions['output'] | undefined },
): ExitCode {
  const json = toSuspension(suspension)
  if (output === 'json') out.writeJson(json)
  else {
    for (const [name, value] of Object.entries(json)) {
      out.write(`${name.replace('_', ' ').padEnd(10)} ${plainLine(value ?? '-', 1_000)}\n`)
    }
  }
  return exitCodes.ok
}

function lineOf({ id, principal, subject, reason, made, until, lifted }: Suspension): string {
  const who = subject === principal ? principal : `${principal} (one person)`
  const end = lifted === null ? (until === null ? 'until it is lifted' : `until ${until}`) : `lifted ${lifted}`
  return `${id}  ${plainLine(who, 200)}  ${made}  ${reason}  ${end}\n`
}
