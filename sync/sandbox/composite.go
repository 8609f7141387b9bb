package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// subRequest is one part of a composite request.
type subRequest struct {
	Method  string
	URI     string
	ID      string `json:"sub_request_id"`
	Headers map[string]string
	Params  map[string]any
	Body    json.RawMessage
}

const maxSubRequests = 5

// composite answers POST /__composite_requests: up to five calls for one credit.
func (s *Server) composite(c *call) answer {
	var body struct {
		Parts []subRequest `json:"__composite_requests"`
	}
	if json.Unmarshal(c.body, &body) != nil || len(body.Parts) == 0 {
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "__composite_requests"})
	}
	if len(body.Parts) > maxSubRequests {
		return refuse(400, "LIMIT_EXCEEDED", "sub requests limit exceeded", object{"limit": maxSubRequests})
	}
	for i := range body.Parts {
		if since := body.Parts[i].Headers["If-Modified-Since"]; since != "" {
			if _, good := parseInstant(since); !good {
				return refuse(400, "INVALID_DATA", "invalid data", object{"api_name": "If-Modified-Since"})
			}
		}
	}
	var out []any
	for _, part := range body.Parts {
		out = append(out, s.subCall(c, part))
	}
	return results("__composite_requests", 200, out)
}

// subCall carries out one part. Its own errors are answers like any other.
func (s *Server) subCall(c *call, part subRequest) any {
	u, err := url.Parse(part.URI)
	rest, is := "", false
	if err == nil {
		rest, is = strings.CutPrefix(u.Path, "/crm/v8/")
	}
	if !is || strings.HasPrefix(rest, "__") {
		return trouble("INVALID_DATA", "invalid data", object{"api_name": "uri"})
	}
	query := u.Query()
	for name, v := range part.Params {
		if t, is := v.(string); is {
			query.Set(name, t)
		} else if text, err := json.Marshal(v); err == nil {
			query.Set(name, string(text))
		}
	}
	header := http.Header{}
	for name, v := range part.Headers {
		header.Set(name, v)
	}
	if (part.Method == "POST" || part.Method == "PUT") && countRecords(part.Body) > 1 {
		return trouble("LIMIT_EXCEEDED", "only one record is allowed in a sub request", object{"api_name": "body"})
	}
	sub := &call{
		method: part.Method, path: strings.Split(strings.Trim(rest, "/"), "/"), query: query, header: header, body: part.Body,
		token: c.token, user: c.user,
	}
	a := s.dispatch(sub)
	if a.raw != nil {
		return trouble("NOT_SUPPORTED", "files are not supported in composite requests", nil)
	}
	return object{
		"code": "SUCCESS", "status": "success", "message": "composite sub request executed successfully",
		"details": object{"response": object{"headers": object{}, "body": a.body, "status_code": a.status}},
	}
}
