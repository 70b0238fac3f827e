import type { KeyFacts, KeyTerms, NewKey } from '../../service/sallyport.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { keyJson, keyLines, keyText } from '../output/key-facts.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { keysAt } from '../remote/open.ts'
import { plainLine, plainText } from '../output/plain-text.ts'

export interface KeysOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

/** `sallyport keys create NAME`: the key alone on standard output, so that a script can keep it. */
export async function keysCreate(
  context: CommandContext,
  name: string,
  { group, scopes, expires, output, ...address }: KeysOptions & KeyTerms & { readonly group: string },
): Promise<ExitCode> {
  await using keys = await keysAt(context, address)
  const terms = { ...(scopes && { scopes }), ...(expires && { expires }) }
  return writeNewKey(context, await keys.create({ name, group, ...terms }), { output })
}

/** `sallyport keys list` */
export async function keysList(context: CommandContext, { output, ...address }: KeysOptions): Promise<ExitCode> {
  await using keeper = await keysAt(context, address)
  const keys = await keeper.list()
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ keys: keys.map(keyJson) })
  else out.write(keyLines(keys))
  return exitCodes.ok
}

/** `sallyport keys show ID`: what is kept of a key, which is not the key. */
export async function keysShow(
  context: CommandContext,
  id: string,
  { output, ...address }: KeysOptions,
): Promise<ExitCode> {
  await using keeper = await keysAt(context, address)
  const facts: KeyFacts = await keeper.show(id)
  const { out } = context.terminal
  if (output === 'json') out.writeJson(keyJson(facts))
  else out.write(keyText(facts))
  return exitCodes.ok
}

/** `sallyport keys rotate ID`: the new key alone on standard output; the old one is nobody's from then on, or soon. */
export async function keysRotate(
  context: CommandContext,
  id: string,
  { overlap, expires, output, ...address }: KeysOptions & Pick<KeyTerms, 'expires'> & { readonly overlap?: number },
): Promise<ExitCode> {
  await using keys = await keysAt(context, address)
  const terms = { ...(overlap && { overlapMilliseconds: overlap }), ...(expires && { expires }) }
  const exitCode = writeNewKey(context, await keys.rotate(id, terms), { output })
  const ends = overlap === undefined ? null : (await keys.show(id)).expires
  const { error } = context.terminal
  error.write(ends === null ? 'The key it replaces is revoked.\n' : `The key it replaces counts until ${ends}.\n`)
  return exitCode
}

/** `sallyport keys revoke ID` */
export async function keysRevoke(
  context: CommandContext,
  id: string,
  { output, ...address }: KeysOptions,
): Promise<ExitCode> {
  await using keys = await keysAt(context, address)
  await keys.revoke(id)
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ id, revoked: true })
  else out.write(`Revoked ${plainLine(id, 100)}.\n`)
  return exitCodes.ok
}

function writeNewKey(
  { terminal }: CommandContext,
  { place, key, ...made }: NewKey,
  { output }: Pick<KeysOptions, 'output'> | { readonly output: undefined },
): ExitCode {
  if (output === 'json') terminal.out.writeJson({ ...keyJson(made), key })
  else terminal.out.write(`${key}\n`)
  terminal.error.write(`It is shown this once; ${plainText(place)} has its hash.\n`)
  return exitCodes.ok
}
