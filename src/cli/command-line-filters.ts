import { Option, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'
import { positiveInteger } from './option-values.ts'

const directionOption = () =>
  new Option('--direction <name>', 'inbound: what a model is sent; outbound: what it says')
    .choices(['inbound', 'outbound'])
    .default('inbound')

export function addFilters(program: Command, act: Act): void {
  const filters = program.command('filters').description('what the filters make of texts; local, no service is needed')
  filters
    .command('check [file...]')
    .description(
      'say what is found in texts, where, how surely, and what would be done and why; "-" or none is standard input',
    )
    .requiredOption('--profile <name>', 'filter profile of the configuration')
    .addOption(directionOption())
    .option('--jsonl', 'read texts from standard input: {"id","text","direction"?} per line, one answer for each')
    .option('--concurrency <number>', 'texts at a time (with --jsonl)', positiveInteger, 2)
    .option('--show-values', 'print what was found, too')
    .addOption(textOrJson())
    .action(async (files: readonly string[], options) => {
      if (options.jsonl === true && files.length > 0) {
        program.error('error: --jsonl reads texts from standard input; leave out the files')
      }
      const { filtersCheck } = await import('./commands/filters.ts')
      return act((context) => filtersCheck(context, files, options))
    })
  filters
    .command('evaluate [file]')
    .description(
      'how well the detectors find what texts are labelled with: {"text","labels":["toxicity/hate"]} per line',
    )
    .addOption(directionOption())
    .option('--pictures <folder>', 'draw the ROC and precision-recall curve of each category as SVG files there')
    .addOption(new Option('--output <format>', 'how it is written').choices(['markdown', 'json']))
    .action(async (file: string | undefined, options) => {
      const { filtersEvaluate } = await import('./commands/filters-evaluate.ts')
      return act((context) => filtersEvaluate(context, file, options))
    })
}
