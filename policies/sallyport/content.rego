# What becomes of a text by what detectors found in it: what the profile of its group came to, or more. A rule adds to `refuse`,
# which blocks, or to `tighten` an action that is wanted at least; nothing here can take back what the profile has said.
package sallyport.content

decision := {"allow": true, "rules": rules, "tighten": tighten} if count(refuse) == 0

decision := {"allow": false, "rules": rules, "reason": reason} if count(refuse) > 0

rules contains entry.rule if some entry in refuse

rules contains entry.rule if some entry in tighten

# Of several reasons the first by the order of its rule's id, so that the same input has the same answer everywhere.
reason := sort([[entry.rule, entry.reason] | some entry in refuse])[0][1]

refuse contains {"rule": concat("/", ["content", id]), "reason": term.refuse} if {
	some id, term in terms
	term.refuse
}

tighten contains object.union(wanted(term), {"rule": concat("/", ["content", id])}) if {
	some id, term in terms
	term.at_least
}

# What of the findings an action is about; without categories it is about all.
wanted(term) := object.union(
	object.filter(term, {"categories", "least_score", "reason"}),
	{"action": term.at_least},
)

# Terms of data.json that are about this text, under the conditions that terms of layers have, too.
terms[id] := term if {
	some id, term in data.sallyport.contents
	data.sallyport.layers.holds(term)
	within(term, "groups", input.principal.group)
	within(term, "directions", input.content.direction)
	within(term, "apis", input.content.shape.api)
	of_length(term)
	of_failures(term)
	of_findings(term)
}

within(term, member, _) if not term[member]

within(term, member, value) if value in term[member]

of_length(term) if not term.above_characters

of_length(term) if input.content.shape.characters > term.above_characters

of_failures(term) if not term.failed

of_failures(term) if {
	term.failed
	count(input.content.failures) > 0
}

# Without a condition on what was found a term is about every text.
of_findings(term) if object.keys(term) & {"categories", "detectors", "least_score", "least_count"} == set()

of_findings(term) if {
	object.keys(term) & {"categories", "detectors", "least_score", "least_count"} != set()
	found := [finding.count |
		some finding in input.content.findings
		of_category(term, finding)
		within(term, "detectors", finding.detector)
		finding.score >= object.get(term, "least_score", 0)
	]
	count(found) > 0
	sum(found) >= object.get(term, "least_count", 1)
}

of_category(term, _) if not term.categories

of_category(term, finding) if finding.category in term.categories

# "toxicity" is about every category of that kind.
of_category(term, finding) if split(finding.category, "/")[0] in term.categories

# A term that is written wrong would silently never count: every text is blocked until it is mended.
refuse contains {"rule": "content/malformed", "reason": "The terms of the policy about content are not well formed."} if {
	malformed
}

malformed if {
	contents := data.sallyport.contents
	not is_object(contents)
}

malformed if {
	some term in data.sallyport.contents
	not well_formed(term)
}

directions := {"inbound", "outbound"}

# Names that only the operator knows.
lists := {"groups", "apis", "categories", "detectors"}

numbers := {"least_score", "least_count", "above_characters"}

members := ((data.sallyport.layers.conditions | lists) | numbers) | {"directions", "failed", "refuse", "at_least", "reason"}

# Where each action is one: a model is asked once more for what it said, and a person is asked about what it is sent.
directions_of := {
	"annotate": directions,
	"mask": directions,
	"regenerate": {"outbound"},
	"human": {"inbound"},
}

well_formed(term) if {
	object.keys(term) - members == set()
	well_answered(term)
	every member in lists { list_of_names(object.get(term, member, ["x"])) }
	every member in numbers { is_number(object.get(term, member, 0)) }
	object.get(term, "least_score", 0) <= 1
	object.get(term, "failed", true) == true
	data.sallyport.layers.some_of(object.get(term, "directions", directions), directions)
	data.sallyport.layers.well_timed(term)
}

well_answered(term) if {
	object.keys(term) & {"at_least", "reason"} == set()
	is_text(term.refuse)
}

well_answered(term) if {
	not "refuse" in object.keys(term)
	is_text(term.reason)
	possible := directions_of[term.at_least]
	{direction | some direction in object.get(term, "directions", directions)} - possible == set()
}

is_text(text) if {
	is_string(text)
	text != ""
}

list_of_names(list) if {
	is_array(list)
	count(list) > 0
	every name in list { is_string(name) }
}
