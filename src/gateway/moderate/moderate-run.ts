import { decisionOfRun } from '../../core/complaints.ts'
import type { AgentEvent } from '../../core/events.ts'
import { ownModel } from '../../core/own-model.ts'
import type { Admitted } from '../../core/request.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import { AnswerSoFar } from '../../filters/answer-so-far.ts'
import type { FilterContext } from '../../filters/filter.ts'
import { withholds } from '../../filters/profile.ts'
import { noteFor } from '../screen/note-for.ts'
import { TextStream } from '../screen/text-stream.ts'
import { AnswerDecider } from './answer-decider.ts'
import { appealsOver, whyWithheld } from './blocked.ts'
import { sentenceOf } from './blocked-answers.ts'
import { asConfigured, conversationOfTurn } from './call-thresholds.ts'
import { ContentProfiles } from './content-alone.ts'
import { ContentRecord } from './content-record.ts'
import type { ModerationOptions } from './moderation.ts'
import { withWords, wordsOf } from './words-of-event.ts'

/**
 * The events of a run of the service's own model as they may leave by the rules for content of its group's profile; values were
 * looked for before. What is withheld ends the run as one that a filter has ended, behind what was decided before. Without
 * such rules nothing is read.
 */
export type ModerateRun = (
  request: Admitted,
  events: AsyncIterable<AgentEvent>,
  signal: AbortSignal,
) => AsyncIterable<AgentEvent>

export function createModerateRun(options: Omit<ModerationOptions, 'askPerson'>): ModerateRun {
  const profiles = new ContentProfiles(options.profiles)
  return (request, events, signal) => {
    const { grant, principal, channel, requestId, messages, model } = request
    const { pipeline, rules, tell, appeals, thresholds: thresholdsFor = asConfigured } = options
    const thresholds = thresholdsFor(principal, profiles.of(grant.filterProfile))
    const { profile } = thresholds
    if (!pipeline.applies(profile, 'outbound')) return events
    const call = { requestId, principal, api: ownModel }
    const conversation = conversationOfTurn(request)
    const known = { id: decisionOfRun(requestId), thresholds, conversation, appeals: appealsOver(channel, appeals) }
    const record = new ContentRecord({ call, direction: 'outbound', ...known })
    const context: FilterContext = {
      direction: 'outbound',
      group: principal.group,
      executedSql: [],
      systemPrompts: messages.flatMap(({ role, content }) => (role === 'system' ? [content] : [])),
      // What is split over the parts of one answer adds up.
      answer: new AnswerSoFar(),
    }
    const about = { principal, channel, requestId, direction: 'outbound', api: ownModel, model } as const
    const decide: ConstructorParameters<typeof AnswerDecider>[0]['decide'] = (verdict, parts) =>
      rules(verdict, parts, about)
    const decider = new AnswerDecider({ pipeline, thresholds, context, decide, record, signal })
    const asked = messages.reduce((sum, { content }) => sum + content.length, 0)
    return moderated(events, { decider, tell, asked }, signal)
  }
}

interface Moderated {
  readonly decider: AnswerDecider
  readonly tell: ModerationOptions['tell']
  /** Characters of the question. */
  readonly asked: number
}

/** What does not leave, nor anything behind it. */
class Withheld extends Error {
  /** Of the rule that wants it; null where the profile does. */
  readonly reason: string | null

  constructor(reason: string | null) {
    super('a content filter withholds the rest of the answer')
    this.reason = reason
  }
}

async function* moderated(
  events: AsyncIterable<AgentEvent>,
  { decider, tell, asked }: Moderated,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const { record } = decider
  const text = new TextStream({ spans: async (windows) => passed(await decider.windows(windows)).spans })
  const began = performance.now()
  let [step, steps, said] = [0, 0, 0]
  const told = (): Promise<void> => record.tell(tell)
  const delta = (words: string): AgentEvent[] => {
    said += words.length
    return words === '' ? [] : [{ type: 'text-delta', step, text: words }]
  }
  try {
    for await (const event of events) {
      if (event.type === 'text-delta') {
        if (event.step !== step) yield* delta(await text.flush(signal))
        step = event.step
        yield* delta(await text.push(event.text, signal))
        continue
      }
      yield* delta(await text.flush(signal))
      if (event.type === 'step-start') steps = event.step
      const { masked } = passed(await decider.texts(wordsOf(event)))
      if (event.type === 'end') {
        const annotated = record.categoriesOf('annotate')
        record.complete()
        await told()
        if (annotated.length > 0) yield* delta(noteFor(annotated))
      }
      yield withWords(event, masked)
    }
  } catch (thrown) {
    if (!(thrown instanceof Withheld)) throw thrown
    record.conclude('block')
    await told()
    yield {
      type: 'end',
      ending: 'model-filtered',
      message: sentenceOf({ decision: record.id, why: thrown.reason ?? whyWithheld(record) }),
      decision: record.id,
      ...(record.appeal === null ? {} : { appeal: record.appeal }),
      // The provider's own count comes with the end of the run, which this one never had.
      usage: {
        inputTokens: Math.ceil(asked / charactersPerToken),
        outputTokens: Math.ceil(said / charactersPerToken),
      },
      steps,
      milliseconds: Math.round(performance.now() - began),
    }
  } finally {
    await told()
  }
}

/** What a model has said in a run is not asked for once more: its programs have run. */
function passed<Decided extends Pick<Awaited<ReturnType<AnswerDecider['windows']>>, 'action' | 'reason'>>(
  decided: Decided,
): Decided {
  if (withholds(decided.action)) throw new Withheld(decided.reason)
  return decided
}
