import { ServiceError } from '../../core/errors.ts'
import type { RoutedApi } from '../../service/local-routes.ts'
import type { RouteQuestion, ToldRoute } from '../../service/route-teller.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { readWholeText } from '../text-input.ts'

interface ModelsOptions {
  readonly group: string
  readonly output?: 'text' | 'json'
}

/** `sallyport models list`: what a group may ask at upstreams, with the targets of each route. */
export async function modelsList(context: CommandContext, { group, output }: ModelsOptions): Promise<ExitCode> {
  const { out } = context.terminal
  const routes = (await context.openLocalRoutes(context.config().config)).list(group)
  if (output === 'json') {
    out.writeJson(
      routes.map(({ id, strategy, targets }) => ({
        id,
        strategy,
        targets: targets.map(({ name, upstream, tier, weight }) => ({ name, upstream, tier, weight })),
      })),
    )
    return exitCodes.ok
  }
  if (routes.length === 0) out.write(`The group "${plainLine(group, 100)}" may ask no model of an upstream.\n`)
  for (const { id, strategy, targets } of routes) {
    const places = targets.map(({ name, upstream }) => `${name} (${upstream})`).join(', ')
    out.write(`${plainLine(targets.length === 1 ? `${id}: ${places}` : `${id}, by ${strategy}: ${places}`, 2_000)}\n`)
  }
  return exitCodes.ok
}

interface ExplainOptions extends ServerAddress {
  readonly group?: string
  readonly api?: RoutedApi
  readonly caller?: string
  readonly person?: string
  readonly output?: 'text' | 'json'
}

/** `sallyport models explain FILE`: where a request would go, and why; nothing is sent. */
export async function modelsExplain(
  context: CommandContext,
  file: string | undefined,
  { group, api, caller, person, output, ...address }: ExplainOptions,
): Promise<ExitCode> {
  const body = await readWholeText(context, file)
  const question = { body, api: api ?? null, principal: caller ?? null, group: group ?? null, person: person ?? null }
  const { route, by, asked, skipped } = await told(context, question, address)
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson({
      route,
      by,
      asked: asked.map((each) => ({ ...each })),
      skipped: skipped.map((each) => ({ ...each })),
    })
    return exitCodes.ok
  }
  for (const [index, { name, upstream, why, figure, breaker }] of asked.entries()) {
    const ranked = figure === null ? why : `${why} ${figure}`
    const health = breaker === 'closed' ? '' : `, breaker ${breaker}`
    out.write(`${plainLine(`${index + 1}. ${name} (${upstream}): ${ranked}${health}`, 500)}\n`)
  }
  for (const { name, upstream, why } of skipped)
    out.write(`${plainLine(`- ${name} (${upstream}): not asked, ${why}`, 500)}\n`)
  return exitCodes.ok
}

/** By what the service at `--server` knows, or by the configuration of this machine. */
async function told(
  context: CommandContext,
  question: RouteQuestion,
  { server, ...rest }: ServerAddress,
): Promise<ToldRoute> {
  if (server !== undefined) {
    const { createAskAdmin } = await import('../remote/admin-client.ts')
    const { createRemoteTellRoute } = await import('../remote/routes.ts')
    return createRemoteTellRoute(createAskAdmin(context, { server, ...rest }))(question)
  }
  if (question.principal !== null) {
    throw new ServiceError('invalid-request', 'Who would ask is known to a service that runs, and not here.', {
      advice: 'Name its address with --server, or the group of the caller with --group.',
    })
  }
  const { body, api, group } = question
  return (await context.openLocalRoutes(context.config().config)).tell(body, { api, group: group ?? 'default' })
}
