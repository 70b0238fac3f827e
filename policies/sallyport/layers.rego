# What an organization, a tenant and a group say of a request, as data: lists of terms under `layers` in data.json. A term
# counts where all of its conditions hold, and every layer's terms count together: none can take back what another says.
package sallyport.layers

# The terms that hold now, each with the rule's id that tells where it stands: "organization/quiet-hours".
terms contains term if {
	some term in ours
	holds(term)
}

ours contains object.union(term, {"rule": concat("/", ["organization", term.id])}) if {
	some term in data.sallyport.layers.organization
}

ours contains object.union(term, {"rule": concat("/", ["tenant", tenant, term.id])}) if {
	some tenant in tenants_of_caller
	some term in data.sallyport.layers.tenants[tenant]
}

ours contains object.union(term, {"rule": concat("/", ["group", group, term.id])}) if {
	group := input.principal.group
	some term in data.sallyport.layers.groups[group]
}

# The tenant of the configuration, and the one that the data gives the group: where both say one, the terms of both count.
tenants_of_caller contains input.principal.tenant if input.principal.tenant != null

tenants_of_caller contains data.sallyport.layers.tenant_of[input.principal.group]

holds(term) if {
	within_channels(term)
	within_weekdays(term)
	within_hours(term)
}

within_channels(term) if not term.channels

within_channels(term) if input.channel in term.channels

within_weekdays(term) if not term.weekdays

within_weekdays(term) if input.time.weekday in term.weekdays

within_hours(term) if not term.hours

# [8, 18] is from eight until before six in the evening; [22, 6] goes over midnight.
within_hours(term) if {
	[from, to] := term.hours
	from <= to
	input.time.hour >= from
	input.time.hour < to
}

within_hours(term) if {
	[from, to] := term.hours
	from > to
	input.time.hour >= from
}

within_hours(term) if {
	[from, to] := term.hours
	from > to
	input.time.hour < to
}

# A term that is written wrong would silently never hold: whoever it could have been about is refused until it is mended.
malformed if {
	some term in every_term
	not well_formed(term)
}

every_term contains term if some term in data.sallyport.layers.organization

every_term contains term if some term in data.sallyport.layers.tenants[_]

every_term contains term if some term in data.sallyport.layers.groups[_]

members := {"id", "channels", "weekdays", "hours", "restrict", "refuse"}

weekdays := {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

well_formed(term) if {
	object.keys(term) - members == set()
	is_string(term.id)
	is_array(object.get(term, "channels", []))
	is_array(object.get(term, "weekdays", []))
	{day | some day in object.get(term, "weekdays", [])} - weekdays == set()
	[from, to] := object.get(term, "hours", [0, 24])
	from >= 0
	to >= 0
	from <= 24
	to <= 24
	is_number(from)
	is_number(to)
}
