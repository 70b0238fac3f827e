import { serviceDefaults } from '../../config/service-defaults.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Sallyport, ServerHandle } from '../../service/sallyport.ts'
import type { Output } from '../terminal.ts'

/** `sallyport serve`: HTTP until Ctrl-C or SIGTERM, then a drain. */
export async function serve(
  context: CommandContext,
  overrides: Readonly<Record<string, string>>,
  options: { readonly output?: 'text' | 'json' | undefined },
): Promise<ExitCode> {
  const { config } = context.config(overrides, serviceDefaults)
  await using sallyport = await context.open(config)
  const { id, scripted, questions } = sallyport.model()
  await context.interrupts.during(async (signal) => {
    await using server = await listen(context, sallyport, signal)
    const { out } = context.terminal
    if (options.output === 'json') out.writeJson(bannerJson(server, { id, scripted }))
    else
      writeBanner(out, server, {
        model: scripted ? `${id} (scripted answers; set model.base_url for a real one)` : id,
        question: questions[0] ?? 'Which products sold best?',
      })
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
  { url, newKey, keysPlace }: ServerHandle,
  model: { readonly id: string; readonly scripted: boolean },
) {
  return { url, key: newKey, keys_place: keysPlace, model: model.id, scripted: model.scripted }
}

function writeBanner(
  out: Output,
  { url, newKey, keysPlace }: ServerHandle,
  { model, question }: { readonly model: string; readonly question: string },
): void {
  const body = JSON.stringify({ model: 'analyst', stream: true, messages: [{ role: 'user', content: question }] })
  const quoted = `'${body.replaceAll("'", String.raw`'\''`)}'`
  const key = newKey ?? '$SALLYPORT_KEY'
  out.write(`${out.style('bold', 'Sallyport')} listens on ${url}\n`)
  out.write(`  API      ${url}/v1   (OpenAI Chat Completions; model "analyst")\n`)
  out.write(`  Health   ${url}/livez  ${url}/readyz\n`)
  out.write(`  Model    ${model}\n`)
  out.write(
    newKey === null
      ? `  API key  made at an earlier start (${keysPlace})\n`
      : `  API key  ${newKey}   (shown once; kept as a hash)\n`,
  )
  out.write(`\n  curl -sN ${url}/v1/chat/completions -H "Authorization: Bearer ${key}" \\\n`)
  out.write(`    -H 'Content-Type: application/json' \\\n`)
  out.write(`    -d ${quoted}\n\n`)
}
