import type { ApprovalFacts, ApprovalVerdict } from '../../core/approvals.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { approvalsAt } from '../remote/open.ts'
import { visibleText } from '../output/visible-text.ts'

interface ApprovalsOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

const mostListed = 100

/** `sallyport approvals list`: those that wait, without what would run. */
export async function approvalsList(
  context: CommandContext,
  { all = false, after, output, ...address }: ApprovalsOptions & { readonly all?: boolean; readonly after?: string },
): Promise<ExitCode> {
  const keeper = await approvalsAt(context, address)
  const from = after === undefined ? {} : { after }
  // One more than is shown tells whether there are more.
  const found = await keeper.list({ waiting: !all, most: mostListed + 1, ...from })
  const shown = found.slice(0, mostListed)
  const next = found.length > mostListed ? (shown.at(-1)?.id ?? null) : null
  const { out, error } = context.terminal
  if (output === 'json') {
    out.writeJson({ approvals: shown.map(factsJson), next })
    return exitCodes.ok
  }
  if (shown.length === 0) out.write(all ? 'There is no approval.\n' : 'No approval waits.\n')
  for (const { id, state, expires, tool, principal, rules } of shown) {
    const facts = [`until ${expires.toISOString()}`, tool, principal, rules.join(', ')]
    const told = facts.map((fact) => plainLine(fact, 100)).join('  ')
    out.write(`${id}  ${state.padEnd('pending'.length)}  ${told}\n`)
  }
  if (next !== null) error.write(`There are more: --after ${next}\n`)
  return exitCodes.ok
}

/** `sallyport approvals show ID`: all of what would run, to the letter, and nothing of it drives the terminal. */
export async function approvalsShow(
  context: CommandContext,
  id: string,
  { output, ...address }: ApprovalsOptions,
): Promise<ExitCode> {
  const keeper = await approvalsAt(context, address)
  const { text, reason, changedTo, ...facts } = await keeper.show(id)
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson({ ...factsJson(facts), reason, text, changed_to: changedTo ?? null })
    return exitCodes.ok
  }
  const { asked, expires, state, decidedBy } = facts
  const told = [
    ['id', facts.id],
    ['state', decidedBy === null ? state : `${state}, decided by ${decidedBy}`],
    ['asked', asked.toISOString()],
    ['until', expires.toISOString()],
    ['caller', `${facts.principal} of the group ${facts.group}`],
    ['request', facts.requestId],
    ['tool', [facts.tool, facts.language, facts.source].filter((part) => part !== null).join(', ')],
    ['rules', facts.rules.join(', ')],
    ['digest', facts.digest],
  ] as const
  for (const [name, value] of told) out.write(`${name.padEnd(9)}${plainLine(value, 1_000)}\n`)
  out.write(`reason\n${visibleText(reason, '  | ')}what would run\n${visibleText(text, '  | ')}`)
  if (changedTo !== undefined) out.write(`what was written in its place\n${visibleText(changedTo, '  | ')}`)
  return exitCodes.ok
}

/** `sallyport approvals allow ID` and `refuse ID` */
export async function approvalsDecide(
  context: CommandContext,
  { id, verdict }: { readonly id: string; readonly verdict: ApprovalVerdict },
  { output, ...address }: ApprovalsOptions,
): Promise<ExitCode> {
  const keeper = await approvalsAt(context, address)
  const decided = await keeper.decide(id, verdict)
  const { out } = context.terminal
  if (output === 'json') out.writeJson(factsJson(decided))
  else if (verdict === 'refused') out.write(`Refused ${plainLine(id, 100)}.\n`)
  else out.write(`Allowed ${plainLine(id, 100)}, once, until ${decided.expires.toISOString()}.\n`)
  return exitCodes.ok
}

function factsJson({ asked, expires, decidedBy, principal, requestId, ...facts }: ApprovalFacts) {
  const { id, state, digest, tool, language, source, rules, group } = facts
  return {
    id,
    state,
    asked_at: asked.toISOString(),
    expires_at: expires.toISOString(),
    decided_by: decidedBy,
    caller: principal,
    group,
    request_id: requestId,
    tool,
    language,
    source,
    rules: [...rules],
    digest,
  }
}
