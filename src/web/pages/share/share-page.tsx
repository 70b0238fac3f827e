import { Empty } from '../../components/empty.tsx'
import type { PageProps } from '../../shell/lazy-page.tsx'

export function SharePage({ route }: PageProps) {
  return <Empty title={route.path.join(' / ')} />
}
