import { serviceDefaults } from '../../config/service-defaults.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { keepHeapSmall } from '../lasting-heap.ts'
import { exitCodes } from '../exit-codes.ts'
import { ownModel } from '../../core/own-model.ts'
import type { Sallyport, ServerHandle } from '../../service/sallyport.ts'
import type { Output } from '../terminal.ts'

/** `sallyport serve`: HTTP until Ctrl-C or SIGTERM, then a drain. */
export async function serve(
  context: CommandContext,
  overrides: Readonly<Record<string, string>>,
  options: { readonly output?: 'text' | 'json' | undefined },
): Promise<ExitCode> {
  keepHeapSmall()
  const { config } = context.config(overrides, serviceDefaults)
  await using sallyport = await context.open(config)
  const { id, scripted, questions } = sallyport.model()
  await context.interrupts.during(async (signal) => {
    await using server = await listen(context, sallyport, signal)
    const { out } = context.terminal
    if (options.output === 'json') out.writeJson(bannerJson(server, { id, scripted }))
    else if (server.models.includes(ownModel)) {
      writeBanner(out, server, {
        apis: `OpenAI Chat Completions and Responses; model "${ownModel}"`,
        model: scripted ? `${id} (scripted answers; set model.base_url for a real one)` : id,
        example: questionExample(server, questions[0] ?? 'Which products sold best?'),
      })
    } else {
      writeBanner(out, server, {
        apis: 'models of upstreams',
        model: `${ownModel} is off: no group of gateway.groups may ask it`,
        example: `curl -s ${server.url}/v1/models -H "Authorization: Bearer ${keyOf(server)}"`,
      })
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }, 'Stopping: requests under way may finish.')
  return exitCodes.ok
}

/** Proves the sources and starts what the first question needs before it announces the address. */
async function listen(
  { onActivity }: CommandContext,
  sallyport: Sallyport,
  signal: AbortSignal,
): Promise<ServerHandle> {
  using _ = onActivity('starting the service')
  return await sallyport.listen(signal)
}

/** One document as soon as the service listens. `key` is null where a key was made at an earlier start. */
function bannerJson(
  { url, newKey, keysPlace, adminUrl, app, envoy }: ServerHandle,
  model: { readonly id: string; readonly scripted: boolean },
) {
  return {
    url,
    key: newKey,
    keys_place: keysPlace,
    admin_url: adminUrl,
    app_url: app?.url ?? null,
    sign_in_url: app?.signIn ?? null,
    operators_app_url: app?.operatorsUrl ?? null,
    operators_sign_in_url: app?.operatorsSignIn ?? null,
    envoy: envoy?.listen ?? null,
    model: model.id,
    scripted: model.scripted,
  }
}

const keyOf = ({ newKey }: ServerHandle): string => newKey ?? '$SALLYPORT_KEY'

function questionExample(server: ServerHandle, question: string): string {
  const body = JSON.stringify({ model: ownModel, stream: true, messages: [{ role: 'user', content: question }] })
  const quoted = `'${body.replaceAll("'", String.raw`'\''`)}'`
  return [
    `curl -sN ${server.url}/v1/chat/completions -H "Authorization: Bearer ${keyOf(server)}" \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d ${quoted}`,
  ].join('\n')
}

type App = NonNullable<ServerHandle['app']>

interface Banner {
  readonly apis: string
  readonly model: string
  readonly example: string
}

function writeBanner(
  out: Output,
  { url, newKey, keysPlace, adminUrl, app, envoy }: ServerHandle,
  { apis, model, example }: Banner,
): void {
  out.write(`${out.style('bold', 'Sallyport')} listens on ${url}\n`)
  out.write(`  API      ${url}/v1   (${apis})\n`)
  out.write(`  MCP      ${url}/mcp\n`)
  out.write(`  Docs     ${url}/docs  ${url}/openapi.json\n`)
  out.write(`  Health   ${url}/livez  ${url}/readyz\n`)
  if (adminUrl !== null) out.write(`  Admin    ${adminUrl}/admin/v1   (keys with the scope admin)\n`)
  if (envoy !== null) out.write(`  Envoy    ${envoy.listen}   (${envoy.roles.join(', ')}; gRPC)\n`)
  out.write(`  Model    ${model}\n`)
  out.write(
    newKey === null
      ? `  API key  made at an earlier start (${keysPlace}); "sallyport keys create NAME" makes another\n`
      : `  API key  ${newKey}   (shown once; kept as a hash)\n`,
  )
  out.write(`\n  ${example}\n\n`)
  if (app !== null) writeSignIn(out, app)
}

/** Links are written last, where they are found. */
function writeSignIn(out: Output, { url, operatorsUrl, signIn, operatorsSignIn, linkMilliseconds }: App): void {
  const minutes = Math.max(1, Math.round(linkMilliseconds / 60_000))
  const once = `each link signs one browser in, within ${minutes} min`
  out.write(`${out.style('bold', 'In a browser')}${signIn === null && operatorsSignIn === null ? '' : ` (${once})`}\n`)
  out.write(`  Ask      ${signIn ?? url}\n`)
  if (operatorsUrl !== null) out.write(`  Operate  ${operatorsSignIn ?? operatorsUrl}\n`)
  out.write('\n')
}
