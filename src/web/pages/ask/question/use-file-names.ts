import { useEffect, useState } from 'preact/hooks'
import { askApi } from '../ask-api.ts'

/** Names of the files of a container, newest first; none where it is null, or has ended. */
export function useFileNames(container: string | null): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([])
  useEffect(() => {
    let isCurrent = true
    if (container === null) return
    askApi.filesOfContainer(container).then(
      ({ data }) => isCurrent && setNames(data.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))),
      // The next question makes another one.
      () => isCurrent && setNames([]),
    )
    return () => {
      isCurrent = false
    }
  }, [container])
  return names
}
