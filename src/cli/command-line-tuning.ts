import { Argument, Option, type Command } from 'commander'
import { complaintStates } from '../core/complaints.ts'
import { queueKinds, truths } from '../core/tuning.ts'
import { textOrJson, type Act } from './command-line.ts'
import { hash, moment, positiveInteger } from './option-values.ts'
import { keyFileOption, serverOption } from './server-options.ts'
import { confidence, newSetName, positiveNumber, setVersion, share, tuningPlace } from './tuning-options.ts'

const sinceOption = () =>
  new Option('--since <time>', 'from then on: a date, a time in UTC, or 7d ago').argParser(moment)
const untilOption = () => new Option('--until <time>', 'before then').argParser(moment)
const whyOption = () =>
  new Option('--why <text>', 'why, in one line: for the history and the audit trail').makeOptionMandatory()
const byOption = () =>
  new Option(
    '--by <caller>',
    'whom callers know you as: the id of your key, token-…, or your name; none of those that complain',
  )
const placeArgument = () => new Argument('<place>', 'GROUP/inbound/RULE or GROUP/outbound/RULE').argParser(tuningPlace)
const setArgument = () => new Argument('<set>', 'NAME, or NAME@VERSION').argParser(setVersion)

/** What each command of these takes beside its own. */
const everywhere = (command: Command): Command =>
  command.addOption(textOrJson()).addOption(serverOption()).addOption(keyFileOption())

export function addTuning(program: Command, act: Act): void {
  const tuning = program
    .command('tuning')
    .description('thresholds of filters: what callers complain of, what people say of it, and what comes of that')
  everywhere(
    tuning
      .command('show [rollout]')
      .description('show the thresholds in force and on their way, or one rollout with what was counted of it'),
  ).action(async (id: string | undefined, options) => {
    const { tuningShow } = await import('./commands/tuning-rollouts.ts')
    return act((context) => tuningShow(context, id, options))
  })
  everywhere(
    tuning
      .command('report')
      .description('print rates of what filters did, of complaints and of labels, as Markdown or a document')
      .option('--group <name>', 'of this group alone')
      .addOption(new Option('--cost-false-block <number>', 'what one costs, in --unit').argParser(positiveNumber))
      .addOption(new Option('--unit <name>', 'of costs, as EUR').default('1'))
      .addOption(sinceOption())
      .addOption(untilOption()),
  ).action(async (options) => {
    const { tuningReport } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningReport(context, options))
  })
  addQueue(tuning, act)
  addSets(tuning, act)
  addProposals(tuning, act)
  addSteps(tuning, act)
  everywhere(
    tuning
      .command('history')
      .addArgument(new Argument('[place]', 'GROUP/inbound/RULE or GROUP/outbound/RULE').argParser(tuningPlace))
      .description('list rollouts, newest first: who, when, why and by which data'),
  ).action(async (place, options) => {
    const { tuningHistory } = await import('./commands/tuning-rollouts.ts')
    return act((context) => tuningHistory(context, place, options))
  })
}

