import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import {
  actionCheckAnswer,
  actionCheckRequest,
  checkActionRoute,
  toJudgedAction,
  type JudgedActionJson,
} from '../../surfaces/wire/actions.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import { visibleText } from '../output/visible-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { readAs } from '../remote/read-as.ts'
import { readWholeText } from '../text-input.ts'
import { waitFor } from '../wait-for.ts'

interface ExplainOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

/**
 * `sallyport actions explain [FILE]`: whether the call in a request of `POST /v1/actions/check` may run, and why; 3 where it does
 * not run by itself. Only a service writes it to its trail.
 */
export async function actionsExplain(
  context: CommandContext,
  file: string | undefined,
  { output, ...address }: ExplainOptions,
): Promise<ExitCode> {
  const judged = await judgedAt(context, readRequest(await readWholeText(context, file)), address)
  const { out } = context.terminal
  if (output === 'json') out.writeJson(JSON.parse(JSON.stringify(judged)) as JsonValue)
  else out.write(`${linesOf(judged).join('\n')}\n`)
  return judged.decision === 'allow' ? exitCodes.ok : exitCodes.refused
}

type Asked = ReturnType<typeof readRequest>

function readRequest(text: string) {
  const advice = 'Give what POST /v1/actions/check takes: {"messages": […], "call": {…}}, as docs/actions.md has it.'
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (cause) {
    throw new ServiceError('invalid-request', 'That is no JSON.', { advice, cause })
  }
  const parsed = actionCheckRequest.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  throw new ServiceError('invalid-request', `That is no request about a call: ${where}${issue?.message}.`, { advice })
}

/** By the declarations of the service at `--server`, or those in the configuration of this machine. */
async function judgedAt(
  context: CommandContext,
  asked: Asked,
  { server, keyFile }: ServerAddress,
): Promise<JudgedActionJson> {
  const { config } = context.config()
  if (server === undefined) return toJudgedAction((await context.openLocalActions(config)).judge(asked))
  const { createRunningService } = await import('../running-service.ts')
  const address = { url: server, ...(keyFile === undefined ? {} : { keyFile }) }
  const service = createRunningService(address, { config, variables: context.variables })
  const body = JSON.parse(JSON.stringify(asked)) as JsonValue
  return readAs(
    actionCheckAnswer,
    await waitFor(context, 'asking the service', (signal) => service.post(checkActionRoute.path, body, signal)),
  )
}

const mostOfLine = 2_000

/** Values, names and sentences in it may be anybody's words: each is a line, and a value stands between quotation marks. */
function linesOf({ id, decision, rule, sentence, shown, reads, notes }: JudgedActionJson): readonly string[] {
  const values = shown.map(({ path, value, ground, from }) => {
    const of = from.length === 0 ? '' : `, as ${from.join(', ')} has it`
    const quoted = JSON.stringify(value)
    const whole = quoted.length > mostOfLine ? `${quoted.slice(0, mostOfLine)}… (${value.length} characters)` : quoted
    return visibleLine(`${path} = ${whole}: ${ground === null ? 'only a person can say' : ground}${of}`)
  })
  const read = reads.map(({ id: of, tool, origin, trusted }) => {
    return visibleLine(`${of}: ${tool} (${origin}${trusted ? ', trusted' : ''})`)
  })
  const line = (text: string): string => plainLine(text, mostOfLine)
  return [
    line(`${decision} (${rule})${sentence === null ? '' : `: ${sentence}`}`),
    ...values,
    ...(read.length === 0 ? [] : ['Read before it:', ...read]),
    ...notes.map((note) => line(`Note: ${note}`)),
    ...(id === undefined ? [] : [line(`On the trail of the service as ${id}.`)]),
  ]
}

function visibleLine(text: string): string {
  return visibleText(text.replaceAll('\n', ' '), '  ').trimEnd()
}
