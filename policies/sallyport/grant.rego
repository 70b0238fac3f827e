# What of its group's grant a caller has at this moment. `input.granted` is what the configuration gives the group. A
# decision can only take from it: every entry of `restrict` narrows what is left, and nothing widens it.
package sallyport.grant

decision := {"allow": true, "rules": rules, "restrict": restrict} if count(refuse) == 0

decision := {"allow": false, "rules": rules, "reason": reason} if count(refuse) > 0

rules contains entry.rule if some entry in refuse

rules contains entry.rule if some entry in restrict

# Of several reasons the first by the order of its rule's id, so that the same input has the same answer everywhere.
reason := sort([[entry.rule, entry.reason] | some entry in refuse])[0][1]

refuse contains {"rule": term.rule, "reason": term.refuse} if {
	some term in data.sallyport.layers.terms
	term.refuse
}

refuse contains {"rule": "layers/malformed", "reason": "The terms of the policy's layers are not well formed."} if {
	data.sallyport.layers.malformed
}

restrict contains object.union(term.restrict, {"rule": term.rule}) if {
	some term in data.sallyport.layers.terms
	term.restrict
}
