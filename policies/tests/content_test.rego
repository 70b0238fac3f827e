package sallyport.content_test

import data.sallyport.content

asked := {
	"principal": {"id": "k1", "kind": "api-key", "group": "public", "tenant": null},
	"channel": "http",
	"time": {"weekday": "monday", "hour": 14},
	"content": {
		"direction": "inbound",
		"shape": {"api": "chat-completions", "model": "small", "parts": 2, "characters": 100, "longest": 80},
		"action": "annotate",
		"findings": [
			{"category": "toxicity/hate", "detector": "lexicon", "score": 0.6, "count": 1, "action": "annotate"},
			{"category": "toxicity/profanity", "detector": "guard", "score": 0.9, "count": 3, "action": "allow"},
		],
		"failures": [],
		"detectors": {"lexicon": "1", "guard": "2"},
		"profile": {"name": "public", "version": 3},
	},
}

decided(term, of_content) := result if {
	result := content.decision with input as object.union(asked, {"content": of_content})
		with data.sallyport.contents as {"x": term}
}

refused := {"allow": false, "rules": {"content/x"}, "reason": "No."}

test_without_terms_the_profile_decides if {
	content.decision == {"allow": true, "rules": set(), "tighten": set()} with input as asked
}

test_a_term_refuses_where_all_of_it_holds if {
	every condition in [
		{},
		{"groups": ["public"]},
		{"directions": ["inbound"]},
		{"directions": ["outbound", "inbound"]},
		{"apis": ["chat-completions"]},
		{"categories": ["toxicity/hate"]},
		{"categories": ["toxicity"]},
		{"categories": ["leak", "toxicity"]},
		{"categories": ["toxicity"], "least_score": 0.9},
		{"categories": ["toxicity/hate"], "least_score": 0.6},
		{"categories": ["toxicity"], "detectors": ["lexicon"]},
		{"detectors": ["guard"]},
		{"categories": ["toxicity"], "least_count": 4},
		{"least_count": 4},
		{"above_characters": 99},
		{"hours": [9, 18], "weekdays": ["monday"], "channels": ["http"]},
	] {
		decided(object.union(condition, {"refuse": "No."}), {}) == refused
	}
	every condition in [
		{"groups": ["staff"]},
		{"directions": ["outbound"]},
		{"apis": ["embeddings"]},
		{"categories": ["toxicity/violence"]},
		{"categories": ["leak"]},
		{"categories": ["hate"]},
		{"categories": ["toxicity"], "least_score": 0.91},
		{"categories": ["toxicity/hate"], "detectors": ["guard"]},
		{"categories": ["toxicity/hate"], "least_score": 0.61},
		{"categories": ["toxicity"], "least_count": 5},
		{"least_score": 0.91},
		{"failed": true},
		{"above_characters": 100},
		{"hours": [18, 9]},
		{"weekdays": ["sunday"]},
		{"channels": ["cli"]},
	] {
		decided(object.union(condition, {"refuse": "No."}), {}).allow == true
	}
}

test_a_term_about_what_was_found_says_nothing_where_nothing_was if {
	every condition in [{"categories": ["toxicity"]}, {"least_score": 0}, {"least_count": 0}, {"detectors": ["guard"]}] {
		decided(object.union(condition, {"refuse": "No."}), {"findings": []}).allow == true
	}
}

test_a_detector_that_did_not_answer_can_refuse if {
	failures := [{"detector": "guard", "categories": ["toxicity"], "on_failure": "open", "why": "deadline"}]
	decided({"failed": true, "refuse": "No."}, {"failures": failures}) == refused
}

test_a_term_wants_an_action_at_least if {
	term := {"categories": ["toxicity"], "at_least": "mask", "reason": "Rude."}
	decided(term, {}) == {
		"allow": true,
		"rules": {"content/x"},
		"tighten": {{"rule": "content/x", "action": "mask", "reason": "Rude.", "categories": ["toxicity"]}},
	}
	decided({"at_least": "annotate", "reason": "All."}, {}).tighten == {{
		"rule": "content/x",
		"action": "annotate",
		"reason": "All.",
	}}
	decided({"at_least": "human", "reason": "Look.", "directions": ["inbound"]}, {}).allow == true
}

test_a_refusal_goes_before_what_is_wanted_at_least if {
	result := content.decision with input as asked with data.sallyport.contents as {
		"b": {"refuse": "Second."},
		"a": {"refuse": "First."},
		"c": {"at_least": "mask", "reason": "Rude."},
	}
	result == {"allow": false, "rules": {"content/a", "content/b", "content/c"}, "reason": "First."}
}

test_what_is_written_wrong_blocks_everything if {
	every term in [
		{},
		{"refuse": ""},
		{"refuse": 1},
		{"refused": "x"},
		{"refuse": "x", "at_least": "mask", "reason": "x"},
		{"refuse": "x", "reason": "x"},
		{"at_least": "mask"},
		{"at_least": "mask", "reason": ""},
		{"at_least": "block", "reason": "x"},
		{"at_least": "allow", "reason": "x"},
		{"at_least": "human", "reason": "x"},
		{"at_least": "human", "reason": "x", "directions": ["outbound"]},
		{"at_least": "regenerate", "reason": "x"},
		{"at_least": "regenerate", "reason": "x", "directions": ["inbound", "outbound"]},
		{"refuse": "x", "group": ["public"]},
		{"refuse": "x", "groups": "public"},
		{"refuse": "x", "groups": []},
		{"refuse": "x", "categories": [1]},
		{"refuse": "x", "directions": ["in"]},
		{"refuse": "x", "directions": []},
		{"refuse": "x", "least_score": "0.9"},
		{"refuse": "x", "least_score": 60},
		{"refuse": "x", "least_count": "2"},
		{"refuse": "x", "failed": false},
		{"refuse": "x", "hours": [9, 9]},
	] {
		result := decided(term, {})
		result.allow == false
		"content/malformed" in result.rules
	}
	list := content.decision with input as asked with data.sallyport.contents as [{"refuse": "x"}]
	list.rules == {"content/malformed"}
}

test_what_is_written_right_is_taken if {
	every term in [
		{"refuse": "x", "least_score": 0},
		{"refuse": "x", "failed": true},
		{"at_least": "regenerate", "reason": "x", "directions": ["outbound"]},
		{"at_least": "human", "reason": "x", "directions": ["inbound"]},
		{"at_least": "annotate", "reason": "x", "directions": ["outbound"]},
	] {
		not "content/malformed" in decided(term, {}).rules
	}
}
