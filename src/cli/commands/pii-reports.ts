import type { ReportFacts } from '../../core/miss-reports.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine, plainText } from '../output/plain-text.ts'

export interface ReportsOptions {
  readonly output?: 'text' | 'json'
}

/** `sallyport pii reports list`: those that wait, oldest first, without what was written in them. */
export async function reportsList(context: CommandContext, { output }: ReportsOptions): Promise<ExitCode> {
  const keeper = await context.openReportKeeper(context.config().config)
  const { reports, total } = await keeper.list()
  const { out, error } = context.terminal
  if (output === 'json') {
    out.writeJson({ reports: reports.map(factsJson), total })
    return exitCodes.ok
  }
  if (reports.length === 0) out.write('No report waits.\n')
  for (const { id, made, fault, principal, receipt } of reports) {
    out.write(`${id}  ${made}  ${fault.padEnd('harmless'.length)}  ${plainLine(principal, 100)}  ${receipt}\n`)
  }
  if (total > reports.length) error.write(`${(total - reports.length).toLocaleString('en')} more wait behind these.\n`)
  return exitCodes.ok
}

/** `sallyport pii reports show ID`: its texts are printed only where they are asked for. */
export async function reportsShow(
  context: CommandContext,
  id: string,
  { output, showValues = false }: ReportsOptions & { readonly showValues?: boolean },
): Promise<ExitCode> {
  const keeper = await context.openReportKeeper(context.config().config)
  const { text, ...facts } = await keeper.show(id, { values: showValues })
  const { kind, ...texts } = text
  const { out } = context.terminal
  if (output === 'json') {
    const lengths = { value: texts.value.length, context: texts.context.length, note: texts.note.length }
    out.writeJson({ ...factsJson(facts), kind, characters: lengths, ...(showValues ? texts : {}) })
    return exitCodes.ok
  }
  const { fault, made, principal, receipt } = facts
  out.write(`id       ${facts.id}\nmade     ${made}\nfault    ${fault}\nkind     ${plainLine(kind, 100)}\n`)
  out.write(`key      ${plainLine(principal, 100)}\nreceipt  ${receipt}\n`)
  for (const name of ['value', 'context', 'note'] as const) {
    const shown = showValues ? plainText(texts[name]).replaceAll('\n', '\n         ') : lengthOf(texts[name])
    out.write(`${name.padEnd(9)}${shown}\n`)
  }
  return exitCodes.ok
}

/** `sallyport pii reports close ID…`: they are gone for good. */
export async function reportsClose(
  context: CommandContext,
  ids: readonly string[],
  { output }: ReportsOptions,
): Promise<ExitCode> {
  const keeper = await context.openReportKeeper(context.config().config)
  await keeper.close(ids)
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ closed: [...ids] })
  else out.write(`Closed ${ids.length === 1 ? plainLine(ids[0] ?? '', 100) : `${ids.length} reports`}.\n`)
  return exitCodes.ok
}

function factsJson({ id, made, fault, principal, receipt }: ReportFacts) {
  return { id, made_at: made, fault, key: principal, receipt }
}

function lengthOf(text: string): string {
  return text === '' ? 'none' : `${text.length.toLocaleString('en')} characters (--show-values prints them)`
}
