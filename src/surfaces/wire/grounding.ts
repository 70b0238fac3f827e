import { z } from 'zod'
import type { AnswerGrounding, AnswerMark } from '../../core/answer-grounding.ts'
import type { JsonValue } from '../../core/json.ts'

const verdict = z.enum(['cell', 'computed', 'contradicted', 'unsupported'])

const source = z.object({
  run: z.int().min(1).describe('The call among those of the run whose result it is of, from 1.'),
  row: z.int().min(0).describe('From 0.'),
  column: z.string(),
})

const mark = z.object({
  start: z.int().min(0).describe('In the text that it is told with, in UTF-16 units.'),
  end: z.int().min(0),
  text: z.string(),
  kind: z.string(),
  verdict: verdict.describe(
    'cell: it is the value of the cell that the words name. computed: it was computed again from the rows. contradicted: the rows give another value. unsupported: nothing that the words name gives it.',
  ),
  reference: z.boolean().describe('Was it filled in from a value that the model named?'),
  how: z.string().nullable().describe('What it rests on, for readers; null for nothing.'),
  expected: z.string().nullable().describe('What the rows give in its place, where that is known.'),
  coincidence: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('How likely a figure of this form would be found by chance.'),
  reason: z.string(),
  sources: z.array(source),
  source_count: z.int().min(0),
})

/** What of an answer the results of its run bear out, as surfaces tell it. */
export const groundingSchema = z.object({
  marks: z.array(mark),
  unfilled: z.array(z.object({ text: z.string(), why: z.string() })),
  earlier: z
    .array(z.object({ text: z.string(), verdict, reason: z.string() }))
    .exactOptional()
    .describe('What is doubted of what was said before the last message, beside calls.'),
  notes: z.array(z.string()),
})

/** `offset`: where in the text that it is told with the words begin that were checked; negative where not all of them are in it. */
export function groundingJson({ marks, unfilled, earlier, notes }: AnswerGrounding, offset = 0): JsonValue {
  return {
    marks: marks.filter(({ start }) => start + offset >= 0).map((each) => markJson(each, offset)),
    unfilled: unfilled.map(({ text, why }) => ({ text, why })),
    ...(earlier === undefined
      ? {}
      : { earlier: earlier.map(({ text, verdict: of, reason }) => ({ text, verdict: of, reason })) }),
    notes: [...notes],
  }
}

function markJson({ isReference, sources, sourceCount, start, end, ...rest }: AnswerMark, offset: number): JsonValue {
  const { text, kind, verdict, how, expected, coincidence, reason } = rest
  return {
    start: start + offset,
    end: end + offset,
    text,
    kind,
    verdict,
    reference: isReference === true,
    how,
    expected,
    coincidence,
    reason,
    sources: sources.map(({ result, row, column }) => ({ run: result, row, column })),
    source_count: sourceCount,
  }
}

/** What a service tells of an answer, as it was. */
export function groundingOf({ marks, unfilled, earlier, notes }: z.output<typeof groundingSchema>): AnswerGrounding {
  return {
    marks: marks.map(({ reference, sources, source_count: sourceCount, ...rest }) =>
      Object.assign(rest, {
        ...(reference ? { isReference: true as const } : {}),
        sources: sources.map(({ run, row, column }) => ({ result: run, row, column })),
        sourceCount,
      }),
    ),
    unfilled,
    ...(earlier === undefined ? {} : { earlier }),
    notes,
  }
}
