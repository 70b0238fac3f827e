import type { ShareAudience, ShareFacts } from '../../core/shares.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { sharesAt } from '../remote/open.ts'

interface SharesOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

interface ListOptions extends SharesOptions {
  readonly audience?: ShareAudience
  readonly group?: string
  /** Whoever made them. */
  readonly caller?: string
  readonly after?: string
}

const mostListed = 100

/** `sallyport shares list`: those of everybody, newest first, without a word of what they show. */
export async function sharesList(
  context: CommandContext,
  { audience, group, caller, after, output, ...address }: ListOptions,
): Promise<ExitCode> {
  const keeper = await sharesAt(context, address)
  // One more than is shown tells whether there are more.
  const found = await keeper.list({ audience, group, principal: caller }, { after, most: mostListed + 1 })
  const shown = found.slice(0, mostListed)
  const next = found.length > mostListed ? (shown.at(-1)?.id ?? null) : null
  const { out, error } = context.terminal
  if (output === 'json') {
    out.writeJson({ shares: shown.map(factsJson), next })
    return exitCodes.ok
  }
  if (shown.length === 0) out.write('Nothing is shared.\n')
  for (const share of shown) {
    const told = [`until ${share.expires.toISOString()}`, readersOf(share), `by ${share.principal}`]
    out.write(`${share.id}  ${told.map((fact) => plainLine(fact, 200)).join('  ')}\n`)
  }
  if (next !== null) error.write(`There are more: --after ${next}\n`)
  return exitCodes.ok
}

/** `sallyport shares show ID`: with its title, and nothing else that it shows. */
export async function sharesShow(
  context: CommandContext,
  id: string,
  { output, ...address }: SharesOptions,
): Promise<ExitCode> {
  const keeper = await sharesAt(context, address)
  const { title, leftOut, ...facts } = await keeper.read(id)
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson({ ...factsJson(facts), title, left_out: leftOut })
    return exitCodes.ok
  }
  const told = [
    ['id', facts.id],
    ['title', title ?? ''],
    ['for', readersOf(facts)],
    ['made by', facts.principal],
    ['made', facts.made.toISOString()],
    ['until', facts.expires.toISOString()],
    ['left out', String(leftOut)],
  ] as const
  for (const [name, value] of told) out.write(`${name.padEnd(10)}${plainLine(value, 1_000)}\n`)
  return exitCodes.ok
}

/** `sallyport shares revoke ID`: whoever made it. */
export async function sharesRevoke(
  context: CommandContext,
  id: string,
  { output, ...address }: SharesOptions,
): Promise<ExitCode> {
  const keeper = await sharesAt(context, address)
  await keeper.revoke(id)
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ id, revoked: true })
  else out.write(`Revoked ${plainLine(id, 100)}: nobody opens it any more.\n`)
  return exitCodes.ok
}

function readersOf({ audience, group }: ShareFacts): string {
  return audience === 'link' ? `link, as ${group}` : `group ${group}`
}

function factsJson({ id, principal, conversation, audience, group, made, expires }: ShareFacts) {
  const times = { made_at: made.toISOString(), expires_at: expires.toISOString() }
  return { id, caller: principal, conversation, audience, group, ...times }
}
