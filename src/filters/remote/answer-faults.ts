import type { z } from 'zod'
import { RemoteFault, type RemoteFaultWord } from './remote-fault.ts'

/** A fault of a program whose answer came, and cannot be used. `what` says what is wrong with it, in words of ours. */
export function answerFault(who: string, word: RemoteFaultWord, what: string): RemoteFault {
  return new RemoteFault(`${who} ${what}.`, {
    word,
    advice: 'Ask the operator to look at the detector and at what stands for it at filters.detectors.',
  })
}

/** The answer in the form that it must have; throws a RemoteFault that names nothing of it but where another form begins. */
export function formed<Schema extends z.ZodType>(who: string, schema: Schema, answer: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw answerFault(who, 'wrong-form', `answered with JSON of another form${placeOf(parsed.error)}`)
}

/** Names of members in the forms that answers have. */
const ownNames = new Set(
  [
    'model',
    'results',
    'flagged',
    'categories',
    'category_scores',
    'data',
    'choices',
    'finish_reason',
    'message',
  ].concat([
    'content',
    'refusal',
    'tool_calls',
    'status',
    'rail',
    'id',
    'version',
    'findings',
    'category',
    'score',
    'start',
    'end',
  ]),
)

/** Up to the first name that is the program's own: it writes what it likes into those. */
function placeOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path ?? []
  const foreign = path.findIndex((step) => typeof step !== 'number' && !ownNames.has(String(step)))
  const known = foreign === -1 ? path : path.slice(0, foreign)
  const steps = known.map((step) => (typeof step === 'number' ? `[${step}]` : `["${String(step)}"]`))
  return steps.length === 0 ? '' : ` at ${steps.join('')}`
}
