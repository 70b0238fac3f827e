import type { KeyFacts, NewKey } from '../../service/sallyport.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine, plainText } from '../output/plain-text.ts'

export interface KeysOptions {
  readonly output?: 'text' | 'json'
}

/** `sallyport keys create NAME`: the key alone on standard output, so that a script can keep it. */
export async function keysCreate(
  context: CommandContext,
  name: string,
  options: KeysOptions & { readonly group: string },
): Promise<ExitCode> {
  await using keys = await context.openKeys(context.config().config)
  return writeNewKey(context, await keys.create({ name, group: options.group }), options)
}

/** `sallyport keys list` */
export async function keysList(context: CommandContext, { output }: KeysOptions): Promise<ExitCode> {
  await using keeper = await context.openKeys(context.config().config)
  const keys = await keeper.list()
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ keys: keys.map((key) => ({ ...key })) })
  else
    for (const { id, group, created, name, state } of keys) {
      out.write(`${id}  ${group}  ${created}  ${plainLine(name, 100)}${state === 'held' ? '  (held)' : ''}\n`)
    }
  return exitCodes.ok
}

/** `sallyport keys show ID`: what is kept of a key, which is not the key. */
export async function keysShow(context: CommandContext, id: string, { output }: KeysOptions): Promise<ExitCode> {
  await using keeper = await context.openKeys(context.config().config)
  const facts: KeyFacts = await keeper.show(id)
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ ...facts })
  else
    out.write(
      `id       ${facts.id}\nname     ${plainLine(facts.name, 100)}\ngroup    ${facts.group}\ncreated  ${facts.created}\n` +
        `state    ${facts.state}\n`,
    )
  return exitCodes.ok
}

/** `sallyport keys rotate ID`: the new key alone on standard output; the old one is nobody's from then on. */
export async function keysRotate(context: CommandContext, id: string, options: KeysOptions): Promise<ExitCode> {
  await using keys = await context.openKeys(context.config().config)
  const exitCode = writeNewKey(context, await keys.rotate(id), options)
  context.terminal.error.write('The key it replaces is revoked.\n')
  return exitCode
}

/** `sallyport keys revoke ID` */
export async function keysRevoke(context: CommandContext, id: string, { output }: KeysOptions): Promise<ExitCode> {
  await using keys = await context.openKeys(context.config().config)
  await keys.revoke(id)
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ id, revoked: true })
  else out.write(`Revoked ${plainLine(id, 100)}.\n`)
  return exitCodes.ok
}

function writeNewKey({ terminal }: CommandContext, { place, ...made }: NewKey, { output }: KeysOptions): ExitCode {
  if (output === 'json') terminal.out.writeJson(made)
  else terminal.out.write(`${made.key}\n`)
  terminal.error.write(`It is shown this once; ${plainText(place)} has its hash.\n`)
  return exitCodes.ok
}
