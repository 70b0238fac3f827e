import { z } from 'zod'
import type { AnswerArtifact } from '../../../core/events.ts'
import type { ExecutionAnswer } from '../../../core/execution.ts'
import type { ToolName } from '../../../core/grant.ts'
import type { ProgramLanguage } from '../../../core/languages.ts'
import { hasScope } from '../../../gateway/authorize/scopes.ts'
import { capText } from '../../../text/untrusted.ts'
import { toFindings } from '../../wire/sql.ts'
import { cellText, isFigure, valueText } from '../cell-text.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpTool, ToolCall, ToolOutcome } from '../tool.ts'
import { textView } from '../text-view.ts'
import type { McpUseCases } from '../use-cases.ts'
import { session, withArtifacts } from './ask.ts'
import { finding } from './run-sql.ts'

const code = z.string().min(1).max(500_000)
const timeout = z.int().min(1).optional().describe('Milliseconds it may take; at most what the group may ask for.')

const inputs = {
  run_python: z.strictObject({
    code: code.describe('Python source. The value of its last expression is returned; figures are shown.'),
    session,
    timeout_ms: timeout,
  }),
  run_javascript: z.strictObject({
    code: code.describe('JavaScript source. The value of its last expression is returned.'),
    typescript: z.boolean().optional().describe('True where the source is TypeScript.'),
    session,
    timeout_ms: timeout,
  }),
  run_shell: z.strictObject({ code: code.describe('A script for bash.'), session, timeout_ms: timeout }),
}

type ProgramTool = keyof typeof inputs

const said: Readonly<Record<ProgramTool, { readonly title: string; readonly description: string }>> = {
  run_python: {
    title: 'Run Python',
    description:
      'Runs Python 3 in a sandbox without network, with numpy, pandas, polars, matplotlib, scipy, scikit-learn and the like. Files are below /mnt/data; those it makes there come back. In a session variables and files are kept.',
  },
  run_javascript: {
    title: 'Run JavaScript',
    description:
      'Runs JavaScript or TypeScript in a sandbox without network. Files are below /mnt/data. In a session variables and files are kept.',
  },
  run_shell: {
    title: 'Run a shell script',
    description: 'Runs a script for bash in a sandbox without network. Files are below /mnt/data.',
  },
}

const output = z.object({
  outcome: z.string().describe('ok, user-error, timeout, out-of-memory, …'),
  stdout: z.string(),
  stderr: z.string(),
  value: z.string().nullable().describe('Of the last expression, as text; null for none.'),
  error: z.object({ name: z.string(), message: z.string() }).nullable(),
  files: z.array(z.object({ path: z.string(), bytes: z.int() })).describe('Made or changed below /mnt/data.'),
  duration_ms: z.number(),
  findings: z.array(finding).describe('What a filter replaced or cut.'),
})

type Output = z.infer<typeof output> & JsonObject

/** Characters of a program's last line that whoever waits is told. */
const newsCharacters = 120

/** A program that the caller wrote, in one of the languages. */
export function createRunProgram(
  name: ProgramTool,
  { executions }: Pick<McpUseCases, 'executions'>,
): McpTool<z.infer<(typeof inputs)[ProgramTool]>, Output> {
  return {
    name,
    ...said[name],
    input: inputs[name],
    output,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    isFor: ({ principal, grant }) => hasScope(principal, 'execute') && grant.tools.includes(name satisfies ToolName),
    async execute(input, call) {
      const { requestId, caller, signal } = call
      const { channel, credential } = caller
      const received = { requestId, channel, credential, sessionId: input.session ?? null }
      const asked = {
        language: languageOf(name, input),
        code: input.code,
        timeoutMilliseconds: input.timeout_ms ?? null,
        bringsFiles: true,
        onOutput: newsFrom(call),
      }
      call.tell('the program is checked and run')
      const answer = await executions.run(received, asked, signal)
      return answer.kind === 'refused' ? answer : outcomeOf(answer)
    },
  }
}

function languageOf(name: ProgramTool, input: object): ProgramLanguage {
  if (name === 'run_javascript') return 'typescript' in input && input.typescript === true ? 'typescript' : 'javascript'
  return name === 'run_python' ? 'python' : 'shell'
}

/** Notes the last line that a program has written. */
function newsFrom({ note }: ToolCall): (stream: 'stdout' | 'stderr', text: string) => void {
  return (_stream, text) => {
    const line = text.trimEnd().split('\n').at(-1)?.trim() ?? ''
    if (line !== '') note(`wrote: ${line.slice(0, newsCharacters)}`)
  }
}

function outcomeOf(answer: ExecutionAnswer & { readonly kind: 'result' }): ToolOutcome<Output> {
  const { cell, files } = answer
  const main = cell.results.findLast((item) => item.isMain && !isFigure(item))
  const structured = (share: number): Output => ({
    outcome: cell.outcome,
    stdout: cut(cell.stdout.text, share),
    stderr: cut(cell.stderr.text, share),
    value: main === undefined ? null : cut(valueText(main), share),
    error: cell.error === null ? null : { name: cell.error.name, message: cut(cell.error.value, share) },
    files: cell.artifacts
      .slice(0, Math.ceil(cell.artifacts.length * share))
      .map(({ path, bytes }) => ({ path, bytes })),
    duration_ms: Math.round(cell.timings.runMs),
    findings: toFindings(cell.findings ?? []) as Output['findings'],
  })
  const result = textView({
    text: cellText(cell, answer),
    structured: structured(1),
    shorter: structured,
    name: 'output.txt',
    failed: cell.outcome !== 'ok',
  })
  const shownFiles = new Set(cell.results.flatMap((item) => (isFigure(item) ? (item.files ?? []) : [])))
  const others = withArtifacts(files.filter(({ name }) => !shownFiles.has(name)))
  return {
    ...result,
    origins: answer.origins ?? ['unknown'],
    pictures: [...figuresOf(answer), ...others.pictures],
    files: others.files,
  }
}

function cut(text: string, share: number): string {
  return share >= 1 ? text : capText(text, Math.floor(text.length * share))
}

function figuresOf({ cell }: ExecutionAnswer & { readonly kind: 'result' }): readonly AnswerArtifact[] {
  return cell.results.filter(isFigure).map(({ png, jpeg = '' }, index) => {
    const [ending, mediaType, content] = png === undefined ? ['jpg', 'image/jpeg', jpeg] : ['png', 'image/png', png]
    return { name: `figure_${index + 1}.${ending}`, mediaType, content }
  })
}
