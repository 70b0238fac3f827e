import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import type { LabelledText } from '../../service/content-tools.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { readJsonLines } from '../json-lines.ts'
import { evaluationJson, evaluationMarkdown, picturesOf } from '../output/evaluation-report.ts'
import { plainLine } from '../output/plain-text.ts'
import { readWholeText } from '../text-input.ts'
import { waitFor } from '../wait-for.ts'

export interface FiltersEvaluateOptions {
  readonly direction: 'inbound' | 'outbound'
  readonly pictures?: string
  readonly output?: 'markdown' | 'json'
}

const labelledLine = z.object({
  text: z.string(),
  labels: z.array(z.string().regex(/^[a-z]+(?:-[a-z]+)*(?:\/[a-z]+(?:-[a-z]+)*)?$/, 'a category like "toxicity/hate"')),
})

/** `sallyport filters evaluate`: 1 where a text was in no figure since a detector did not answer. */
export async function filtersEvaluate(
  context: CommandContext,
  file: string | undefined,
  { direction, pictures, output }: FiltersEvaluateOptions,
): Promise<ExitCode> {
  const tools = await context.openContentTools(context.config().config)
  const texts = await readLabelled(await readWholeText(context, file))
  const evaluation = await waitFor(context, 'looking at texts', (signal) => tools.evaluate(texts, direction, signal))
  const { out, error } = context.terminal
  if (output === 'json') out.writeJson(evaluationJson(evaluation))
  else out.write(evaluationMarkdown(evaluation))
  if (pictures !== undefined) {
    await mkdir(pictures, { recursive: true })
    for (const { name, text } of picturesOf(evaluation)) {
      const path = join(pictures, name)
      await writeFile(path, text)
      error.write(`${plainLine(path, 500)}\n`)
    }
  }
  return evaluation.failed === 0 ? exitCodes.ok : exitCodes.failure
}

/** All of them, or none: a figure over what could be read would be one over other texts. */
async function readLabelled(text: string): Promise<readonly LabelledText[]> {
  const texts: LabelledText[] = []
  for await (const line of readJsonLines(Readable.from([text]), labelledLine)) {
    if (line.kind === 'malformed') {
      throw new ServiceError('invalid-request', line.reason, {
        advice: 'Each line is one object: {"text": "…", "labels": ["toxicity/hate"]}; a harmless text has [].',
      })
    }
    texts.push(line.value)
  }
  if (texts.every(({ labels }) => labels.length === 0)) {
    throw new ServiceError('invalid-request', 'No text is labelled with a category, so there is nothing to find.', {
      advice: 'Label some: {"text": "…", "labels": ["toxicity/hate"]}.',
    })
  }
  return texts
}
