import type { ComponentType } from 'preact'
import type { PageProps } from './lazy-page.tsx'

interface PageEntry {
  /** The first part of its address. */
  readonly at: string
  readonly title: string
  /** Whose listener it belongs to. */
  readonly on: 'service' | 'operators' | 'both'
  /** Whether it stands in the navigation. */
  readonly listed: boolean
  /** Whether it is shown to somebody who has not signed in. */
  readonly open: boolean
  readonly load: () => Promise<ComponentType<PageProps>>
}

const ask = async () => (await import('../pages/ask/ask-page.tsx')).AskPage

/** All pages; each is a chunk of its own. */
export const pages: readonly PageEntry[] = [
  { at: 'ask', title: 'Ask', on: 'service', listed: true, open: false, load: ask },
  { at: 'sessions', title: 'Conversations', on: 'service', listed: true, open: false, load: ask },
  {
    at: 'share',
    title: 'Shared',
    on: 'service',
    listed: true,
    open: true,
    load: async () => (await import('../pages/share/share-page.tsx')).SharePage,
  },
  {
    at: 'operate',
    title: 'Operate',
    on: 'operators',
    listed: true,
    open: false,
    load: async () => (await import('../pages/operate/operate-page.tsx')).OperatePage,
  },
  {
    at: 'tune',
    title: 'Tune',
    on: 'operators',
    listed: true,
    open: false,
    load: async () => (await import('../pages/tune/tune-page.tsx')).TunePage,
  },
]

export const signInPage = async () => (await import('../pages/sign-in/sign-in-page.tsx')).SignInPage

/** The page of an address on a listener; null where there is none. */
export function pageAt(first: string, listener: 'service' | 'operators'): PageEntry | null {
  return pages.find(({ at, on }) => at === first && (on === listener || on === 'both')) ?? null
}
