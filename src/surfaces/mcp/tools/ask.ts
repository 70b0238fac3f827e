import { z } from 'zod'
import type { Taint } from '../../../core/provenance.ts'
import type { AgentEvent, AnswerArtifact } from '../../../core/events.ts'
import { ServiceError } from '../../../core/errors.ts'
import { ownModel } from '../../../core/own-model.ts'
import { hasScope } from '../../../gateway/authorize/scopes.ts'
import { capText } from '../../../text/untrusted.ts'
import { AnswerText } from '../../answer-text.ts'
import { groundingSchema } from '../../wire/grounding.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpTool } from '../tool.ts'
import { textView } from '../text-view.ts'
import type { McpUseCases } from '../use-cases.ts'
import { finding, source } from './run-sql.ts'

export const session = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('A session of open_session, whose variables and files are kept; one that ends with the call without it.')

const input = z.strictObject({
  question: z.string().min(1).max(100_000).describe('The question, in plain words.'),
  source,
  session,
})

const output = z.object({
  answer: z.string().describe('Markdown.'),
  ending: z.string().describe('answer, or why the answer is not whole.'),
  steps: z.int(),
  duration_ms: z.number(),
  findings: z.array(finding).describe('What a filter replaced or cut.'),
  grounding: groundingSchema
    .exactOptional()
    .describe(
      'What of the answer the results of its run bear out; absent where nothing of it had to be, or it is too long.',
    ),
})

type Output = z.infer<typeof output> & JsonObject

/** The analyst's answer: it queries the data and runs code by itself. */
export function createAsk(
  { answer }: Pick<McpUseCases, 'answer'>,
  { label, tableRows }: { readonly label: string | null; readonly tableRows: number },
): McpTool<z.infer<typeof input>, Output> {
  return {
    name: 'ask',
    title: 'Ask the analyst',
    description:
      'Answers a question about the data: an analyst on the server queries the data sources, computes in a sandbox and draws charts by itself. It may take minutes and tells its progress.',
    input,
    output,
    hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    isFor: ({ principal, grant }) => hasScope(principal, 'ask') && grant.models.includes(ownModel),
    async execute({ question, source: name, session: sessionId }, { requestId, caller, signal, tell }) {
      const { channel, credential } = caller
      const artifacts: AnswerArtifact[] = []
      // Pictures and files go beside the text, so that it links to nothing.
      const text = new AnswerText({ label, tableRows, linkFor: () => null, mentionsFiles: false })
      const received = {
        requestId,
        channel,
        credential,
        model: ownModel,
        messages: [{ role: 'user', content: question }],
        dataSource: name ?? null,
        sessionId: sessionId ?? null,
      } as const
      let origins: readonly Taint[] = ['unknown']
      for await (const event of answer(received, signal)) {
        if (event.type === 'step-start') origins = event.origins ?? ['unknown']
        text.next(event)
        if (event.type === 'artifact') keepLast(artifacts, event.artifact)
        const news = newsOf(event)
        if (news !== null) tell(news)
      }
      if (text.end === null) throw new ServiceError('internal', 'The run ended without saying how.')
      const { ending, steps, duration_ms, findings, grounding } = text.end.sallyport
      const about = { ending, steps, duration_ms, findings: findings as Output['findings'] }
      const result = textView({
        text: text.text,
        structured: {
          answer: text.text,
          ...about,
          ...(grounding === undefined ? {} : { grounding: grounding as NonNullable<Output['grounding']> }),
        },
        // What is doubted stands at its end.
        shorter: (share) => ({ answer: capText(text.text, Math.floor(text.text.length * share)), ...about }),
        name: 'answer.md',
        failed: ending !== 'answer',
      })
      return { ...result, origins, ...withArtifacts(artifacts) }
    },
  }
}

/** A file that a later step changes is given once, as it was at the end. */
function keepLast(artifacts: AnswerArtifact[], artifact: AnswerArtifact): void {
  const earlier = artifacts.findIndex(({ name }) => name === artifact.name)
  if (earlier >= 0) artifacts.splice(earlier, 1)
  artifacts.push(artifact)
}

/** Pictures are shown, other files are links. */
export function withArtifacts(artifacts: readonly AnswerArtifact[]): {
  readonly pictures: readonly AnswerArtifact[]
  readonly files: readonly AnswerArtifact[]
} {
  const isPicture = ({ mediaType }: AnswerArtifact): boolean => /^image\/(?:png|jpeg|gif|webp)$/.test(mediaType)
  return { pictures: artifacts.filter(isPicture), files: artifacts.filter((each) => !isPicture(each)) }
}

/** In words of our own: what a step says or finds is told at the end alone. */
function newsOf(event: AgentEvent): string | null {
  if (event.type === 'step-start') return `step ${event.step}`
  if (event.type === 'plan') {
    const done = event.steps.filter(({ status }) => status === 'completed').length
    return `${done} of ${event.steps.length} steps of its plan are done`
  }
  if (event.type === 'tool-call') return `runs ${event.tool}`
  if (event.type === 'tool-result') return `${event.tool} is done`
  return event.type === 'tool-refusal' ? `${event.tool} was refused and is corrected` : null
}
