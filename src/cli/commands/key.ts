import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine, plainText } from '../output/plain-text.ts'

/** `sallyport key create NAME`: the key alone on standard output, so that a script can keep it. */
export async function keyCreate(
  context: CommandContext,
  name: string,
  { group, json }: { readonly group: string; readonly json?: boolean },
): Promise<ExitCode> {
  const keys = await context.openKeys(context.config().config)
  const { key, file } = await keys.create({ name, group })
  if (json === true) context.terminal.out.writeJson({ key, name, group })
  else context.terminal.out.write(`${key}\n`)
  context.terminal.error.write(`It is shown this once; ${plainText(file)} has its hash.\n`)
  return exitCodes.ok
}

/** `sallyport key list` */
export async function keyList(context: CommandContext, { json }: { readonly json?: boolean }): Promise<ExitCode> {
  const keeper = await context.openKeys(context.config().config)
  const keys = await keeper.list()
  if (json === true) context.terminal.out.writeJson({ keys })
  else
    for (const { id, group, created, name } of keys)
      context.terminal.out.write(`${id}  ${group}  ${created}  ${plainLine(name, 100)}\n`)
  return exitCodes.ok
}

/** `sallyport key revoke ID` */
export async function keyRevoke(context: CommandContext, id: string): Promise<ExitCode> {
  const keys = await context.openKeys(context.config().config)
  await keys.revoke(id)
  context.terminal.error.write('The key is revoked.\n')
  return exitCodes.ok
}
