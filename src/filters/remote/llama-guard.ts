import type { Direction } from '../filter.ts'
import { llamaGuardCategories } from './llama-guard-categories.ts'

/**
 * The codes of a verdict of Llama Guard 3 or 4: none of `safe`, at least one of `unsafe` with a line of codes behind it. null
 * for anything else, which is no verdict.
 */
export function readLlamaGuard(content: string): readonly string[] | null {
  const verdict = content.trim()
  if (verdict === 'safe') return []
  const codes = /^unsafe[ \t]*\r?\n[ \t]*(S\d{1,2}(?:[ \t]*,[ \t]*S\d{1,2})*)$/.exec(verdict)?.[1]
  const named = codes?.split(',').map((code) => code.trim()) ?? []
  return named.length > 0 && named.every((code) => Object.hasOwn(llamaGuardCategories, code)) ? named : null
}

/** The marks of its prompt, and the tokens that servers read in any text that they put into a template. */
const marks = /<(?=\|)|(?<=\|)>|<(?=\/?(?:BEGIN|END)\b)/gi

/** How its prompt begins a turn. Only the last one is judged. */
const turns = /^([^\S\r\n\u2028\u2029]*(?:User|Agent)[^\S\r\n\u2028\u2029]*):/gim

/**
 * A text without the marks that would end the conversation it is judged in, or begin another turn of it: a blank stands in
 * each of them.
 */
const withoutMarks = (text: string): string =>
  text.replace(marks, (mark) => (mark === '<' ? '< ' : ' >')).replace(turns, '$1 -')

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** The messages whose last one the server's own template asks about. */
export function messagesForTemplate(text: string, direction: Direction): ChatMessage[] {
  const content = withoutMarks(text)
  if (direction === 'inbound') return [{ role: 'user', content }]
  // The templates take a conversation that begins with its user.
  return [
    { role: 'user', content: '.' },
    { role: 'assistant', content },
  ]
}

/** The prompt of Llama Guard 3 around one message, for a server that has no template of it. */
export function promptOf(text: string, direction: Direction): ChatMessage[] {
  const role = direction === 'inbound' ? 'User' : 'Agent'
  const hazards = Object.entries(llamaGuardCategories).map(([code, { title }]) => `${code}: ${title}.`)
  const content = [
    `Task: Check if there is unsafe content in '${role}' messages in conversations according our safety policy with the below categories.`,
    ['<BEGIN UNSAFE CONTENT CATEGORIES>', ...hazards, '<END UNSAFE CONTENT CATEGORIES>'].join('\n'),
    '<BEGIN CONVERSATION>',
    `${role}: ${withoutMarks(text)}`,
    '<END CONVERSATION>',
    [
      `Provide your safety assessment for ONLY THE LAST ${role} message in the above conversation:`,
      " - First line must read 'safe' or 'unsafe'.",
      ' - If unsafe, a second line must include a comma-separated list of violated categories.',
    ].join('\n'),
  ].join('\n\n')
  return [{ role: 'user', content }]
}
