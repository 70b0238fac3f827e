import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { LoadFault } from '../components/load-fault.tsx'
import type { Route } from './route.ts'

export interface PageProps {
  readonly route: Route
}

/** A page that is loaded when it is first gone to. `load` is called once for each page. */
export function LazyPage({
  load,
  route,
}: {
  readonly load: () => Promise<ComponentType<PageProps>>
  readonly route: Route
}) {
  const [loaded, setLoaded] = useState<{ load: unknown; page: ComponentType<PageProps> } | null>(null)
  const [faulty, setFaulty] = useState<unknown>(null)
  useEffect(() => {
    let isCurrent = true
    setFaulty(null)
    load().then(
      (page) => isCurrent && setLoaded({ load, page }),
      () => isCurrent && setFaulty(() => load),
    )
    return () => {
      isCurrent = false
    }
  }, [load])
  if (faulty === load) return <LoadFault />
  if (loaded?.load !== load)
    return (
      <p class="muted" role="status">
        Loading…
      </p>
    )
  const Page = loaded.page
  return <Page route={route} />
}
