import { openApiOf } from '../../surfaces/openapi/document.ts'
import { adminContract } from '../../surfaces/wire/admin/contract.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sallyport openapi admin`: what a service of this version serves at /admin/v1/openapi.json. */
export async function openApi(
  { terminal }: CommandContext,
  { output }: { readonly output?: 'text' | 'json' },
): Promise<ExitCode> {
  terminal.out.write(`${JSON.stringify(openApiOf(adminContract), null, output === 'json' ? 0 : 2)}\n`)
  return exitCodes.ok
}
