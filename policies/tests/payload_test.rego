package sallyport.payload_test

import data.sallyport.payload

sent := {
	"bytes": 100,
	"depth": 3,
	"tool_count": 0,
	"message_count": 1,
	"detections": [{"category": "pii/card", "source": "tool", "place": "messages[1].content", "count": 1, "score": 0.9}],
	"hits": [{"pattern": "override", "source": "tool", "place": "messages[1].content", "count": 1}],
}

pattern := {"words": ["ignore"], "expression": "ignore"}

decided(answers, limits) := result if {
	result := payload.decision with input as {"payload": sent}
		with data.sallyport.patterns as {"override": pattern}
		with data.sallyport.answers as answers
		with data.sallyport.limits as limits
}

test_without_answers_everything_is_sent if {
	decided({}, {}) == {"allow": true, "rules": set()}
}

test_a_hit_is_answered_where_its_source_is_named if {
	decided({"x": {"patterns": ["override"], "sources": ["tool"], "refuse": "No."}}, {}) == {
		"allow": false,
		"rules": {"pattern/x"},
		"reason": "No.",
	}
	decided({"x": {"patterns": ["override"], "sources": ["user"], "refuse": "No."}}, {}).allow == true
}

test_a_detection_is_answered_where_its_detector_is_sure_enough if {
	answer := {"categories": ["pii/card"], "sources": ["tool"], "refuse": "No."}
	decided({"x": answer}, {}) == {"allow": false, "rules": {"detection/x"}, "reason": "No."}
	decided({"x": object.union(answer, {"least_score": 0.9})}, {}).allow == false
	decided({"x": object.union(answer, {"least_score": 0.91})}, {}).allow == true
	decided({"x": object.union(answer, {"sources": ["user"]})}, {}).allow == true
	decided({"x": object.union(answer, {"categories": ["pii/iban"]})}, {}).allow == true
	decided({"x": {"categories": ["pii/card"], "sources": ["tool"], "demand": {"privacy_profile": "strict"}}}, {}) == {
		"allow": true,
		"rules": {"detection/x"},
		"demand": {"privacy_profile": "strict"},
	}
}

test_a_demand_names_the_profile if {
	decided({"x": {"patterns": ["override"], "sources": ["tool"], "demand": {"privacy_profile": "strict"}}}, {}) == {
		"allow": true,
		"rules": {"pattern/x"},
		"demand": {"privacy_profile": "strict"},
	}
}

test_a_limit_is_not_reached_but_passed if {
	decided({}, {"size": {"bytes": 99, "reason": "Too much."}}).reason == "Too much."
	decided({}, {"size": {"bytes": 100, "reason": "Too much."}}).allow == true
	decided({}, {"size": {"depth": 2, "reason": "Too deep."}}).rules == {"limit/size"}
}

test_what_is_written_wrong_refuses_everybody if {
	every answer in [
		{"patterns": ["overide"], "sources": ["tool"], "refuse": "x"},
		{"patterns": ["override"], "sources": ["tools"], "refuse": "x"},
		{"patterns": ["override"], "sources": ["tool"], "refused": "x"},
		{"patterns": ["override"], "sources": ["tool"]},
		{"patterns": ["override"], "refuse": "x"},
		{"categories": ["pii/card"], "sources": ["tool"]},
		{"categories": "pii/card", "sources": ["tool"], "refuse": "x"},
		{"categories": [], "sources": ["tool"], "refuse": "x"},
		{"categories": ["pii/card"], "sources": ["tool"], "refuse": "x", "least_score": "0.9"},
		{"categories": ["pii/card"], "sources": ["tool"], "refuse": "x", "least_score": 90},
		{"categories": [7], "sources": ["tool"], "refuse": "x"},
		{"patterns": ["override"], "sources": "tool", "refuse": "x"},
		{"patterns": ["override"], "sources": {"tool": true}, "refuse": "x"},
		{"patterns": ["override"], "sources": [], "refuse": "x"},
		{"patterns": ["override"], "sources": ["tool"], "refuse": false},
		{"patterns": ["override"], "sources": ["tool"], "refuse": ""},
		{"patterns": ["override"], "sources": ["tool"], "refuse": "x", "demand": false},
		{"patterns": ["override"], "sources": ["tool"], "demand": "strict"},
		{"patterns": ["override"], "sources": ["tool"], "demand": {}},
		{"patterns": ["override"], "sources": ["tool"], "demand": {"profile": "strict"}},
		"override",
	] {
		"payload/malformed" in decided({"x": answer}, {}).rules
	}
	every limit in [{"byte": 1, "reason": "x"}, {"bytes": "1", "reason": "x"}, {"bytes": 1}, {"reason": "x"}, 1000] {
		"payload/malformed" in decided({}, {"x": limit}).rules
	}
	"payload/malformed" in decided([{"patterns": ["override"], "sources": ["tool"], "refuse": "x"}], {}).rules
	"payload/malformed" in decided({}, [{"bytes": 1, "reason": "x"}]).rules
}
