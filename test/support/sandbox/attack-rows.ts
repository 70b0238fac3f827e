import type { SandboxLanguage } from '../../../src/core/languages.ts'
import { readFileSync } from 'node:fs'
import type { Outcome } from '../../../src/core/result.ts'

const attackTopics = ['time', 'memory', 'processes', 'files', 'output', 'network', 'privilege'] as const
type AttackTopic = (typeof attackTopics)[number]

/** One attack on a sandbox, as it stands in a file of test/attack/sandbox. */
export interface AttackRow {
  readonly topic: AttackTopic
  readonly name: string
  readonly language: SandboxLanguage
  /** A line, or lines. HOST_PORT and HOST_SOCKET stand for what listens on the host. Whatever succeeds prints "breach". */
  readonly code: string | readonly string[]
  /** Every outcome that would be true. */
  readonly outcome: Outcome | readonly Outcome[]
  /**
   * Do the session's variables outlive it? Left out where either is right. `briefly`: what keeps the session was killed;
   * the result may be there before the kernel has ended it, and then the sandbox is lost right after.
   */
  readonly alive?: boolean | 'briefly'
  /** All of standard output, outer white space aside. */
  readonly stdout?: string
  /** A word of the sentence that people read. */
  readonly notice?: string
  readonly truncated?: string
  /** Paths, exactly. */
  readonly artifacts?: readonly string[]
  /** Paths below /mnt/data that must not be handed out afterwards. */
  readonly refused?: readonly string[]
  /** Puts a file there first. */
  readonly upload?: 'zip-bomb'
  /** Milliseconds; the suite's limit where left out. */
  readonly wall?: number
  /** Ends by itself and leaves its session as it was: the next attack may be made from the same sandbox. */
  readonly mild?: true
  /** Items of abuse-list.json. */
  readonly covers?: readonly string[]
}

/** An item of the list. What is no program for a sandbox is tested elsewhere: the claim stands in that file. */
export type AbuseItem =
  | { readonly item: string; readonly test?: never }
  | { readonly item: string; readonly test: string; readonly claim: string }

const folder = new URL('../../attack/sandbox/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))

/** Every attack, topic by topic. */
export function attackRows(): readonly AttackRow[] {
  return attackTopics.flatMap((topic) =>
    (read(topic) as readonly Omit<AttackRow, 'topic'>[]).map((row) => Object.assign(row, { topic })),
  )
}

const isWhole = process.env['SALLYPORT_ATTACKS'] === '1'

/**
 * Those that one of so many drivers is attacked by: in `npm test` they take turns, so that each attack is made once and each driver meets
 * every topic; in the lane `attacks` each of them gets all.
 */
export function attackRowsFor({ place, of }: DriverTurn, all: boolean = isWhole): readonly AttackRow[] {
  const rows = attackRows()
  return all ? rows : rows.filter((_, index) => index % of === place)
}

/** The place of a driver among those that take turns, from 0 on, and how many they are. */
export interface DriverTurn {
  readonly place: number
  readonly of: number
}

/** The abuse that the sandbox is built against, by topic. */
export function abuseList(): Readonly<Record<string, readonly AbuseItem[]>> {
  return read('abuse-list') as Readonly<Record<string, readonly AbuseItem[]>>
}
