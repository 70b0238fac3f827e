# What of a request may be sent, by its shape: who says how much, in what parts, with which tools, and which patterns were
# found where. A rule adds to `refuse`, or to `demand` a profile that hides more; what is not refused is sent.
package sallyport.payload

decision := {"allow": true, "rules": rules} if {
	count(refuse) == 0
	count(demand) == 0
}

decision := {"allow": true, "rules": rules, "demand": profiles} if {
	count(refuse) == 0
	count(demand) > 0
}

decision := {"allow": false, "rules": rules, "reason": reason} if count(refuse) > 0

rules contains entry.rule if some entry in refuse

rules contains entry.rule if some entry in demand

# Of several reasons the first by the order of its rule's id, so that the same input has the same answer everywhere.
reason := sort([[entry.rule, entry.reason] | some entry in refuse])[0][1]

# Two rules that demand different profiles of one kind leave no answer, and the request is refused: nobody can tell which
# of two hides more than both.
profiles[kind] := profile if {
	some entry in demand
	some kind, profile in object.remove(entry, ["rule"])
}

refuse contains {"rule": concat("/", ["limit", id]), "reason": limit.reason} if {
	some id, limit in data.sallyport.limits
	above(limit)
}

above(limit) if input.payload.bytes > limit.bytes

above(limit) if input.payload.depth > limit.depth

above(limit) if input.payload.tool_count > limit.tools

above(limit) if input.payload.message_count > limit.messages

refuse contains {"rule": concat("/", ["pattern", id]), "reason": answer.refuse} if {
	some id, answer in answers_to_hits
	answer.refuse
}

demand contains object.union(answer.demand, {"rule": concat("/", ["pattern", id])}) if {
	some id, answer in answers_to_hits
	answer.demand
}

answers_to_hits[id] := answer if {
	some hit in input.payload.hits
	some id, answer in data.sallyport.answers
	hit.pattern in answer.patterns
	hit.source in answer.sources
}

refuse contains {"rule": concat("/", ["detection", id]), "reason": answer.refuse} if {
	some id, answer in answers_to_detections
	answer.refuse
}

demand contains object.union(answer.demand, {"rule": concat("/", ["detection", id])}) if {
	some id, answer in answers_to_detections
	answer.demand
}

# What a detector saw, where it was sure enough.
answers_to_detections[id] := answer if {
	some seen in input.payload.detections
	some id, answer in data.sallyport.answers
	seen.category in answer.categories
	seen.source in answer.sources
	seen.score >= object.get(answer, "least_score", 0)
}

# What is written wrong would silently never count: everybody is refused until it is mended.
refuse contains {"rule": "payload/malformed", "reason": "The limits or answers of the policy are not well formed."} if {
	malformed
}

malformed if {
	limits := data.sallyport.limits
	not is_object(limits)
}

malformed if {
	some limit in data.sallyport.limits
	not well_formed_limit(limit)
}

malformed if {
	answers := data.sallyport.answers
	not is_object(answers)
}

malformed if {
	some answer in data.sallyport.answers
	not well_formed(answer)
}

well_formed_limit(limit) if {
	object.keys(limit) - {"bytes", "depth", "tools", "messages", "reason"} == set()
	is_reason(limit.reason)
	numbers := object.remove(limit, ["reason"])
	count(numbers) > 0
	every number in numbers { is_number(number) }
}

sources := {"system", "user", "assistant", "tool", "schema", "file", "other"}

well_formed(answer) if {
	object.keys(answer) - {"patterns", "categories", "least_score", "sources", "refuse", "demand"} == set()
	is_array(object.get(answer, "patterns", []))
	is_array(object.get(answer, "categories", []))
	count(object.get(answer, "patterns", [])) + count(object.get(answer, "categories", [])) > 0
	{id | some id in answer.patterns} - object.keys(data.sallyport.patterns) == set()
	every category in object.get(answer, "categories", []) { is_string(category) }
	is_number(object.get(answer, "least_score", 0))
	object.get(answer, "least_score", 0) <= 1
	data.sallyport.layers.some_of(answer.sources, sources)
	count(object.keys(answer) & {"refuse", "demand"}) > 0
	is_reason(object.get(answer, "refuse", "x"))
	is_demand(object.get(answer, "demand", {"privacy_profile": "x"}))
}

is_reason(text) if {
	is_string(text)
	text != ""
}

is_demand(profiles_by_kind) if {
	count(profiles_by_kind) > 0
	object.keys(profiles_by_kind) - {"privacy_profile", "filter_profile"} == set()
	every profile in profiles_by_kind { is_reason(profile) }
}
