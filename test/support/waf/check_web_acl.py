"""Says what the model of AWS's API has against the rules of a web ACL, which stand on standard input; nothing where it takes them."""

import json
import sys

import botocore.session
import botocore.validate

model = botocore.session.Session().get_service_model("wafv2")
seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "sallyport"}
around = {"Name": "sallyport", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": seen}
whole = {**around, **json.load(sys.stdin)}
shape = model.operation_model("CreateWebACL").input_shape
print(botocore.validate.ParamValidator().validate(whole, shape).generate_report())
