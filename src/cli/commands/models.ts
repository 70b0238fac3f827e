import type { ExplainedRoute, RoutedApi } from '../../service/local-routes.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
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

/** `sallyport models explain FILE`: where a request would go, and why; nothing is sent. */
export async function modelsExplain(
  context: CommandContext,
  file: string | undefined,
  { group, api, output }: ModelsOptions & { readonly api?: RoutedApi },
): Promise<ExitCode> {
  const routes = await context.openLocalRoutes(context.config().config)
  const explained = await routes.explain(await readWholeText(context, file), { api: api ?? null, group })
  const { out } = context.terminal
  const { asked, skipped } = rowsOf(explained)
  if (output === 'json') {
    out.writeJson({ route: explained.route.id, by: explained.plan?.by ?? 'single', asked, skipped })
    return exitCodes.ok
  }
  for (const [index, { name, upstream, why, figure }] of asked.entries()) {
    const by = figure === null ? why : `${why} ${figure}`
    out.write(`${plainLine(`${index + 1}. ${name} (${upstream}): ${by}`, 500)}\n`)
  }
  for (const { name, upstream, why } of skipped)
    out.write(`${plainLine(`- ${name} (${upstream}): not asked, ${why}`, 500)}\n`)
  return exitCodes.ok
}

function rowsOf({ route, plan }: ExplainedRoute) {
  if (plan === null) {
    const [{ name, upstream }] = route.targets
    return { asked: [{ name, upstream, why: 'single', figure: null }], skipped: [] }
  }
  return {
    asked: plan.ranked.map(({ target: { name, upstream }, figure, isExplored }) => ({
      name,
      upstream,
      why: isExplored === true ? 'exploring' : plan.by,
      figure: figure === null ? null : Math.round(figure),
    })),
    skipped: plan.skipped.map(({ target: { name, upstream }, why }) => ({ name, upstream, why })),
  }
}
