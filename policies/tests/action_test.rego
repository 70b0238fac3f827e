package sallyport.action_test

import data.sallyport.action

call := {
	"principal": {"id": "k1", "kind": "api-key", "group": "interns", "tenant": null},
	"channel": "http",
	"time": {"weekday": "monday", "hour": 14},
	"action": {
		"tool": "run_sql",
		"language": "sql",
		"source": "shop",
		"tables": ["public.customers"],
		"columns": ["public.customers.id", "public.customers.email"],
		"provenance": ["model", "user"],
		"spent": {"tokens": 1000},
	},
}

decided(term, of_call) := result if {
	result := action.decision with input as object.union(call, {"action": of_call})
		with data.sallyport.actions as {"x": term}
}

test_without_terms_everything_may_run if {
	action.decision == {"allow": true, "rules": set()} with input as call
}

test_a_term_refuses_where_all_of_it_holds if {
	every condition in [
		{},
		{"groups": ["interns"]},
		{"tools": ["run_sql"]},
		{"languages": ["sql"]},
		{"sources": ["shop"]},
		{"touches": ["public.customers.email"]},
		{"touches": ["public.other", "public.customers"]},
		{"hours": [9, 18], "weekdays": ["monday"], "channels": ["http"]},
		{"above_tokens": 999},
	] {
		decided(object.union(condition, {"refuse": "No."}), {}) == {"allow": false, "rules": {"action/x"}, "reason": "No."}
	}
	every condition in [
		{"groups": ["staff"]},
		{"tools": ["run_python"]},
		{"languages": ["python"]},
		{"sources": ["stock"]},
		{"touches": ["public.orders"]},
		{"hours": [18, 9]},
		{"weekdays": ["sunday"]},
		{"above_tokens": 1000},
		{"tainted": true},
	] {
		decided(object.union(condition, {"refuse": "No."}), {}).allow == true
	}
}

test_everything_that_is_not_known_to_be_trusted_is_not if {
	every provenance in ["row", "tool", "file", "unknown", "something new"] {
		decided({"tainted": true, "refuse": "No."}, {"provenance": ["user", provenance]}).allow == false
	}
	every provenance in ["operator", "user", "model"] {
		decided({"tainted": true, "refuse": "No."}, {"provenance": [provenance]}).allow == true
	}
}

test_a_person_is_asked_for if {
	decided({"ask": "Look at it."}, {}) == {
		"allow": false,
		"ask": true,
		"rules": {"action/x"},
		"reason": "Look at it.",
	}
}

test_a_term_written_wrong_refuses_every_call if {
	every term in [
		{},
		{"refuse": "x", "ask": "y"},
		{"refuse": "x", "table": ["public.orders"]},
		{"refuse": "x", "touches": "public.orders"},
		{"refuse": "x", "tainted": "yes"},
		{"refuse": "x", "tainted": false},
		{"refuse": "x", "hours": [9]},
		{"refuse": "x", "weekdays": ["Monday"]},
		{"refuse": "x", "above_tokens": "1000"},
		{"refuse": false},
		{"ask": ""},
		{"refuse": "x", "groups": []},
		{"refuse": "x", "groups": [7]},
		{"refuse": "x", "tools": ["run_sq1"]},
		{"refuse": "x", "tools": "run_sql"},
		{"refuse": "x", "languages": ["Python"]},
		{"refuse": "x", "languages": []},
		{"refuse": "x", "channels": ["https"]},
		{"refuse": "x", "hours": [8, 8]},
		"refuse",
	] {
		"action/malformed" in decided(term, {}).rules
	}
	"action/malformed" in action.decision.rules with input as call with data.sallyport.actions as [{"refuse": "x"}]
}

passed_on := {"tool": "model-call", "language": null, "source": null, "tables": [], "columns": [], "call": {"name": "send_mail"}}

test_terms_are_about_calls_that_are_passed_on_by_name if {
	every condition in [{}, {"calls": ["send_mail", "other"]}, {"tools": ["model-call"]}] {
		decided(object.union(condition, {"refuse": "No."}), passed_on).allow == false
	}
	every condition in [{"calls": ["other"]}, {"tools": ["run_sql"]}, {"languages": ["python"]}, {"sources": ["shop"]}] {
		decided(object.union(condition, {"refuse": "No."}), passed_on).allow == true
	}
	decided({"calls": ["send_mail"], "refuse": "No."}, {}).allow == true
}

test_a_list_of_calls_that_is_none_refuses_everything if {
	every list in ["send_mail", [], [1]] {
		decided({"calls": list, "refuse": "No."}, {}).rules == {"action/malformed"}
	}
}
