import { ServiceError } from '../../core/errors.ts'
import { wafExclusions, type ExclusionFormat } from '../../service/waf/exclusions.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

export interface WafExclusionsOptions {
  readonly format: ExclusionFormat
  readonly endpoints?: boolean
  readonly output?: 'text' | 'json'
}

/** `sallyport waf exclusions`: the rules as the firewall reads them; as a member of an object with `--output json`. */
export async function wafExclusionsPrint(
  context: CommandContext,
  { format, endpoints = false, output }: WafExclusionsOptions,
): Promise<ExitCode> {
  const { out } = context.terminal
  const exclusions = endpoints ? await withEndpoints(context, format) : wafExclusions[format]()
  if (output === 'json') out.writeJson({ format, exclusions })
  else out.write(exclusions)
  return exitCodes.ok
}

async function withEndpoints(context: CommandContext, format: ExclusionFormat): Promise<string> {
  if (format !== 'coraza') {
    throw new ServiceError('invalid-request', `The rules for ${format} know nothing of guarded endpoints.`, {
      advice: 'Leave out --endpoints, or use --format coraza.',
    })
  }
  const { bodiesOfEndpoints } = await import('../../endpoints/bodies-of-endpoints.ts')
  return wafExclusions.coraza(await bodiesOfEndpoints(context.config().config.endpoints))
}
