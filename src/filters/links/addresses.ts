import { shownReadingsOf } from '../views/views.ts'
import { ending, ownEnding } from './host-endings.ts'
import type { KnownAddresses } from './known-addresses.ts'
import type { Mark } from './marks.ts'

const word = String.raw`[\p{L}\p{N}]`
const point = String.raw`[.\u3002]`
const label = String.raw`${word}(?:[\p{L}\p{N}_-]{0,62})`
const hostOf = (last: string): string =>
  String.raw`(?<![\p{L}\p{N}_.-])(?<!(?<!/)/)(?:${label}${point}){1,126}${last}(?!${point}?[\p{L}\p{N}_-])`

/**
 * Where an address begins that some program makes a link of by itself: behind any scheme, by "www.", at the sign of a mail address,
 * in angle brackets, at a name of a host. Everything is bounded, so that no text takes long.
 */
const beginnings = new RegExp(
  [
    String.raw`(?<scheme>://)`,
    String.raw`(?<slashes>(?<![:/\p{L}\p{N}_])//(?=\[|${word}[^\s/]{0,253}${point}))`,
    String.raw`(?<bracket><[a-z][a-z0-9+.-]{1,31}:(?=[^\s<>]*>))`,
    String.raw`(?<mail>(?<=[\p{L}\p{N}._%+-])@(?=[\p{L}\p{N}_-]{1,63}${point}[\p{L}\p{N}_-]))`,
    String.raw`(?<host>(?<!${word})www\d{0,3}${point}(?=[^\s<])[\p{L}\p{N}_.\u3002-]{0,253}` +
      String.raw`|${hostOf(ending)}(?=[/?#][^\s]|:\d)|${hostOf(ownEnding)}(?!\())`,
  ].join('|'),
  'giu',
)
const scheme = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,31}$/i
const local = /[\p{L}\p{N}._%+-]/u
const authority = /(?:\[[^\s\]]{0,64}\])?[^\s/?#<>()[\]"'`|]{0,512}/y
const reach = /[^\s<]*/y
/** What a sentence puts behind an address. */
const closing = new Set(').,;:!?*_~')
/** More signs than these are no end of a sentence: they could say something. */
const mostClosing = 6
/** What only some readers take for no part of it: no more than two of these are left out. */
const closingMostly = new Set('>]}\'"`|…。，、；：！？）】」』’”»')
/** A longer address is nobody's, in UTF-16 code units. */
const longestKnown = 2_048
/** Of addresses without a blank between them so many are looked at for one that is known. */
const mostAsked = 8
const points = /[.\u3002]/g
const pointsOfSix = /[.:\u3002]/g

/** Can a text hold an address in any of its readings? */
export function mayHoldAddress(text: string): boolean {
  return /[@&\\%=]|:\S|[^\s]['*_~`>\])]{0,8}[.\u3002\uff0e\uff61\u2024]\S/.test(text)
}

interface AddressedPart {
  readonly text: string
  /** The stretch that is decided on. */
  readonly focus?: { readonly start: number; readonly end: number }
}

/**
 * The characters without which no program makes a link of an address that nobody knows: of its scheme, its host and its mail. Shown
 * as they are passed on among people who must not click: `https[:]//evil[.]example`. It is looked for in everything that a reader's
 * program may see in the text; whether it is known is asked of the text as it is written.
 */
export function findAddresses(part: AddressedPart, known: KnownAddresses): readonly Mark[] {
  const marks = new Map<number, Mark>()
  const { text, focus } = part
  for (const view of shownReadingsOf(text)) {
    const add = (at: number, length: number, about: Pick<Mark, 'category' | 'instead' | 'continues'>) => {
      const { start, end } = view.span(at, at + length)
      if (!marks.has(start)) marks.set(start, { start, end, ...about })
    }
    const addPoints = (from: number, to: number, category: string, isFirst: boolean) => {
      let continues = !isFirst
      const pattern = view.text[from] === '[' ? pointsOfSix : points
      for (const { index, 0: point } of view.text.slice(from, to).matchAll(pattern)) {
        const instead = point === ':' ? '[:]' : '[.]'
        add(from + index, 1, { category, instead, ...(continues ? { continues } : {}) })
        continues = true
      }
    }
    const endOf = endsOf(view.text)
    let asked = { to: -1, often: 0 }
    beginnings.lastIndex = 0
    for (let match = beginnings.exec(view.text); match !== null; match = beginnings.exec(view.text)) {
      const { index, 0: found, groups = {} } = match
      const from = beginningOf(view.text, index, groups)
      const to = endOf(from)
      const { start, end } = view.span(from, Math.max(to, from + 1))
      // What goes on behind the window may be another address than the one that is seen.
      const isCut = focus !== undefined && focus.end < text.length && start < focus.end && end === text.length
      asked = asked.to === to ? { to, often: asked.often + 1 } : { to, often: 1 }
      const mayBeKnown = !isCut && end - start <= longestKnown && asked.often <= mostAsked
      const address = mayBeKnown ? text.slice(start, end) : ''
      if (mayBeKnown && known.isKnown(address)) {
        beginnings.lastIndex = Math.max(to, index + found.length)
        continue
      }
      // What stands in the path of such an address may be cut off by some reader, and be one of its own.
      if (mayBeKnown && known.isAtOwnHost(address)) continue
      if (groups.host !== undefined) {
        addPoints(index, Math.min(index + found.length, to), 'link/address', true)
        continue
      }
      if (groups.slashes !== undefined) {
        authority.lastIndex = index + 2
        const after = authority.exec(view.text)?.[0].length ?? 0
        addPoints(index + 2, Math.min(index + 2 + after, to), 'link/address', true)
        beginnings.lastIndex = index + 2 + after
        continue
      }
      if (groups.mail !== undefined) add(index, 1, { category: 'link/mail', instead: '[@]' })
      else if (groups.bracket !== undefined)
        add(index + found.length - 1, 1, { category: 'link/address', instead: '[:]' })
      else add(index, 1, { category: 'link/address', instead: '[:]' })
      if (groups.bracket !== undefined) {
        // Behind a scheme of the web stands a host, too.
        beginnings.lastIndex -= 1
        continue
      }
      authority.lastIndex = index + found.length
      const hostEnd = authority.lastIndex + (authority.exec(view.text)?.[0].length ?? 0)
      addPoints(
        index + found.length,
        Math.min(hostEnd, to),
        groups.mail === undefined ? 'link/address' : 'link/mail',
        false,
      )
    }
  }
  return [...marks.values()]
}

/** Where the whole address begins of which a sign was found. */
function beginningOf(text: string, at: number, groups: Readonly<Record<string, string | undefined>>): number {
  if (groups.bracket !== undefined) return at + 1
  if (groups.host !== undefined || groups.slashes !== undefined) return at
  if (groups.mail === undefined) return at - (scheme.exec(text.slice(Math.max(0, at - 33), at))?.[0].length ?? 0)
  let from = at
  while (from > 0 && from > at - 64 && local.test(text[from - 1]!)) from -= 1
  return from
}

/**
 * Says where an address ends, as far as any reader follows it, without what a sentence puts behind it; asked for places in rising
 * order. Of many addresses in one run of characters the end is looked for once.
 */
function endsOf(text: string): (from: number) => number {
  let whole = 0
  let bare = 0
  const without = (from: number, end: number): number => {
    let last = end
    let left = 2
    for (; last > from && end - last < mostClosing; last -= 1) {
      const character = text[last - 1]!
      if (closingMostly.has(character) && left > 0) left -= 1
      else if (!closing.has(character)) break
    }
    return last
  }
  return (from) => {
    if (from >= whole) {
      reach.lastIndex = from
      whole = from + (reach.exec(text)?.[0].length ?? 0)
      bare = without(from, whole)
    }
    const run = text.slice(from, Math.min(whole, from + longestKnown))
    const bracketed = text[from - 1] === '<' && text[from - 2] !== '\\' ? run.indexOf('>') : -1
    if (bracketed >= 0) return from + bracketed
    // The label of a link that is the address itself.
    if (text[from - 1] !== '[') return Math.max(from, bare)
    const labelled = run.indexOf('](')
    const isItself = labelled > 0 && run.startsWith(`${run.slice(0, labelled)})`, labelled + 2)
    return isItself ? from + labelled : Math.max(from, bare)
  }
}
