package zoho

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"zohosync/sync/provider"
)

// ErrScope stands beside provider.ErrAuth when the token is good but the consent given does not cover the request: the
// person has to consent again, a new token alone does not help.
var ErrScope = errors.New("the consent does not cover this")

// result is what Zoho says of one record, and of a request that it refuses as a whole.
type result struct {
	Code    string          `json:"code"`
	Status  string          `json:"status"`
	Details json.RawMessage `json:"details"`
}

// details are the parts of a result that matter. Zoho sends {} or nothing where it has none.
type details struct {
	ID        string              `json:"id"`
	Modified  string              `json:"Modified_Time"`
	APIName   string              `json:"api_name"`
	Param     string              `json:"param_name"`
	Maximum   int                 `json:"maximum_length"`
	Duplicate struct{ ID string } `json:"duplicate_record"`
	Errors    []result            `json:"errors"` // of MULTIPLE_OR_MULTI_ERRORS
}

func (r result) details() details {
	var d details
	// Half-understood details are as good as none: the code says what matters.
	_ = json.Unmarshal(r.Details, &d)
	return d
}

func (r result) done() bool { return r.Code == "SUCCESS" }

// refusal says that Zoho refused a whole request: nothing was done. It carries no text of Zoho's, which may quote content.
type refusal struct {
	status int
	result
}

func (e *refusal) Error() string {
	s := fmt.Sprintf("zoho: %s (%d)", e.Code, e.status)
	if n := e.details().APIName; n != "" {
		s += " at " + n
	}
	return s
}

// perRecord says whether the body may still hold one result per record: a write that failed for every one of them.
func (e *refusal) perRecord() bool {
	return e.status == http.StatusBadRequest || e.status == http.StatusForbidden || e.status == http.StatusPreconditionFailed
}

// failure turns an answer that is no success into an error.
func failure(a answer, r request, h http.Header) error {
	e := &refusal{status: a.status, result: whole(a.body)}
	switch {
	case a.status == http.StatusTooManyRequests || e.Code == "TOO_MANY_REQUESTS" || e.Code == "RATE_LIMIT_EXCEEDED":
		return &provider.RetryError{After: retryAfter(h), Err: e}
	case a.status >= 500:
		return &provider.RetryError{After: retryAfter(h), Sent: r.writes(), Err: e}
	}
	switch e.Code {
	case "OAUTH_SCOPE_MISMATCH":
		return fmt.Errorf("%w: %w: %w", provider.ErrAuth, ErrScope, e)
	case "INVALID_TOKEN", "AUTHENTICATION_FAILURE", "INVALID_OAUTHTOKEN":
		return fmt.Errorf("%w: %w", provider.ErrAuth, e)
	case "INVALID_MODULE", "NOT_SUPPORTED", "API_NOT_SUPPORTED":
		return fmt.Errorf("%w: %w", provider.ErrGone, e)
	}
	switch {
	case a.status == http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", provider.ErrAuth, e)
	case e.Code == unknown:
		// A page of some proxy says nothing of what Zoho did.
		return &provider.RetryError{Sent: r.writes(), Err: e}
	}
	return e
}

// unknown stands for the code of an answer that has none.
const unknown = "UNKNOWN"

// whole reads the error of a whole request: the bare object, or the first of a list under the operation's own key.
func whole(body []byte) result {
	var bare result
	if json.Unmarshal(body, &bare) == nil && bare.Code != "" {
		return bare
	}
	var wrapped map[string][]result
	if json.Unmarshal(body, &wrapped) == nil {
		for _, list := range wrapped {
			if len(list) > 0 {
				return list[0]
			}
		}
	}
	return result{Code: unknown}
}

// forbidden says that the signed-in person lacks the right.
func (r result) forbidden() bool {
	switch r.Code {
	case "NO_PERMISSION", "FORBIDDEN", "AUTHORIZATION_FAILED", "PERMISSION_DENIED":
		return true
	}
	return false
}

// modified says that the record changed after the time that the request named.
func (r result) modified() bool { return r.Code == "ALREADY_MODIFIED" || r.Code == "RECORD_MODIFIED" }

// missing says that there is no record with the id that was given.
func (r result) missing() bool {
	d := r.details()
	return r.Code == "INVALID_DATA" && (d.APIName == "id" || d.Param == "id" || d.Param == "ids") || strings.HasSuffix(r.Code, "NOT_FOUND") && r.Code != "MANDATORY_NOT_FOUND"
}

// stale says that a page token is no longer good, or was made for other parameters.
func (r result) stale() bool {
	switch r.Code {
	case "TOKEN_BOUND_DATA_MISMATCH", "EXPIRED_VALUE", "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "PAGINATION_LIMIT_EXCEEDED", "INVALID_DATA":
		return true
	}
	return false
}

// itemError says in our own codes why a record was refused. Field is for the caller to fill in.
func (r result) itemError() *provider.ItemError {
	d := r.details()
	if r.Code == "MULTIPLE_OR_MULTI_ERRORS" && len(d.Errors) > 0 && len(d.Errors[0].details().Errors) == 0 {
		return d.Errors[0].itemError()
	}
	code := provider.CodeRefused
	switch r.Code {
	case "INVALID_DATA", "PATTERN_NOT_MATCHED", "UNABLE_TO_PARSE_DATA_TYPE", "DEPENDENT_MISMATCH":
		code = provider.CodeInvalid
		if d.Maximum > 0 {
			code = provider.CodeTooLong
		}
	case "LIMIT_EXCEEDED":
		code = provider.CodeTooLong
	case "MANDATORY_NOT_FOUND", "EXPECTED_FIELD_MISSING", "DEPENDENT_FIELD_MISSING", "REQUIRED_PARAM_MISSING":
		code = provider.CodeMandatory
	case "DUPLICATE_DATA":
		code = provider.CodeDuplicate
	case "RECORD_LOCKED", "NOT_APPROVED", "RECORD_IN_BLUEPRINT", "CANNOT_PERFORM_ACTION", "NOT_ALLOWED":
		code = provider.CodeLocked
	}
	if r.forbidden() || r.Code == "OAUTH_SCOPE_MISMATCH" {
		code = provider.CodeForbidden
	}
	return &provider.ItemError{Code: code, Err: errors.New("zoho: " + r.Code)}
}

// apiName returns the API name of the field at fault, "" where none is named.
func (r result) apiName() string {
	d := r.details()
	if d.APIName == "" && len(d.Errors) > 0 {
		return d.Errors[0].details().APIName
	}
	return d.APIName
}
