import { serviceDefaults } from '../../config/service-defaults.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { duration } from '../output/duration.ts'
import { answerQuestion } from './answering.ts'

export interface DemoOptions {
  readonly outputDir?: string
  /** How many of the demo model's questions are asked. */
  readonly questions: number
  readonly output?: 'text' | 'json'
}

/**
 * `sallyport demo`: the main job, end to end, with the scripted model over the sample shop. As JSON it is one document a
 * question, as `ask` writes it.
 */
export async function demo(context: CommandContext, options: DemoOptions): Promise<ExitCode> {
  const { out, error } = context.terminal
  const format = options.output ?? 'text'
  // The demo shows the same on every machine, whatever model is configured on this one and whatever is fastest there.
  const { config } = context.config({ 'model.provider': 'demo' }, serviceDefaults)
  await using sallyport = await context.open(config)
  const questions = sallyport.model().questions.slice(0, options.questions)
  const asked: { question: string; exitCode: number; charts: readonly string[]; milliseconds: number }[] = []
  for (const question of questions) {
    const heading = format === 'json' ? error : out
    heading.write(`\n${heading.style('bold', `❯ ${question}`)}\n\n`)
    const started = performance.now()
    const answered = await answerQuestion(
      { context, sallyport, config },
      { messages: [{ role: 'user', content: question }], files: [], dataSource: null, sessionId: null },
      { format, quiet: false, saveDirectory: options.outputDir ?? config.cli.save_directory, person: null },
    )
    asked.push({ question, ...answered, milliseconds: performance.now() - started })
    if (answered.exitCode !== exitCodes.ok) break
  }
  error.write('\n')
  for (const { question, exitCode, charts, milliseconds } of asked) {
    const mark = exitCode === exitCodes.ok ? error.style('green', '✔') : error.style('red', '✖')
    const drawn = charts.length === 0 ? '' : `, chart: ${charts.join(', ')}`
    error.write(`${mark} ${question} ${error.style('dim', `(${duration(milliseconds)}${drawn})`)}\n`)
  }
  const failed = asked.find(({ exitCode }) => exitCode !== exitCodes.ok)
  if (failed !== undefined) return failed.exitCode
  if (asked.length === 0) return exitCodes.failure
  error.write('\nAsk it yourself: sallyport ask "…"   Serve it over HTTP: sallyport serve\n')
  return exitCodes.ok
}
