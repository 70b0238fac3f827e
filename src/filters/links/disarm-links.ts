import { Masker } from '../mask.ts'
import { windowsOf } from '../windows/windows.ts'
import type { KnownAddresses } from './known-addresses.ts'
import { findInText } from './links-filter.ts'

/** Markdown that has passed no filter, with its foreign links, pictures and addresses as an answer would leave with them: as text. */
export function disarmLinks(text: string, addresses: KnownAddresses): string {
  const masker = new Masker()
  return Array.from(windowsOf(text), (window) => {
    const focus = { start: window.from, end: window.to }
    return masker.mask(window, findInText({ text: window.text, focus, form: 'markdown' }, addresses))
  }).join('')
}
