package main

import (
	"fmt"
	"os"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/experimental/plugins"
	"github.com/corazawaf/coraza/v3/experimental/plugins/plugintypes"
)

// The first rules of all: what comes of a body with more names and texts than are read.
const firstRules = `
SecRule ARGUMENTS_LIMIT_REACHED "@eq 1" "id:77900,phase:2,t:none,nolog,deny,status:413"
`

// What differs from the recommended configuration of Coraza and from the defaults of OWASP CRS, paranoia level 1.
//
// Bodies are held in memory only: what people write to a model has no business on a disk. Answers are not read: they are
// text of a model, and a stream that is read is a stream that is held. DELETE is a method of Sallyport's.
const ourSetup = `
SecRuleEngine On
SecRequestBodyLimit %[1]d
SecRequestBodyInMemoryLimit %[1]d
SecRequestBodyLimitAction Reject
SecRequestBodyJsonDepthLimit 128
SecArgumentsLimit %[2]d
SecResponseBodyAccess Off
SecAuditEngine Off
SecAction "id:77901,phase:1,pass,t:none,nolog,setvar:'tx.allowed_methods=GET HEAD POST OPTIONS DELETE'"
`

// The rules take time with every byte that they look at. Names and texts at exempt positions do not count, since these
// rules have the tag of those that are kept from them.
const scanLimit = `
SecAction "id:77903,phase:2,pass,t:none,nolog,setvar:'tx.scanned_bytes=0'"
SecRule ARGS|ARGS_NAMES "@gt 0" \
    "id:77904,phase:2,pass,t:none,t:length,nolog,tag:'OWASP_CRS',setvar:'tx.scanned_bytes=+%%{MATCHED_VAR}'"
SecRule TX:scanned_bytes "@gt %d" "id:77905,phase:2,t:none,nolog,deny,status:413"
`

// newFirewall reads the rules: Coraza's recommendation, the setup of OWASP CRS, ours, the exclusions, OWASP CRS. Without
// exclusions they are the stock ones, by which every text is scanned.
func newFirewall(given settings) (coraza.WAF, error) {
	config := coraza.NewWAFConfig().
		WithRootFS(coreruleset.FS).
		WithDirectives(firstRules).
		WithDirectives("Include @coraza.conf-recommended").
		WithDirectives("Include @crs-setup.conf.example").
		WithDirectives(fmt.Sprintf(ourSetup, given.bodyLimit, given.argumentLimit))
	if given.exclusions != "" {
		exclusions, err := os.ReadFile(given.exclusions)
		if err != nil {
			return nil, err
		}
		// The exclusions go by names, so names have to be what they say.
		plugins.RegisterBodyProcessor("json", func() plugintypes.BodyProcessor { return jsonBody{} })
		config = config.WithDirectives(string(exclusions)).WithDirectives(fmt.Sprintf(scanLimit, given.scanLimit))
	}
	return coraza.NewWAF(config.WithDirectives("Include @owasp_crs/*.conf"))
}
