import { signal, type ReadonlySignal } from '@preact/signals'
import { listener } from './listener.ts'
import { linkTo, parseFragment, type Route } from './route.ts'

export { linkTo } from './route.ts'
export type { Route } from './route.ts'

const start = listener === 'operators' ? 'operate' : 'ask'
const current = signal<Route>(parseFragment(location.hash, start))

/** Where the app is; follows the address. */
export const route: ReadonlySignal<Route> = current

addEventListener('hashchange', () => {
  current.value = parseFragment(location.hash, start)
})

/** Goes somewhere. `replace`: the place before it is not returned to, as with an address that held a secret. */
export function navigate(
  path: readonly string[],
  query: Readonly<Record<string, string>> = {},
  { replace = false }: { readonly replace?: boolean } = {},
): void {
  const target = linkTo(path, query)
  if (replace) history.replaceState(null, '', target)
  else history.pushState(null, '', target)
  current.value = parseFragment(target, start)
}
