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

malformed if {
	list := data.sallyport.layers.organization
	not is_array(list)
}

malformed if {
	tenants := data.sallyport.layers.tenants
	not lists_by_name(tenants)
}

malformed if {
	groups := data.sallyport.layers.groups
	not lists_by_name(groups)
}

malformed if {
	tenant_of := data.sallyport.layers.tenant_of
	not strings_by_name(tenant_of)
}

every_term contains term if some term in data.sallyport.layers.organization

every_term contains term if some term in data.sallyport.layers.tenants[_]

every_term contains term if some term in data.sallyport.layers.groups[_]

lists_by_name(named) if {
	is_object(named)
	every list in named { is_array(list) }
}

strings_by_name(named) if {
	is_object(named)
	every value in named { is_string(value) }
}

conditions := {"channels", "weekdays", "hours"}

channels := {"http", "cli"}

weekdays := {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

well_formed(term) if {
	object.keys(term) - (conditions | {"id", "restrict", "refuse"}) == set()
	count(object.keys(term) & {"restrict", "refuse"}) > 0
	is_string(term.id)
	is_object(object.get(term, "restrict", {}))
	object.get(term, "restrict", {"x": 1}) != {}
	is_string(object.get(term, "refuse", "x"))
	object.get(term, "refuse", "x") != ""
	well_timed(term)
}

# The conditions of a term can hold at all, as far as anybody knows who reads them.
well_timed(term) if {
	some_of(object.get(term, "channels", channels), channels)
	some_of(object.get(term, "weekdays", weekdays), weekdays)
	[from, to] := object.get(term, "hours", [0, 24])
	hour_of_day(from)
	hour_of_day(to)
	from != to
}

# A list (or a set of ours) of at least one of these, and of nothing else.
some_of(given, known) if {
	not is_string(given)
	not is_object(given)
	count(given) > 0
	{each | some each in given} - known == set()
}

hour_of_day(hour) if {
	is_number(hour)
	hour == floor(hour)
	hour >= 0
	hour <= 24
}
