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

/** Steps that are the program's own names are left out: it writes what it likes into them. */
function placeOf({ issues: [issue] }: z.ZodError): string {
  const steps = (issue?.path ?? []).map((step) => (typeof step === 'number' ? `[${step}]` : `["${String(step)}"]`))
  const known = steps.filter((step) => /^\[(?:\d+|"[\w/-]{1,40}")\]$/.test(step))
  return known.length === 0 || known.length < steps.length ? '' : ` at ${known.join('')}`
}
