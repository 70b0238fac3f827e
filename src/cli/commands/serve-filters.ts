import type { CommandContext, ExitCode } from '../context.ts'
import { keepHeapSmall } from '../lasting-heap.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sallyport serve --role filters`: checks of content for other processes, until Ctrl-C or SIGTERM, then a drain. */
export async function serveFilters(
  context: CommandContext,
  overrides: Readonly<Record<string, string>>,
  { output }: { readonly output?: 'text' | 'json' | undefined },
): Promise<ExitCode> {
  keepHeapSmall()
  const { config } = context.config(overrides)
  await context.interrupts.during(async (signal) => {
    await using service = await context.openFilterService(config)
    const { out } = context.terminal
    const { url, detectors } = service
    if (output === 'json') out.writeJson({ url, detectors: [...detectors] })
    else {
      out.write(`${out.style('bold', 'Sallyport')} looks at content on ${url}\n`)
      out.write(`  Check      ${url}/v1/filters/check   (with filters.content.service.key)\n`)
      out.write(`  Health     ${url}/livez  ${url}/readyz\n`)
      out.write(`  Detectors  ${detectors.join(', ')}\n`)
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }, 'Stopping: checks under way may finish.')
  return exitCodes.ok
}
