import type { GroupOptions } from '../../gateway/options.ts'
import { listGroups, type AdminGroup } from '../wire/admin/groups.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function groupRoutes(groups: Readonly<Record<string, GroupOptions>>): readonly AdminRoute[] {
  const data = Object.entries(groups).map(([name, group]) => toGroup(name, group))
  return [answers(listGroups, async () => ({ data }))]
}

/** Member by member: the secret of a group is none of them. */
function toGroup(name: string, group: GroupOptions): AdminGroup {
  const { models, tools, hosted_tools, data_sources, filter_profile, privacy_profile, metrics, tenant } = group
  const { call_filter_profile } = group
  return {
    name,
    models,
    tools,
    hosted_tools,
    data_sources,
    filter_profile,
    privacy_profile,
    call_filter_profile,
    metrics,
    tenant,
    names_end_users: group.end_user_secret !== null,
    concurrent_requests: group.concurrent_requests,
    tokens_per_day: group.tokens_per_day,
    limits: group.limits,
  }
}
