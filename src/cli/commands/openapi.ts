import { openApiOf } from '../../surfaces/openapi/document.ts'
import { filtersContract } from '../../surfaces/wire/filters.ts'
import { serviceContract } from '../../surfaces/wire/service/contract.ts'
import { adminContract } from '../../surfaces/wire/admin/contract.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

const surfaces = { admin: adminContract, filters: filtersContract, service: serviceContract } as const

/** `sallyport openapi SURFACE`: of `admin` what a service of this version serves at /admin/v1/openapi.json, of `service` what it serves at /openapi.json. */
export async function openApi(
  { terminal }: CommandContext,
  surface: keyof typeof surfaces,
  { output }: { readonly output?: 'text' | 'json' },
): Promise<ExitCode> {
  terminal.out.write(`${JSON.stringify(openApiOf(surfaces[surface]), null, output === 'json' ? 0 : 2)}\n`)
  return exitCodes.ok
}