function addQueue(tuning: Command, act: Act): void {
  const queue = tuning.command('queue').description('what waits for somebody to look at it')
  everywhere(
    queue
      .command('list')
      .description('list complaints and reports, oldest first; with --group and --rule also decisions that are drawn')
      .option('--group <name>', 'of this group')
      .addOption(
        new Option('--direction <name>', 'of drawn decisions').choices(['inbound', 'outbound']).default('outbound'),
      )
      .option('--rule <category>', 'about this rule')
      .addOption(new Option('--kind <name>', 'of this kind alone').choices(queueKinds))
      .addOption(new Option('--state <name>', 'of complaints').choices(complaintStates).default('waiting'))
      .addOption(
        new Option('--most <number>', 'at most so many of each kind, of drawn decisions so many of each stratum')
          .argParser(positiveInteger)
          .default(20),
      )
      .addOption(new Option('--seed <number>', 'by which decisions are drawn').argParser(positiveInteger).default(1)),
  ).action(async (options) => {
    const { tuningQueueList } = await import('./commands/tuning-queue.ts')
    return act((context) => tuningQueueList(context, options))
  })
  everywhere(
    queue
      .command('show <id>')
      .description('open one with the key of the service; that you did is on the audit trail')
      .option('--show-values', 'print what its caller wrote, and the masked text, too'),
  ).action(async (id: string, options) => {
    const { tuningQueueShow } = await import('./commands/tuning-queue.ts')
    return act((context) => tuningQueueShow(context, id, options))
  })
  everywhere(
    tuning
      .command('label <id> <rule>')
      .addArgument(new Argument('<truth>', 'what the text is, by this rule').choices(truths))
      .description('say of a complaint, a report or a decision whether its text is harmful by a rule')
      .addOption(whyOption())
      .addOption(byOption())
      .option('--decision <id>', 'the decision that it is about, where it names none itself'),
  ).action(async (item: string, rule: string, truth: (typeof truths)[number], options) => {
    const { tuningLabel } = await import('./commands/tuning-queue.ts')
    return act((context) => tuningLabel(context, { item, rule, truth }, options))
  })
  everywhere(
    tuning
      .command('dismiss <id>')
      .description('take a complaint from the queue without a label')
      .addOption(whyOption())
      .addOption(byOption()),
  ).action(async (id: string, options) => {
    const { tuningDismiss } = await import('./commands/tuning-queue.ts')
    return act((context) => tuningDismiss(context, id, options))
  })
}

function addSets(tuning: Command, act: Act): void {
  const sets = tuning.command('sets').description('evaluation sets: labelled scores that thresholds are proposed of')
  everywhere(sets.command('list').description('list them, each version')).action(async (options) => {
    const { tuningSetsList } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningSetsList(context, options))
  })
  everywhere(
    sets
      .command('make')
      .addArgument(new Argument('<name>', 'of a-z, 0-9 and hyphens').argParser(newSetName))
      .addArgument(placeArgument())
      .description('make the next version of one, of the labels that there are of a place')
      .addOption(sinceOption())
      .addOption(untilOption()),
  ).action(async (name: string, place, options) => {
    const { tuningSetsMake } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningSetsMake(context, { name, place }, options))
  })
  everywhere(
    sets
      .command('show')
      .addArgument(setArgument())
      .description('show one with its scores and labels; it holds no text'),
  ).action(async (set, options) => {
    const { tuningSetsShow } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningSetsShow(context, set, options))
  })
  everywhere(
    sets
      .command('import')
      .addArgument(new Argument('<name>', 'of a-z, 0-9 and hyphens').argParser(newSetName))
      .addArgument(placeArgument())
      .argument('[file]', '{"text","labels":["toxicity"]} per line; "-" or none is standard input')
      .description(
        'make the next version of one of texts that you have labelled, scored by the detectors here; no text is kept',
      ),
  ).action(async (name: string, place, file: string | undefined, options) => {
    const { tuningSetsImport } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningSetsImport(context, { name, place, file }, options))
  })
}

