import type { TriedApi } from '../../service/local-privacy.ts'
import { toMaskingReport } from '../../surfaces/wire/privacy-receipts.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { findingsJson, findingsTable, maskingText, restoredText, unreadText } from '../output/pii-report.ts'
import { plainLine } from '../output/plain-text.ts'
import { readWholeText } from '../text-input.ts'
import { waitFor } from '../wait-for.ts'

interface PiiOptions {
  readonly output?: 'text' | 'json'
}

interface LookingOptions extends PiiOptions {
  readonly profile: string
  readonly api?: TriedApi
}

/** `sallyport pii mask [FILE]`: the masked text alone on standard output, to the byte. */
export async function piiMask(
  context: CommandContext,
  file: string | undefined,
  { profile, api, map, output }: LookingOptions & { readonly map?: string },
): Promise<ExitCode> {
  const privacy = await context.openLocalPrivacy(context.config().config)
  const text = await readWholeText(context, file)
  const masked = await waitFor(context, 'looking for personal data', (signal) =>
    privacy.mask({ text, api: api ?? null, profile }, map ?? null, signal),
  )
  const { out, error } = context.terminal
  if (output === 'json') {
    const kept = map === undefined ? null : { path: map, values: masked.kept }
    out.writeJson({ text: masked.text, map: kept, ...toMaskingReport(masked.report) })
    return exitCodes.ok
  }
  out.writeExact(masked.text)
  const kept = map === undefined ? null : `${plainLine(map, 300)}, for its owner only`
  error.write(maskingText(masked.report, { kept, isRestored: api !== 'embeddings' }))
  return exitCodes.ok
}

/** `sallyport pii restore --map FILE [FILE]`: 1 where a token of the text is not in the map. */
export async function piiRestore(
  context: CommandContext,
  file: string | undefined,
  { map, everywhere = false, output }: PiiOptions & { readonly map: string; readonly everywhere?: boolean },
): Promise<ExitCode> {
  const privacy = await context.openLocalPrivacy(context.config().config)
  const text = await readWholeText(context, file)
  const { text: restored, ...counts } = await privacy.restore(text, map, { everywhere })
  const { out, error } = context.terminal
  if (output === 'json') out.writeJson({ text: restored, ...counts })
  else {
    out.writeExact(restored)
    error.write(restoredText(counts))
  }
  return counts.unknown === 0 ? exitCodes.ok : exitCodes.failure
}

/** `sallyport pii explain [FILE]`: values are printed only where they are asked for. */
export async function piiExplain(
  context: CommandContext,
  file: string | undefined,
  { profile: name, api, showValues = false, output }: LookingOptions & { readonly showValues?: boolean },
): Promise<ExitCode> {
  const privacy = await context.openLocalPrivacy(context.config().config)
  const text = await readWholeText(context, file)
  const explained = await waitFor(context, 'looking for personal data', (signal) =>
    privacy.explain({ text, api: api ?? null, profile: name }, signal),
  )
  const { findings, unread, profile } = explained
  const { out, error } = context.terminal
  if (output === 'json') {
    const listed = findingsJson(findings, { showValues })
    out.writeJson({ profile: name, level: profile.masking, findings: listed, unread: [...unread] })
    return exitCodes.ok
  }
  if (findings.length === 0) out.write('Nothing was found.\n')
  else out.write(findingsTable(findings, { showValues, width: out.width }))
  error.write(unreadText(unread, profile.unread))
  return exitCodes.ok
}
