import { wafExclusions, type ExclusionFormat } from '../../service/waf/exclusions.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sallyport waf exclusions`: the rules as the firewall reads them; as a member of an object with `--output json`. */
export async function wafExclusionsPrint(
  { terminal }: CommandContext,
  { format, output }: { readonly format: ExclusionFormat; readonly output?: 'text' | 'json' },
): Promise<ExitCode> {
  const exclusions = wafExclusions[format]()
  if (output === 'json') terminal.out.writeJson({ format, exclusions })
  else terminal.out.write(exclusions)
  return exitCodes.ok
}
