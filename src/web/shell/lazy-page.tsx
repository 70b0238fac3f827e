import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ProblemNotice } from '../components/notice.tsx'
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
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let isCurrent = true
    setError(null)
    load().then(
      (page) => isCurrent && setLoaded({ load, page }),
      (problem: unknown) => isCurrent && setError(problem),
    )
    return () => {
      isCurrent = false
    }
  }, [load])
  if (error !== null)
    return (
      <ProblemNotice error={error}>
        <p>The service may have been renewed since this page was opened: load it again.</p>
      </ProblemNotice>
    )
  if (loaded?.load !== load)
    return (
      <p class="muted" role="status">
        Loading…
      </p>
    )
  const Page = loaded.page
  return <Page route={route} />
}
