import { ServiceError } from '../../core/errors.ts'
import { isId } from '../../core/new-id.ts'
import { toRunExplanation, type RunExplanationJson } from '../../surfaces/wire/run-explanation.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { conversationsAt } from '../remote/open.ts'

interface ExplainOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

/** `sallyport runs explain ID`: of a run, of the response that it is, or of the last run of a conversation. */
export async function runsExplain(context: CommandContext, id: string, options: ExplainOptions): Promise<ExitCode> {
  const named = id.replace(/^resp_/, 'run_')
  if (!isId('run', named) && !isId('conv', named)) {
    throw new ServiceError('invalid-request', 'That is no id of a run', {
      advice: 'Name a run (run_…), a response (resp_…), or a conversation (conv_…) for its last run.',
    })
  }
  const explained = toRunExplanation(await (await conversationsAt(context, options)).explain(named))
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson(explained)
  else out.write(`${linesOf(explained).join('\n')}\n`)
  return exitCodes.ok
}

/** Names and messages in it may be anybody's words: each is a line. */
function linesOf({ id, conversation, status, calls, lineage }: RunExplanationJson): readonly string[] {
  const line = (text: string): string => plainLine(text, mostOfLine)
  const said = calls.map(({ call, sentence, rules }) => {
    const number = call === null ? '' : `${call}. `
    return line(`${number}${sentence} (${rules.length === 0 ? 'no rule named' : rules.join(', ')})`)
  })
  const made = lineage?.map(({ id: thing, kind, origins, made_of: from }) => {
    const of = from.length === 0 ? '' : `; of ${from.join(', ')}`
    return `  ${line(`${thing} (${kind}): ${origins.join(', ')}${of}`)}`
  })
  return [
    line(`${id} in ${conversation}: ${status}`),
    ...(said.length === 0 ? ['No call was asked about or refused.'] : said),
    made === undefined ? 'Nobody has noted yet what it was made of.' : 'Made of:',
    ...(made ?? []),
  ]
}

const mostOfLine = 2_000