function addProposals(tuning: Command, act: Act): void {
  everywhere(
    tuning
      .command('propose')
      .addArgument(setArgument())
      .description('say which threshold a set bears out, with its interval; nothing is changed by it')
      .addOption(
        new Option('--false-positive-rate <share>', 'the most of harmless texts that it may act on').argParser(share),
      )
      .addOption(
        new Option('--cost-false-block <number>', 'what acting on a harmless text costs, with --cost-miss').argParser(
          positiveNumber,
        ),
      )
      .addOption(
        new Option(
          '--confidence <share>',
          'how sure of --false-positive-rate: 0.8, 0.9, 0.95 (the default) or 0.99',
        ).argParser(confidence),
      )
      .addOption(
        new Option('--most-recall-lost <share>', 'the most of harmful texts that may be let pass for it').argParser(
          share,
        ),
      )
      .addOption(new Option('--cost-miss <number>', 'what letting a harmful text pass costs').argParser(positiveNumber))
      .addOption(sinceOption())
      .addOption(untilOption()),
  ).action(async (set, options) => {
    const { falsePositiveRate: rate, costFalseBlock, costMiss } = options
    const hasCosts = costFalseBlock !== undefined && costMiss !== undefined
    const isHalf = (costFalseBlock !== undefined || costMiss !== undefined) && !hasCosts
    if (isHalf || (rate !== undefined) === hasCosts) {
      tuning.error('error: name either --false-positive-rate, or both of --cost-false-block and --cost-miss')
    }
    const { tuningPropose } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningPropose(context, set, options))
  })
  everywhere(
    tuning
      .command('simulate [proposal]')
      .description('say what a threshold would have come to over recorded decisions')
      .addOption(new Option('--place <place>', 'with --threshold, in the place of a proposal').argParser(tuningPlace))
      .addOption(new Option('--threshold <number>', 'from 0 to 1').argParser(share))
      .addOption(sinceOption())
      .addOption(untilOption()),
  ).action(async (proposal: string | undefined, options) => {
    const isPlaced = options.place !== undefined && options.threshold !== undefined
    const isHalf = (options.place !== undefined || options.threshold !== undefined) && !isPlaced
    if (isHalf || (proposal !== undefined) === isPlaced) {
      tuning.error('error: name either a proposal, or both of --place and --threshold')
    }
    const { tuningSimulate } = await import('./commands/tuning-sets.ts')
    return act((context) => tuningSimulate(context, proposal, options))
  })
}

const digestOption = () =>
  new Option('--digest <hash>', 'of the set that it rests on: needed where the threshold gets looser').argParser(hash)

function addSteps(tuning: Command, act: Act): void {
  everywhere(
    tuning
      .command('shadow <proposal>')
      .description('begin a rollout: the threshold is computed beside the one in force, and decides nothing')
      .addOption(whyOption())
      .addOption(byOption())
      .addOption(
        new Option('--most-acted-ratio <number>', 'rolled back where it acts more often than so many times').argParser(
          positiveNumber,
        ),
      )
      .addOption(new Option('--most-acted-increase <share>', 'or more often by so much of requests').argParser(share))
      .addOption(
        new Option(
          '--most-complaint-increase <number>',
          'or is complained of so much more in a hundred decisions',
        ).argParser(positiveNumber),
      )
      .addOption(new Option('--error <share>', 'the chance that it is rolled back within these').argParser(share)),
  ).action(async (proposal: string, options) => {
    const { tuningShadow } = await import('./commands/tuning-rollouts.ts')
    return act((context) => tuningShadow(context, proposal, options))
  })
  everywhere(
    tuning
      .command('canary <rollout>')
      .description('let the threshold decide for a share of callers, always the same ones')
      .addOption(new Option('--share <share>', 'of callers, above 0').argParser(share).makeOptionMandatory())
      .addOption(whyOption())
      .addOption(byOption())
      .addOption(digestOption()),
  ).action(async (rollout: string, options) => {
    const { tuningCanary } = await import('./commands/tuning-rollouts.ts')
    return act((context) => tuningCanary(context, rollout, options))
  })
  const steps = [
    { name: 'promote', about: 'let the threshold decide for all' },
    { name: 'rollback', about: 'put back what was in force before' },
    { name: 'stop', about: 'end a rollout that does not decide for all' },
  ] as const
  for (const { name, about } of steps) {
    const command = tuning.command(`${name} <rollout>`).description(about).addOption(whyOption()).addOption(byOption())
    everywhere(name === 'stop' ? command : command.addOption(digestOption())).action(
      async (rollout: string, options) => {
        const { tuningStep } = await import('./commands/tuning-rollouts.ts')
        return act((context) => tuningStep(context, { name, rollout }, options))
      },
    )
  }
}
