import type { SetLimit, StandingLimit } from '../../service/limits.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { limitsAt } from '../remote/open.ts'

export interface LimitsOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

/** `sallyport limits list`: what the configuration sets for each group. */
export async function limitsList(context: CommandContext, { output, ...address }: LimitsOptions): Promise<ExitCode> {
  await using keeper = await limitsAt(context, address)
  const groups = await keeper.list()
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson({
      groups: groups.map(({ group, limits }) => ({ group, limits: limits.map((limit) => ({ ...limit })) })),
    })
  } else {
    for (const { group, limits } of groups) {
      for (const limit of limits) out.write(`${plainLine(group, 64)}  ${nameOf(limit)}  ${counted(limit.most)}\n`)
    }
  }
  return exitCodes.ok
}

/** `sallyport limits show CALLER`: how each limit of a caller stands. Looking uses nothing of it. */
export async function limitsShow(
  context: CommandContext,
  principal: string,
  { group, person, output, ...address }: LimitsOptions & { readonly group?: string; readonly person?: string },
): Promise<ExitCode> {
  await using keeper = await limitsAt(context, address)
  const found = await keeper.show({ principal, group: group ?? null, person: person ?? null })
  const { out } = context.terminal
  if (output === 'json') {
    const limits = found.limits.map(({ nextAt, ...limit }) => ({ ...limit, next_at: nextAt }))
    out.writeJson({ group: found.group, limits })
  } else {
    out.write(`group  ${plainLine(found.group, 64)}\n`)
    for (const limit of found.limits) out.write(lineOf(limit))
  }
  return exitCodes.ok
}

const counted = (amount: number): string => amount.toLocaleString('en')

const nameOf = ({ per, unit, window }: SetLimit): string => `per ${per}  ${unit}  ${window}`

function lineOf({ most, used, held, left, nextAt, ...limit }: StandingLimit): string {
  const amounts = `${counted(used)} used, ${counted(held)} held, ${counted(left)} left of ${counted(most)}`
  return `${nameOf({ ...limit, most })}  ${amounts}${nextAt === null ? '' : `  more at ${nextAt}`}\n`
}
