package sallyport.provenance

# The decision of a call of the analyst as a server of OPA has to make it: words of people and names of the schema are taken apart before it is asked.

default kind := "allow"

outside contains table if {
	some table in input.call.tables
	not table in input.planned
	not table in input.named
	not linked(table)
}

linked(table) if {
	some [one, other] in input.links
	table in {one, other}
	some near in ({one, other} - {table})
	near in input.call.tables
	stands(near)
}

stands(table) if table in input.planned

stands(table) if table in input.named

copied contains read.id if {
	some read in input.reads
	not read.origin in {"operator", "user"}
	some statement in input.call.statements
	contains(read.text, statement)
}

tainted if {
	some read in input.reads
	not read.origin in {"operator", "user"}
}

kind := "refuse" if {
	tainted
	some table in outside
	table in input.refused
} else := "ask" if {
	tainted
	count(outside) + count(copied) > 0
}

decision := {"kind": kind, "tables": outside, "from": copied}
