import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { linksAt } from '../remote/open.ts'

/** `sallyport web link`: the link alone on standard output, so that a script can hand it on. */
export async function webLink(
  context: CommandContext,
  {
    operators,
    output,
    ...address
  }: ServerAddress & { readonly operators?: boolean; readonly output?: 'text' | 'json' },
): Promise<ExitCode> {
  await using links = await linksAt(context, address)
  const { listener, url, expires } = await links.make(operators === true ? 'operators' : 'service', '')
  const { out, error } = context.terminal
  if (output === 'json') out.writeJson({ listener, url, expires_at: expires })
  else out.write(`${plainLine(url, 2_000)}\n`)
  error.write(`It signs one browser in, once, until ${expires}.\n`)
  return exitCodes.ok
}
