package sallyport.grant_test

import data.sallyport.grant

asked := {
	"principal": {"id": "k1", "kind": "api-key", "group": "interns", "tenant": null},
	"channel": "http",
	"time": {"zone": "UTC", "date": "2026-03-02", "weekday": "monday", "hour": 23, "minute": 30},
	"granted": {},
}

layers := {
	"organization": [{"id": "quiet", "hours": [22, 6], "restrict": {"tools": ["run_sql"]}}],
	"tenants": {"north": [{"id": "models", "restrict": {"models": ["small"]}}]},
	"groups": {"interns": [{"id": "weekend", "weekdays": ["saturday", "sunday"], "refuse": "Not at the weekend."}]},
	"tenant_of": {"interns": "north"},
}

decided(request) := result if {
	result := grant.decision with input as request
		with data.sallyport.layers.organization as layers.organization
		with data.sallyport.layers.tenants as layers.tenants
		with data.sallyport.layers.groups as layers.groups
		with data.sallyport.layers.tenant_of as layers.tenant_of
}

at(weekday, hour) := object.union(asked, {"time": {"weekday": weekday, "hour": hour}})

test_layers_add_up if {
	decided(asked).restrict == {
		{"rule": "organization/quiet", "tools": ["run_sql"]},
		{"rule": "tenant/north/models", "models": ["small"]},
	}
}

test_hours_go_over_midnight if {
	every hour in [22, 23, 0, 5] { "organization/quiet" in decided(at("monday", hour)).rules }
	every hour in [6, 12, 21] { not "organization/quiet" in decided(at("monday", hour)).rules }
}

test_a_refusal_has_its_reason if {
	decided(at("sunday", 12)) == {
		"allow": false,
		"reason": "Not at the weekend.",
		"rules": {"group/interns/weekend", "tenant/north/models"},
	}
}

test_a_tenant_of_the_configuration_takes_nothing_back if {
	elsewhere := object.union(at("monday", 12), {"principal": {"tenant": "south"}})
	decided(elsewhere).rules == {"tenant/north/models"}
}

test_a_tenant_of_the_configuration_has_its_terms if {
	named := object.union(at("monday", 12), {"principal": {"group": "staff", "tenant": "north"}})
	decided(named).rules == {"tenant/north/models"}
}

test_every_tenant_counts if {
	both := object.union(at("monday", 12), {"principal": {"tenant": "south"}})
	result := grant.decision with input as both
		with data.sallyport.layers.tenant_of as layers.tenant_of
		with data.sallyport.layers.tenants as object.union(layers.tenants, {"south": [{"id": "closed", "refuse": "No."}]})
	result == {"allow": false, "reason": "No.", "rules": {"tenant/north/models", "tenant/south/closed"}}
}

test_a_term_written_wrong_refuses_everybody if {
	every term in [
		{"id": "x"},
		{"id": "x", "refuse": false},
		{"id": "x", "refuse": ""},
		{"id": "x", "restrict": {}},
		{"id": "x", "restrict": ["run_sql"]},
		{"id": "x", "refuse": "No.", "hour": [1, 2]},
		{"id": "x", "refuse": "No.", "hours": [8, 8]},
		{"id": "x", "refuse": "No.", "hours": [8.5, 18]},
		{"id": "x", "refuse": "No.", "weekdays": []},
		{"id": "x", "refuse": "No.", "channels": ["https"]},
		{"id": "x", "refuse": "No.", "channels": {"http": true}},
		{"id": "x", "refuse": "No.", "hours": "8-18"},
		{"id": "x", "refuse": "No.", "hours": [8, 25]},
		{"id": "x", "refuse": "No.", "weekdays": ["Sunday"]},
		{"id": "x", "refuse": "No.", "channels": "http"},
		{"id": 7, "refuse": "No."},
		{"restrict": {"metrics": false}},
		"refuse",
	] {
		result := grant.decision with input as asked with data.sallyport.layers.groups as {"others": [term]}
		result.allow == false
		result.rules == {"layers/malformed"}
	}
}

test_layers_of_another_form_refuse_everybody if {
	term := {"id": "x", "refuse": "No."}
	every wrong in [
		{"organization": {"x": term}},
		{"tenants": [[term]]},
		{"tenants": {"north": {"x": term}}},
		{"groups": [[term]]},
		{"groups": {"others": term}},
		{"tenant_of": ["north"]},
		{"tenant_of": {"interns": ["north"]}},
	] {
		given := object.union({"organization": [], "tenants": {}, "groups": {}, "tenant_of": {}}, wrong)
		result := grant.decision with input as asked
			with data.sallyport.layers.organization as given.organization
			with data.sallyport.layers.tenants as given.tenants
			with data.sallyport.layers.groups as given.groups
			with data.sallyport.layers.tenant_of as given.tenant_of
		"layers/malformed" in result.rules
	}
}

test_without_layers_nothing_is_taken_away if {
	grant.decision == {"allow": true, "rules": set(), "restrict": set()} with input as asked
}
