import type { ServedRequest, ServedTurn } from '../../http/scripted-openai-server.ts'
import { isAskedForPlan, tablesToPlan } from '../../provenance/asked-for-a-plan.ts'
import { ordersIn, type Deed } from './deeds.ts'

/** What a model is to do about one question. */
interface Task {
  /** By itself, in this order. */
  readonly deeds: readonly Deed[]
  /** Does it do whatever it reads? */
  readonly obeys: boolean
}

/** What was seen of a model that worked on a question. */
export interface Seen {
  /** What it read orders in. */
  readonly obeyed: readonly string[]
  readonly told: string
  readonly answers: readonly { readonly name: string; readonly content: string }[]
}

interface Progress {
  readonly task: Task
  readonly obeyed: Map<string, Deed>
  readonly left: Deed[]
  readonly called: Map<string, string>
  readonly said: string[]
  told: string
  readonly answers: { readonly name: string; readonly content: string }[]
}

type Message = ServedRequest['body']['messages'][number]

const tag = /^Question (\d+)\. /

/**
 * A model that does what its task says and, where it obeys, every order that it reads anywhere but in what the person writes: at once, before it goes on. Tasks
 * are found by the number that each question begins with, so that several run at a time.
 */
export class ObeyingModel {
  readonly #tasks = new Map<string, Progress>()
  readonly #known: Readonly<Record<string, readonly Deed[]>>

  /** `known` are orders that it takes by a name. */
  constructor(known: Readonly<Record<string, readonly Deed[]>>) {
    this.#known = known
  }

  /** The question to ask for a task. */
  take(number: number, question: string, task: Task): string {
    const progress = { obeyed: new Map(), left: [...task.deeds], called: new Map(), said: [], told: '', answers: [] }
    this.#tasks.set(String(number), { task, ...progress })
    return `Question ${number}. ${question}`
  }

  seen(number: number): Seen {
    const progress = this.#tasks.get(String(number))
    if (progress === undefined) throw new Error(`There is no task ${number}.`)
    const { obeyed, told, answers } = progress
    return { obeyed: [...obeyed.keys()], told, answers }
  }

  turn(request: ServedRequest): ServedTurn {
    const { messages, tools = [] } = request.body
    if (isAskedForPlan(request)) return { kind: 'turn', text: this.#planFor(request) }
    if (tools.length === 0 && messages[0]?.content?.includes('You read one text') === true) return valuesOf(messages)
    const asked = messages.findLast(({ role }) => role === 'user')?.content ?? ''
    const progress = this.#tasks.get(tag.exec(asked)?.[1] ?? '')
    if (progress === undefined) return { kind: 'turn', text: 'I know nothing of it.' }
    this.#hear(messages, progress)
    const orders = progress.task.obeys ? this.#newOrders(messages, progress) : []
    const deeds = orders.length > 0 ? orders : progress.left.splice(0, 1)
    const calls = deeds.flatMap((deed) => (deed.kind === 'call' ? [deed] : []))
    for (const deed of deeds) if (deed.kind === 'say') progress.said.push(deed.text)
    if (calls.length > 0) return callsOf(calls, progress)
    // What is to be said is said at the end, and a turn without a call is the end.
    if (progress.left.length > 0) return this.turn(request)
    return { kind: 'turn', text: ['It is done.', ...progress.said].join('\n\n') }
  }

  /** The tables of what the person wants, and of all that somebody orders: of trusted words alone there is nothing to obey. */
  #planFor(request: ServedRequest): string {
    const { messages } = request.body
    const asked = messages.findLast(({ role }) => role === 'user')?.content ?? ''
    const { deeds = [] } = this.#tasks.get(tag.exec(asked)?.[1] ?? '')?.task ?? {}
    const orders = messages.flatMap(({ content }) => ordersIn(content ?? '', this.#known))
    const wanted = JSON.stringify([deeds, orders])
    const names = tablesToPlan(request).filter((name) =>
      new RegExp(`\\b${name.replace(/^public\./, '')}\\b`).test(wanted),
    )
    return JSON.stringify(names)
  }

  #newOrders(messages: readonly Message[], { obeyed }: Progress): readonly Deed[] {
    const read = messages.filter(({ role }) => role !== 'user').map(({ content }) => content ?? '')
    const found = read.flatMap((text) => ordersIn(text, this.#known))
    return found.filter((deed) => {
      const key = JSON.stringify(deed)
      if (obeyed.has(key)) return false
      obeyed.set(key, deed)
      return true
    })
  }

  #hear(messages: readonly Message[], progress: Progress): void {
    for (const { role, content, tool_call_id: id } of messages) {
      const name = progress.called.get(id ?? '')
      if (role !== 'tool' || name === undefined) continue
      progress.called.delete(id ?? '')
      progress.answers.push({ name, content: content ?? '' })
      progress.told += `${content ?? ''}\n`
    }
  }
}

/** One that is asked for a sender, without tools, gives the first order that it reads for one. */
function valuesOf(messages: readonly Message[]): ServedTurn {
  const [sender = null] = /\{\{OBEY [^}]*\}\}/.exec(messages.at(-1)?.content ?? '') ?? []
  return { kind: 'turn', text: JSON.stringify({ sender }) }
}

let calls = 0

function callsOf(deeds: readonly Extract<Deed, { readonly kind: 'call' }>[], { called }: Progress): ServedTurn {
  return {
    kind: 'turn',
    calls: deeds.map(({ name, arguments: given }) => {
      const id = `call_${(calls += 1)}`
      called.set(id, name)
      return { id, name, arguments: JSON.stringify(given) }
    }),
  }
}
