import { createInterface, type Interface } from 'node:readline'
import { ReadStream } from 'node:tty'
import type { AskLine, Person } from './approval-question.ts'
import { createEditText } from './edit-text.ts'
import type { CommandContext } from './context.ts'
import { plainLine } from './output/plain-text.ts'

/** Lines that come within this time of each other were pasted: nobody types a line so fast. In milliseconds. */
const pasteMilliseconds = 30

// A terminal that knows this mode marks where pasted text begins and ends.
const markPastes = '\u001b[?2004h'
const leavePastesUnmarked = '\u001b[?2004l'

/** Lines that the arrow keys go back to. */
export const historySize = 200
const longestRecalled = 2_000

export interface QuestionPromptOptions {
  /** What was asked before this process, oldest first: the arrow keys find it. */
  readonly earlier: readonly string[]
}

export interface QuestionPrompt {
  /** What the person asks, one text for several pasted lines; ends when they leave. */
  readonly questions: AsyncIterable<string>
  /** Shows the prompt, unless the person has left. */
  ask(): void
  /** Takes the next lines as answers, and no questions. */
  readonly person: Person
  close(): void
}

/** Reads questions. Ctrl-C cancels the answer under way; twice between answers ends the questions in good order. */
export function openQuestionPrompt(
  { terminal, interrupts, variables }: CommandContext,
  { earlier }: QuestionPromptOptions,
): QuestionPrompt {
  const { input, error: output } = terminal
  const history = earlier.map((question) => plainLine(question, longestRecalled)).toReversed()
  const lines = createInterface({
    input,
    output: output.stream,
    prompt: '❯ ',
    historySize,
    history: [...new Set(history)],
  })
  const pasted = createPasteJoiner({ isTyping: () => lines.line !== '', deliver: (text) => queue.push(text) })
  const queue = createQueue()
  let isLeaving = false
  // Ctrl-D while an answer is under way closes the prompt before it is asked for again.
  let isOpen = true
  const ask = (): void => {
    if (isOpen) lines.prompt()
  }
  if (output.isTerminal) output.stream.write(markPastes)
  input.on('keypress', (_: unknown, key?: { readonly name?: string }) => {
    if (key?.name === 'paste-start') pasted.begin()
    if (key?.name === 'paste-end') pasted.end()
  })
  const answers = createAnswers(lines)
  lines.on('line', (line) => {
    isLeaving = false
    if (!answers.take(line)) pasted.line(line)
  })
  lines.on('close', () => {
    isOpen = false
    answers.take(null)
    if (output.isTerminal) output.stream.write(leavePastesUnmarked)
    pasted.close()
    queue.end()
  })
  lines.on('SIGINT', () => {
    if (interrupts.isBusy) return interrupts.interrupt()
    if (isLeaving) return lines.close()
    isLeaving = true
    pasted.drop()
    output.write('\nCtrl-C again leaves.\n')
    ask()
  })
  const askLine: AskLine = async (words, signal, begun) => (isOpen ? answers.ask(words, signal, begun) : null)
  // Another program reads and draws meanwhile.
  const apart = async <T>(task: () => Promise<T>): Promise<T> => {
    const leaveRaw = (isRaw: boolean): void => void (input instanceof ReadStream && input.setRawMode(isRaw))
    lines.pause()
    leaveRaw(false)
    if (output.isTerminal) output.stream.write(leavePastesUnmarked)
    try {
      return await task()
    } finally {
      if (isOpen) {
        if (output.isTerminal) output.stream.write(markPastes)
        leaveRaw(true)
        lines.resume()
      }
    }
  }
  const person = { askLine, editText: createEditText({ variables, askLine, apart }) }
  return { questions: queue.items, ask, person, close: () => lines.close() }
}

/** Whoever asks without a conversation. Ctrl-C cancels what waits for a line, and Ctrl-D leaves it open. */
export function createPerson({ terminal, interrupts, variables }: CommandContext): Person {
  const askLine: AskLine = async (words, signal, begun) => {
    const lines = createInterface({ input: terminal.input, output: terminal.error.stream })
    const answers = createAnswers(lines)
    lines.on('line', (line) => answers.take(line))
    lines.on('close', () => answers.take(null))
    lines.on('SIGINT', () => interrupts.interrupt())
    try {
      return await answers.ask(words, signal, begun)
    } finally {
      lines.close()
    }
  }
  // Between two lines nothing reads the terminal.
  return { askLine, editText: createEditText({ variables, askLine, apart: (task) => task() }) }
}

/** Lines that answer something. */
function createAnswers(lines: Interface) {
  let waiting: PromiseWithResolvers<string | null> | null = null
  return {
    /** Was the line waited for? null says that no more come. */
    take(line: string | null): boolean {
      const taken = waiting
      waiting = null
      taken?.resolve(line)
      return taken !== null
    },
    async ask(words: string, signal: AbortSignal, begun = ''): Promise<string | null> {
      signal.throwIfAborted()
      const asked = Promise.withResolvers<string | null>()
      waiting = asked
      const end = (): void => asked.reject(signal.reason)
      signal.addEventListener('abort', end)
      const before = lines.getPrompt()
      // What was typed before the question is no answer to it.
      if (lines.terminal) for (const name of ['u', 'k']) lines.write(null, { ctrl: true, name })
      lines.setPrompt(words)
      lines.prompt()
      if (begun !== '') lines.write(begun)
      try {
        return await asked.promise
      } finally {
        if (waiting === asked) waiting = null
        signal.removeEventListener('abort', end)
        lines.setPrompt(before)
      }
    },
  }
}

interface PasteJoinerOptions {
  /** Is there text on the line that has not been sent yet? Then what was pasted goes on in it. */
  readonly isTyping: () => boolean
  readonly deliver: (text: string) => void
}

/** Puts lines that arrive together into one text: those between the marks of a paste, or in one burst. */
function createPasteJoiner({ isTyping, deliver }: PasteJoinerOptions) {
  let collected: string[] = []
  let isPasting = false
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (collected.length > 0) deliver(collected.join('\n'))
    collected = []
  }
  const settle = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      if (!isPasting && !isTyping()) flush()
    }, pasteMilliseconds)
  }
  return {
    begin(): void {
      isPasting = true
    },
    end(): void {
      isPasting = false
      settle()
    },
    line(text: string): void {
      collected.push(text)
      settle()
    },
    drop(): void {
      collected = []
    },
    close(): void {
      if (timer !== null) clearTimeout(timer)
      flush()
    },
  }
}

/** Texts in the order they came, for one reader. */
function createQueue() {
  const waiting: string[] = []
  let isEnded = false
  let wake: (() => void) | null = null
  const notify = (): void => {
    wake?.()
    wake = null
  }
  async function* items(): AsyncGenerator<string> {
    while (true) {
      const next = waiting.shift()
      if (next !== undefined) yield next
      else if (isEnded) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    items: items(),
    push(text: string): void {
      waiting.push(text)
      notify()
    },
    end(): void {
      isEnded = true
      notify()
    },
  }
}
