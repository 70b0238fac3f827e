# Whether a tool call of a model may run, by what it would touch, when, and where its arguments may come from. A rule adds to
# `refuse`, or to `ask`, for which a person would have to allow it; what neither says may run.
package sallyport.action

decision := {"allow": true, "rules": rules} if {
	count(refuse) == 0
	count(ask) == 0
}

decision := {"allow": false, "ask": true, "rules": rules, "reason": reason_of(ask)} if {
	count(refuse) == 0
	count(ask) > 0
}

decision := {"allow": false, "rules": rules, "reason": reason_of(refuse)} if count(refuse) > 0

rules contains entry.rule if some entry in refuse

rules contains entry.rule if some entry in ask

# Of several reasons the first by the order of its rule's id, so that the same input has the same answer everywhere.
reason_of(entries) := sort([[entry.rule, entry.reason] | some entry in entries])[0][1]

# What the operator, the user and the model itself wrote. Everything else is somebody's data, and so is what nobody knows.
trusted := {"operator", "user", "model"}

tainted if {
	some provenance in input.action.provenance
	not provenance in trusted
}

refuse contains {"rule": concat("/", ["action", id]), "reason": term.refuse} if {
	some id, term in terms
	term.refuse
}

ask contains {"rule": concat("/", ["action", id]), "reason": term.ask} if {
	some id, term in terms
	term.ask
}

# Terms of data.json that are about this call, under the conditions that terms of layers have, too.
terms[id] := term if {
	some id, term in data.sallyport.actions
	data.sallyport.layers.holds(term)
	within(term, "groups", input.principal.group)
	within(term, "tools", input.action.tool)
	within(term, "languages", input.action.language)
	within(term, "sources", input.action.source)
	touches(term)
	of_call(term)
	of_taint(term)
	of_tokens(term)
}

within(term, member, _) if not term[member]

within(term, member, value) if value in term[member]

# By a table or a column: "public.orders", "public.customers.email".
touches(term) if not term.touches

touches(term) if {
	some name in term.touches
	name in array.concat(input.action.tables, input.action.columns)
}

# Tools of callers' own loops, by their names.
of_call(term) if not term.calls

of_call(term) if input.action.call.name in term.calls

of_taint(term) if not term.tainted

of_taint(term) if {
	term.tainted
	tainted
}

of_tokens(term) if not term.above_tokens

of_tokens(term) if input.action.spent.tokens > term.above_tokens

# A term that is written wrong would silently never count: every call is refused until it is mended.
refuse contains {"rule": "action/malformed", "reason": "The terms of the policy about actions are not well formed."} if {
	malformed
}

malformed if {
	actions := data.sallyport.actions
	not is_object(actions)
}

malformed if {
	some term in data.sallyport.actions
	not well_formed(term)
}

tools := {"describe_data", "run_sql", "run_python", "run_javascript", "run_shell", "extract_values", "model-call"}

languages := {"sql", "python", "javascript", "shell"}

# Names that only the operator knows.
lists := {"groups", "sources", "touches", "calls"}

members := (data.sallyport.layers.conditions | lists) | {"tools", "languages", "tainted", "above_tokens", "refuse", "ask"}

well_formed(term) if {
	object.keys(term) - members == set()
	count(object.keys(term) & {"refuse", "ask"}) == 1
	every member in {"refuse", "ask"} {
		is_string(object.get(term, member, "x"))
		object.get(term, member, "x") != ""
	}
	every member in lists { list_of_names(object.get(term, member, ["x"])) }
	data.sallyport.layers.some_of(object.get(term, "tools", tools), tools)
	data.sallyport.layers.some_of(object.get(term, "languages", languages), languages)
	object.get(term, "tainted", true) == true
	is_number(object.get(term, "above_tokens", 0))
	data.sallyport.layers.well_timed(term)
}

list_of_names(list) if {
	is_array(list)
	count(list) > 0
	every name in list { is_string(name) }
}
