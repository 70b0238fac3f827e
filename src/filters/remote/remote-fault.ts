import { DetectorFault, type DetectorFailure } from '../detector-fault.ts'

/** Everything that can go wrong with another program that is asked about a text, and what that means for who asked. */
const whyOf = {
  /** It did not begin to answer in time. */
  deadline: 'deadline',
  /** It began to answer and did not come to an end in time. */
  'slow-answer': 'deadline',
  /** It cannot be reached, or broke off. */
  unreachable: 'fault',
  /** Status 429 or 503. */
  busy: 'fault',
  /** Another status of the five hundreds. */
  failed: 'fault',
  /** Another status: it does not take what it was asked. */
  refused: 'fault',
  redirect: 'fault',
  /** Left alone after failures in a row. */
  'left-alone': 'fault',
  /** The text is longer than may be sent. */
  'text-too-long': 'fault',
  'answer-too-long': 'unreadable',
  /** No JSON. */
  malformed: 'unreadable',
  /** JSON of another form, or about another question. */
  'wrong-form': 'unreadable',
  /** The form is right, and the verdict in it is none. */
  'unreadable-verdict': 'unreadable',
} as const satisfies Readonly<Record<string, DetectorFailure>>

export type RemoteFaultWord = keyof typeof whyOf

export const remoteFaultWords = Object.keys(whyOf) as readonly RemoteFaultWord[]

export interface RemoteFaultOptions {
  readonly word: RemoteFaultWord
  readonly advice: string
}

/** A fault of a detector that is another program, by a closed word: no byte of what was sent or answered is in it. */
export class RemoteFault extends DetectorFault {
  readonly word: RemoteFaultWord

  constructor(message: string, { word, advice }: RemoteFaultOptions) {
    super(message, { advice, why: whyOf[word] })
    this.name = 'RemoteFault'
    this.word = word
  }
}
