package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// object is a JSON object on the wire or in the store.
type object = map[string]any

// call is one request to the CRM, also one inside a composite request.
type call struct {
	method string
	path   []string // what follows /crm/v8
	query  url.Values
	header http.Header
	body   []byte
	token  *accessToken
	user   *user
	cost   int // credits
}

// answer is what a call comes to. A nil body is no body.
type answer struct {
	status int
	body   any
	raw    []byte // instead of body, with kind as its media type
	kind   string
}

func ok(body any) answer      { return answer{status: http.StatusOK, body: body} }
func status(code int) answer  { return answer{status: code} }
func (a answer) failed() bool { return a.status >= 400 }

// problem is one error object, whole or for one record.
type problem struct {
	Code    string `json:"code"`
	Details object `json:"details"`
	Message string `json:"message"`
	Status  string `json:"status"`
}

func trouble(code, message string, details object) *problem {
	if details == nil {
		details = object{}
	}
	return &problem{Code: code, Details: details, Message: message, Status: "error"}
}

// refuse is an error about the whole request: the bare object, without a list around it.
func refuse(code int, name, message string, details object) answer {
	return answer{status: code, body: trouble(name, message, details)}
}

func invalidParam(name string) answer {
	return refuse(400, "INVALID_DATA", "invalid data", object{"param_name": name})
}

func missingParam(name string) answer {
	return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": name})
}

func wrongMethod() answer {
	return refuse(405, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one", nil)
}

func wrongURL() answer {
	return refuse(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one", nil)
}

func wrongModule() answer {
	return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", object{"resource_path_index": 0})
}

func noPermission(name string) answer {
	return refuse(403, "NO_PERMISSION", "permission denied", object{"permissions": []string{name}})
}

// send writes an answer.
func (a answer) send(w http.ResponseWriter) {
	switch {
	case a.raw != nil:
		w.Header().Set("Content-Type", a.kind)
		w.WriteHeader(a.status)
		w.Write(a.raw)
	case a.body == nil:
		w.WriteHeader(a.status)
	default:
		writeJSON(w, a.status, a.body)
	}
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		code, text = http.StatusInternalServerError, []byte(`{"code":"INTERNAL_ERROR","details":{},"message":"Internal Server Error","status":"error"}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(code)
	w.Write(text)
}

// results turns the outcomes of single records into an answer: good for all, 207 when mixed, 400 (or bad) when none.
func results(key string, good int, list []any) answer {
	failed, bad := 0, 0
	for _, r := range list {
		if p, is := r.(*problem); is {
			failed++
			if at := statusOf(p.Code); bad == 0 || bad == at {
				bad = at
			} else {
				bad = 400
			}
		}
	}
	body := object{key: list}
	switch {
	case failed == 0:
		return answer{status: good, body: body}
	case failed < len(list):
		return answer{status: http.StatusMultiStatus, body: body}
	}
	return answer{status: bad, body: body}
}

// statusOf is the status of an answer in which every record failed with this code.
func statusOf(code string) int {
	switch code {
	case "ALREADY_MODIFIED":
		return http.StatusPreconditionFailed
	case "NO_PERMISSION":
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

// envelope reads the outer object of a body. Keys that Zoho does not know are refused.
func (c *call) envelope(list string, more ...string) (object, []any, *answer) {
	if len(strings.TrimSpace(string(c.body))) == 0 {
		a := refuse(400, "REQUEST_BODY_IS_EMPTY", "the request body is empty", nil)
		return nil, nil, &a
	}
	var outer object
	if json.Unmarshal(c.body, &outer) != nil {
		a := refuse(400, "JSON_PARSE_ERROR", "the request body is not valid JSON", nil)
		return nil, nil, &a
	}
	for key := range outer {
		if key != list && !contains(more, key) {
			a := refuse(400, "INVALID_DATA", "invalid data", object{"api_name": key, "json_path": "$." + key})
			return nil, nil, &a
		}
	}
	items, is := outer[list].([]any)
	if !is || len(items) == 0 {
		a := refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": list, "json_path": "$." + list})
		return nil, nil, &a
	}
	return outer, items, nil
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}
